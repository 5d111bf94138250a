/** What a proof must look like to speak of one kind of tree (cosmos.ics23.v1 ProofSpec). */
import { HASH_OP, type HashOp, LENGTH_OP } from './ops.ts';
import type { LeafOp } from './types.ts';

/** The shape of inner nodes. Lengths in bytes; `childSize` counts a length byte where the tree has one. */
export interface InnerSpec {
  readonly hash: HashOp;
  /** Position of each branch, left to right. */
  readonly childOrder: readonly number[];
  readonly childSize: number;
  readonly minPrefixLength: number;
  readonly maxPrefixLength: number;
  /** What stands where a child is missing; empty when the tree has no missing children. */
  readonly emptyChild: Uint8Array;
}

/**
 * `prefixRule` adds what lengths alone cannot say: `iavl` reads the height, size and version in a
 * prefix; `tendermint` demands that an inner prefix starts with 0x01.
 */
export interface ProofSpec {
  readonly name: string;
  readonly leaf: LeafOp;
  readonly inner: InnerSpec;
  /** Fewest and most inner steps. */
  readonly minDepth: number;
  readonly maxDepth: number;
  /** Whether keys are ordered by their hash, not by themselves. */
  readonly prehashKeyBeforeComparison: boolean;
  readonly prefixRule: 'iavl' | 'tendermint' | 'none';
  /** Whether a leaf may hold an empty value, which ICS23 itself refuses. @default false */
  readonly allowsEmptyValues?: boolean;
}

const LEAF_PREFIX = Uint8Array.of(0);
const NO_BYTES = new Uint8Array(0);
const DEFAULT_MAX_DEPTH = 128;

const leaf: LeafOp = {
  hash: HASH_OP.sha256,
  prehashKey: HASH_OP.noHash,
  prehashValue: HASH_OP.sha256,
  length: LENGTH_OP.varProto,
  prefix: LEAF_PREFIX,
};

/** The IAVL tree of a Cosmos SDK store. */
export const iavlSpec: ProofSpec = {
  name: 'iavl',
  leaf,
  inner: {
    hash: HASH_OP.sha256,
    childOrder: [0, 1],
    childSize: 33,
    minPrefixLength: 4,
    maxPrefixLength: 12,
    emptyChild: NO_BYTES,
  },
  minDepth: 0,
  maxDepth: DEFAULT_MAX_DEPTH,
  prehashKeyBeforeComparison: false,
  prefixRule: 'iavl',
};

/**
 * The same, for absences beside keys without a value, such as the SDK's indexes: IAVL hashes these leaves like all
 * others, so that the proof is as strong, but ics23/go refuses it.
 */
export const iavlAbsenceSpec: ProofSpec = { ...iavlSpec, allowsEmptyValues: true };

/** The RFC 6962 tree over the stores of a Cosmos SDK chain, whose root is the AppHash. */
export const tendermintSpec: ProofSpec = {
  ...iavlSpec,
  name: 'tendermint',
  inner: { ...iavlSpec.inner, childSize: 32, minPrefixLength: 1, maxPrefixLength: 1 },
  prefixRule: 'tendermint',
};

/** A sparse Merkle tree over hashed keys. */
export const smtSpec: ProofSpec = {
  ...tendermintSpec,
  name: 'smt',
  leaf: { ...leaf, prehashKey: HASH_OP.sha256, length: LENGTH_OP.noPrefix },
  inner: { ...tendermintSpec.inner, emptyChild: new Uint8Array(32) },
  maxDepth: 256,
  prehashKeyBeforeComparison: true,
  prefixRule: 'none',
};
