/** How the store comes by its trees, so that the fast ones and the readable ones of the tests are interchangeable. */
import type { ExportedNode, SavedTree, StateTree, TreeReader } from './arena/contract.ts';

/** The trees of one version by store name, in the order of the AppHash. */
export type Trees = Map<string, StateTree>;

/** Trees that share their memory: those of one state, gone with the last of them. */
export interface TreeSpace {
  /** Bytes of memory that all trees of the space take together. */
  readonly bytes: number;
  /** A tree without keys and versions. */
  empty(): StateTree;
  /**
   * The tree of an image, with one version; `imageBytes` is what the chunks have together at most.
   * @throws TypeError when the chunks are no image.
   */
  fromImage(chunks: Iterable<Uint8Array>, imageBytes: number): StateTree;
  /** Makes a tree of one version from its exported nodes, with all hashes computed anew. */
  readNodes(version: number): TreeReader<ExportedNode>;
}

/** All trees of one version, and the space that they share. */
export interface StateTrees {
  readonly space: TreeSpace;
  readonly trees: Trees;
}

/** One kind of trees. */
export interface TreeKind {
  space(): TreeSpace;
  /** Everything of a saved version, in chunks that are computed as they are taken. */
  imageOf(view: SavedTree): Iterable<Uint8Array>;
}
