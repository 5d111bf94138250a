/** The hashes that the formats here use, from one place so that a faster one can be put in. */
import { ripemd160 as nobleRipemd160 } from '@noble/hashes/legacy.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { joinBytes } from './bytes.ts';

type Hash = (message: Uint8Array) => Uint8Array;

/** Lengths around the ends of blocks of 64 bytes, where implementations go wrong. */
const TRIED_LENGTHS = [0, 1, 32, 55, 56, 63, 64, 65, 119, 120, 128, 1_000];

/** Nodes of trees are shorter. */
const REUSED_BYTES = 128;
const reused = /* @__PURE__ */ new Uint8Array(REUSED_BYTES);
/** The first bytes of it, by how many. */
const views: Uint8Array[] = [];

let sha256InUse: Hash = nobleSha256;

/** SHA-256 (FIPS 180-4), 32 bytes. */
export const sha256: Hash = (message) => sha256InUse(message);

/**
 * SHA-256 of the parts one behind the other. Short ones are joined in memory that is used again, as making an array of
 * over 64 bytes takes V8 half as long as hashing it.
 */
export function sha256OfParts(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  if (length > REUSED_BYTES) return sha256InUse(joinBytes(parts));
  const view = views[length] ?? reused.subarray(0, length);
  views[length] = view;
  let offset = 0;
  for (const part of parts) {
    reused.set(part, offset);
    offset += part.length;
  }
  return sha256InUse(view);
}

/** RIPEMD-160, 20 bytes. */
export const ripemd160: Hash = nobleRipemd160;

/**
 * Puts another SHA-256 in the place of noble's, in this whole program: on Node the one of node:crypto makes proofs and
 * headers cost half. It must give noble's digests, in arrays of their own, and not keep the message, whose memory is used again.
 * @throws TypeError for one that does not, and noble's stays.
 *
 * @example
 * useSha256((message) => new Uint8Array(crypto.hash('sha256', message, 'buffer'))); // node:crypto
 */
export function useSha256(faster: Hash): void {
  for (const length of TRIED_LENGTHS) {
    const message = Uint8Array.from({ length }, (_, index) => (index * 7 + length) & 0xff);
    const [got, expected] = [faster(message), nobleSha256(message)];
    if (got.length !== 32 || expected.some((byte, index) => byte !== got[index])) {
      throw new TypeError(`sha256: another digest than noble's for ${length} bytes`);
    }
  }
  sha256InUse = faster;
}
