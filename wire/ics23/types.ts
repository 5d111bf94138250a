/** The parts of an ICS23 proof (cosmos.ics23.v1) that are verified here; batches are not. */
import type { HashOp, LengthOp } from './ops.ts';

/** How a leaf is hashed: hash(prefix ‖ length(prehashKey(key)) ‖ length(prehashValue(value))). */
export interface LeafOp {
  readonly hash: HashOp;
  readonly prehashKey: HashOp;
  readonly prehashValue: HashOp;
  readonly length: LengthOp;
  readonly prefix: Uint8Array;
}

/** One step towards the root: hash(prefix ‖ child ‖ suffix). */
export interface InnerOp {
  readonly hash: HashOp;
  readonly prefix: Uint8Array;
  readonly suffix: Uint8Array;
}

/** `path` goes from the leaf up to the root. `leaf` is undefined when the sender left it out. */
export interface ExistenceProof {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly leaf: LeafOp | undefined;
  readonly path: readonly InnerOp[];
}

/** The neighbours of an absent key; one is undefined when the key lies outside all keys. */
export interface NonExistenceProof {
  readonly key: Uint8Array;
  readonly left: ExistenceProof | undefined;
  readonly right: ExistenceProof | undefined;
}

export type CommitmentProof =
  | { readonly kind: 'exist'; readonly exist: ExistenceProof }
  | { readonly kind: 'nonexist'; readonly nonexist: NonExistenceProof };
