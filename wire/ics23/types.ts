/** The parts of an ICS23 proof (cosmos.ics23.v1). */
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

/**
 * `path` goes from the leaf up to the root. `leaf` is undefined when the sender left it out. In a compressed batch
 * a step is its place in the table.
 */
export interface ExistenceProof<Step = InnerOp> {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly leaf: LeafOp | undefined;
  readonly path: readonly Step[];
}

/** The neighbours of an absent key; one is undefined when the key lies outside all keys. */
export interface NonExistenceProof<Step = InnerOp> {
  readonly key: Uint8Array;
  readonly left: ExistenceProof<Step> | undefined;
  readonly right: ExistenceProof<Step> | undefined;
}

/** A proof of one key. */
export type SingleProof =
  | { readonly kind: 'exist'; readonly exist: ExistenceProof }
  | { readonly kind: 'nonexist'; readonly nonexist: NonExistenceProof };

/** Proofs of several keys. On the wire, the paths of a compressed one share a table of steps. */
export interface BatchProof {
  readonly kind: 'batch';
  readonly isCompressed: boolean;
  readonly entries: readonly SingleProof[];
}

export type CommitmentProof = SingleProof | BatchProof;
