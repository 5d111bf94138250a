/** What the mark of a node says: who may see it, and whether it has its hash. */
import type { Arena } from './arena.ts';
import { KEY, LEFT, MARK, RIGHT, VALUE, VALUE_BYTES } from './layout.ts';
import { heightOf } from './nodes.ts';

/** The mark of a node that was read whole; it is below each epoch. */
export const SAVED = 0;
/** The mark of a node of the working state that an edit replaced and no one sees: its place is used again. */
export const SPARE = -1;
/** The lowest bit of a mark, whose other bits are the epoch the node was made in: the hash is computed. */
const HASHED = 1;

/** Whether a node of the working state, in use, is still to be hashed. */
export function needsHash(words: Int32Array, node: number, evenIfHashed: boolean): boolean {
  const mark = words[node + MARK]!;
  return mark > 0 && (evenIfHashed || (mark & HASHED) === 0);
}

/** Remembers that a working node has its hash. */
export function markHashed(words: Int32Array, node: number): void {
  words[node + MARK]! |= HASHED;
}

/** Gives the nodes of a saved version the mark SAVED in place of their epoch. Cost: those that have one. */
export function forgetEpochs(words: Int32Array, root: number): void {
  // Under a node with the mark SAVED there are only such nodes.
  if (root === 0 || words[root + MARK] === SAVED) return;
  words[root + MARK] = SAVED;
  if (heightOf(words, root) === 0) return;
  forgetEpochs(words, words[root + LEFT]!);
  forgetEpochs(words, words[root + RIGHT]!);
}

/** Gives a node back, and a leaf's value and its part in the key. */
export function freeWithBlocks(arena: Arena, node: number): void {
  freeBlocks(arena, node);
  arena.freeNode(node);
}

/** Gives back what only this node uses of its blocks: a leaf's value and its part in the key. */
export function freeBlocks(arena: Arena, node: number): void {
  const { words } = arena;
  if (heightOf(words, node) > 0) return;
  arena.freeValue(words[node + VALUE]!, words[node + VALUE_BYTES]!);
  arena.leaveKey(words[node + KEY]!);
}
