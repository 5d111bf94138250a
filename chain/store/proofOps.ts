/** What proofs are made of, as the IAVL and the Tendermint spec of ICS23 have it. */
import {
  HASH_OP,
  type InnerOp,
  LENGTH_OP,
  type LeafOp,
  type SingleProof,
} from '../../wire/ics23/index.ts';

/** A proof, and the value it proves; without a value it proves that the key is absent. */
export interface TreeProof {
  readonly value: Uint8Array | undefined;
  readonly proof: SingleProof;
}

/** Why ICS23 has no proof for a key: it refuses empty values, and an absence needs a neighbour. */
export type Unprovable = 'emptyTree' | 'emptyValue';

/** How both specs hash a leaf: the value hashed first, under SHA-256. */
export function leafOp(prefix: Uint8Array): LeafOp {
  const { noHash, sha256 } = HASH_OP;
  return {
    hash: sha256,
    prehashKey: noHash,
    prehashValue: sha256,
    length: LENGTH_OP.varProto,
    prefix,
  };
}

/** sha256(prefix ‖ child ‖ suffix). */
export function innerOp(prefix: Uint8Array, suffix: Uint8Array): InnerOp {
  return { hash: HASH_OP.sha256, prefix, suffix };
}
