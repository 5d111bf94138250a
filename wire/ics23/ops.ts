/** The hash and length operations of ICS23 (cosmos.ics23.v1 HashOp, LengthOp) by their proto numbers. */
import { blake2b, blake2s } from '@noble/hashes/blake2.js';
import { sha512, sha512_256 } from '@noble/hashes/sha2.js';
import { concatBytes, joinBytes } from '../bytes.ts';
import { ripemd160, sha256, sha256OfParts } from '../hash.ts';
import { encodeVarint } from '../protobuf.ts';
import { ProofError } from './proofError.ts';

export const HASH_OP = {
  noHash: 0,
  sha256: 1,
  sha512: 2,
  keccak256: 3,
  ripemd160: 4,
  bitcoin: 5,
  sha512_256: 6,
  blake2b512: 7,
  blake2s256: 8,
  blake3: 9,
} as const;
export type HashOp = (typeof HASH_OP)[keyof typeof HASH_OP];

export const LENGTH_OP = {
  noPrefix: 0,
  varProto: 1,
  varRlp: 2,
  fixed32Big: 3,
  fixed32Little: 4,
  fixed64Big: 5,
  fixed64Little: 6,
  require32Bytes: 7,
  require64Bytes: 8,
} as const;
export type LengthOp = (typeof LENGTH_OP)[keyof typeof LENGTH_OP];

/**
 * The hash of the parts one behind the other. Keccak-256 and BLAKE3 have numbers but no official implementation verifies them: refused
 * here too. A switch, since a table would keep every hash in the bundle of who verifies no proof.
 * @throws ProofError for noHash and for operations nobody implements.
 */
export function applyHash(op: HashOp, ...parts: readonly Uint8Array[]): Uint8Array {
  return op === HASH_OP.sha256 ? sha256OfParts(...parts) : otherHash(op, joinBytes(parts));
}

function otherHash(op: HashOp, preimage: Uint8Array): Uint8Array {
  switch (op) {
    case HASH_OP.sha512:
      return sha512(preimage);
    case HASH_OP.ripemd160:
      return ripemd160(preimage);
    case HASH_OP.bitcoin:
      return ripemd160(sha256(preimage));
    case HASH_OP.sha512_256:
      return sha512_256(preimage);
    case HASH_OP.blake2b512:
      return blake2b(preimage);
    case HASH_OP.blake2s256:
      return blake2s(preimage);
    default:
      throw new ProofError('unsupportedOp', `hash op ${op}`, 'a hash op that can be computed');
  }
}

/** As `applyHash`, but noHash gives the bytes back. */
export function applyPrehash(op: HashOp, bytes: Uint8Array): Uint8Array {
  return op === HASH_OP.noHash ? bytes : applyHash(op, bytes);
}

/** `bytes` behind its length in the form that `op` names. @throws ProofError when the length is refused. */
export function applyLength(op: LengthOp, bytes: Uint8Array): Uint8Array {
  switch (op) {
    case LENGTH_OP.noPrefix:
      return bytes;
    case LENGTH_OP.varProto:
      return concatBytes(encodeVarint(bytes.length), bytes);
    case LENGTH_OP.fixed32Big:
    case LENGTH_OP.fixed32Little:
    case LENGTH_OP.fixed64Big:
    case LENGTH_OP.fixed64Little:
      return concatBytes(fixedLength(op, bytes.length), bytes);
    case LENGTH_OP.require32Bytes:
      return requireLength(bytes, 32);
    case LENGTH_OP.require64Bytes:
      return requireLength(bytes, 64);
    default:
      throw new ProofError('unsupportedOp', `length op ${op}`, 'a length op that can be computed');
  }
}

function fixedLength(op: LengthOp, length: number): Uint8Array {
  const isWide = op === LENGTH_OP.fixed64Big || op === LENGTH_OP.fixed64Little;
  const isLittle = op === LENGTH_OP.fixed32Little || op === LENGTH_OP.fixed64Little;
  const out = new Uint8Array(isWide ? 8 : 4);
  const view = new DataView(out.buffer);
  if (isWide) view.setBigUint64(0, BigInt(length), isLittle);
  else view.setUint32(0, length, isLittle);
  return out;
}

function requireLength(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) {
    throw new ProofError('leafLength', `${bytes.length} bytes`, `${length} bytes`);
  }
  return bytes;
}
