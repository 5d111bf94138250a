/** Tokens, shares and power. Nothing is slashed yet, so a share is a token for ever. */
import type { ValueCodec } from '../../chain/state/values.ts';
import { ProtoWriter, readFields } from '../../wire/protobuf.ts';

/** Base units of one voting power (the SDK's DefaultPowerReduction). */
export const POWER_REDUCTION = 1_000_000n;

const DEC_SCALE = 10n ** 18n;

export const powerOf = (tokens: string): bigint => BigInt(tokens) / POWER_REDUCTION;

/** Tokens as a Dec: an integer scaled by 10^18 (cosmossdk.io/math LegacyDec). */
export const sharesOf = (tokens: bigint): string => (tokens * DEC_SCALE).toString();

/** Whole tokens of a Dec. */
export const tokensOf = (shares: string): bigint => BigInt(shares) / DEC_SCALE;

/** A voting power as the SDK keeps it: google.protobuf.Int64Value. */
export const powerValue: ValueCodec<bigint> = {
  encode: (power) => new ProtoWriter().varint(1, power).finish(),
  decode: (bytes) =>
    readFields(bytes, 'voting power', { 1: { name: 'value', wireType: 0 } })[0]?.value ?? 0n,
};
