/** The hashes that the formats here use, from one place so that a faster one can be put in. */
import { ripemd160 as nobleRipemd160 } from '@noble/hashes/legacy.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';

/** SHA-256 (FIPS 180-4), 32 bytes. */
export const sha256: (message: Uint8Array) => Uint8Array = nobleSha256;

/** RIPEMD-160, 20 bytes. */
export const ripemd160: (message: Uint8Array) => Uint8Array = nobleRipemd160;
