/** What a state tree offers, whatever its nodes are made of. */
import type { KeyRange, KeyValue, KVStore, ReadonlyStore } from '../kvStore.ts';
import type { TreeProof, Unprovable } from '../proofOps.ts';

/** A node as cosmos/iavl's exporter gives it: in post-order, inner nodes without a value. */
export interface ExportedNode {
  readonly key: Uint8Array;
  /** Undefined for an inner node. */
  readonly value: Uint8Array | undefined;
  /** The version that made the node. */
  readonly version: number;
  /** 0 for a leaf. */
  readonly height: number;
}

/** A saved version of a tree. Stays as it is while later versions are made, until it is released. */
export interface SavedTree extends ReadonlyStore {
  readonly version: number;
  /** 32 bytes; sha256("") without keys. */
  readonly rootHash: Uint8Array;
  /** Keys in the tree. */
  readonly size: number;
  /** The ICS23 proof that a key has its value, or that it is absent. */
  prove(key: Uint8Array): TreeProof | Unprovable;
  /** All nodes in post-order, from which `treeFromNodes` makes the same tree. */
  exportNodes(): Iterable<ExportedNode>;
  /** Computes all hashes anew. Cost: O(n). @throws Error naming the first node that has another. */
  verify(): void;
}

/** A tree with a working state on top of its saved versions. */
export interface StateTree extends KVStore {
  /** The latest saved version, 0 before the first. */
  readonly version: number;
  /** Keys in the working state. */
  readonly size: number;
  iterate(range: KeyRange): Iterable<KeyValue>;
  /** Removes a key; whether it was there. A missing key changes nothing, also no hash. */
  remove(key: Uint8Array): boolean;
  /** The root hash, 32 bytes, if the working state were saved as `nextVersion` now. */
  rootHash(nextVersion: number): Uint8Array;
  /** Makes the working state the saved version `version`, which must be above the latest. */
  saveVersion(version: number): { readonly rootHash: Uint8Array };
  /**
   * The edits that follow are made in `version`, which grows from call to call, as if all before were saved as the version
   * told before. Hashes are computed once, by `saveVersion` of the last version, which is the only one then: for replays,
   * which keep none between. The saved version that they begin with is given up, and there is no way back to it.
   * @throws RangeError when several versions are kept, Error when there are edits since the last save.
   */
  replayAs(version: number): void;
  /** Discards the edits since the last save. */
  rollback(): void;
  /** A saved version that was not released. @throws VersionError when it is not there. */
  view(version: number): SavedTree;
  /** Frees what no other version uses. In any order, but never the latest. @throws VersionError, RangeError. */
  release(version: number): void;
  /** The saved versions that were not released, ascending. */
  versions(): readonly number[];
}

/** Takes a tree in one piece after another, for sources that are read asynchronously. */
export interface TreeReader<Piece> {
  /** @throws TypeError when the piece is not what may come next. */
  push(piece: Piece): void;
  /** The tree, with its version as the only and latest one. @throws TypeError when pieces are missing. */
  finish(): StateTree;
}
