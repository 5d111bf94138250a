/** Where the feegrant module keeps allowances: the SDK's layout (x/feegrant 0.1, for SDK v0.50). */
import { concatBytes } from '../../wire/bytes.ts';
import { fixedBytesKey, lengthPrefixedAddressKey, pair } from '../../wire/keys.ts';

export const FEEGRANT_STORE = 'feegrant';

export const FEEGRANT_PREFIX = {
  grants: 0x00,
  queue: 0x01,
} as const;

/** Bytes of a time that sorts, `2006-01-02T15:04:05.000000000`. */
const TIME_BYTES = 29;

/** Grantee, then granter: all that one account was granted stands together. */
export const grantKeyCodec = pair(lengthPrefixedAddressKey, lengthPrefixedAddressKey);

/** When an allowance ends, then its key. */
export const queueKeyCodec = pair(fixedBytesKey(TIME_BYTES), grantKeyCodec);

/** Store key of one grant; its value is a `Grant`. */
export function grantKey(granter: Uint8Array, grantee: Uint8Array): Uint8Array {
  return concatBytes(
    Uint8Array.of(FEEGRANT_PREFIX.grants),
    grantKeyCodec.encode([grantee, granter]),
  );
}
