/** What a verifying RPC answers, and what it says of how far that is proven. */
import { toHex } from '../../wire/bytes.ts';
import { hashHeader } from '../../wire/header.ts';
import type { Header } from '../../wire/types.ts';

/** A header that was verified. */
export interface VerifiedHeader {
  readonly height: bigint;
  /** 32 bytes. */
  readonly hash: Uint8Array;
  /** Nanoseconds since the Unix epoch. */
  readonly time: bigint;
}

/** Who vouches for the headers, besides the validators that signed them. */
export interface Trust {
  /** Nodes that are asked to: at least one of them confirmed each header. */
  readonly witnesses: readonly string[];
  /** True when nobody did, by an explicit choice. */
  readonly withoutWitnesses: boolean;
  /** When the newest trusted header expires, in nanoseconds since the Unix epoch. */
  readonly expiresAt: bigint;
}

/** How far an answer is proven. */
export interface Verification {
  /** The RPC method, or the path of a query. */
  readonly subject: string;
  /** `part` leaves the fields in `unproven` to the word of a node; `none` all of them. */
  readonly proven: 'all' | 'part' | 'none';
  readonly unproven: readonly string[];
  /** Of the block or the state that the answer is about. */
  readonly height: bigint | undefined;
  /** The header that proves it. */
  readonly header: VerifiedHeader | undefined;
  readonly trust: Trust;
}

/** A result in the JSON of CometBFT's RPC, and how far it is proven. */
export interface VerifiedAnswer {
  readonly result: unknown;
  readonly verification: Verification;
}

/** What a handler gives. */
export type Handled = Pick<VerifiedAnswer, 'result'> &
  Pick<Verification, 'proven'> & {
    readonly unproven?: readonly string[];
    readonly height?: bigint;
    readonly header?: Header;
  };

/** A header as verifications name it. */
export function verifiedHeader(header: Header): VerifiedHeader {
  return { height: header.height, hash: hashHeader(header), time: header.time };
}

/** The verification as one line of JSON, as it stands in the `info` of query answers. */
export function verificationText({
  proven,
  unproven,
  height,
  header,
  trust,
}: Verification): string {
  return JSON.stringify({
    proven,
    ...(unproven.length > 0 && { unproven }),
    ...(height !== undefined && { height: `${height}` }),
    ...(header !== undefined && {
      header: { height: `${header.height}`, hash: toHex(header.hash).toUpperCase() },
    }),
    witnesses: trust.witnesses.length,
  });
}
