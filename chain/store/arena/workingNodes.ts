import type { Arena } from './arena.ts';
import { KEY, LEFT, MARK, PREFIX, RIGHT, SHAPE, SIZE, VALUE, VALUE_BYTES } from './layout.ts';
import { heightOf } from './nodes.ts';

/** A saved node: never changes. */
export const SAVED = 0;
/** A node of the working state that an edit replaced and no one sees: its place is used again. */
const SPARE = -1;
/** The same, but an iteration may still see it until the next save. */
const RETIRED = -2;
/** The lowest bit of a working node's mark, whose other bits are its epoch: the hash is computed. */
const HASHED = 1;

/** A key in the arena, as nodes hold it. */
export interface KeyHandle {
  readonly block: number;
  readonly prefix: number;
}

/**
 * The nodes that edits have made since the last save, and the saved nodes that they replaced. Working nodes are
 * changed in place, unless an iteration started after they were made: it begins a new epoch, whose edits copy the
 * nodes of earlier epochs as they do saved ones.
 */
export class WorkingNodes {
  readonly #arena: Arena;
  #epoch = 1;
  #isWatched = false;
  /** All nodes made since the last save, replaced ones included. */
  #made: number[] = [];
  #spare: number[] = [];
  #replaced: number[] = [];

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** Nodes made since the last save. */
  get made(): readonly number[] {
    return this.#made;
  }

  /** From now on the nodes that are there stay as they are until the next save or rollback. */
  watch(): void {
    this.#isWatched = true;
  }

  /** Must be called before each edit. @throws RangeError after 2^30 watched edits without a save. */
  beginEdit(): void {
    if (!this.#isWatched) return;
    if (this.#epoch >= 2 ** 30 - 1) throw new RangeError('too many iterations without a save');
    this.#epoch++;
    this.#isWatched = false;
  }

  /** A leaf with a new value under a key that its caller counts. */
  leaf(key: KeyHandle, value: Uint8Array): number {
    const block = this.#arena.newValue(value);
    const leaf = this.#take();
    const { words } = this.#arena;
    words[leaf + VALUE] = block;
    words[leaf + VALUE_BYTES] = value.length;
    words[leaf + KEY] = key.block;
    words[leaf + PREFIX] = key.prefix;
    words[leaf + SIZE] = 1;
    words[leaf + SHAPE] = 0;
    return leaf;
  }

  /** A fork over two leaves. */
  fork(key: KeyHandle, left: number, right: number): number {
    const node = this.#take();
    const { words } = this.#arena;
    words[node + LEFT] = left;
    words[node + RIGHT] = right;
    words[node + KEY] = key.block;
    words[node + PREFIX] = key.prefix;
    words[node + SIZE] = 2;
    words[node + SHAPE] = 1 << 24;
    return node;
  }

  /** The node itself, if an edit may change it. */
  isOwn(node: number): boolean {
    return this.#arena.words[node + MARK]! >> 1 === this.#epoch;
  }

  /** An inner node that may be changed, in place of this one; its hash is forgotten. */
  own(node: number): number {
    if (this.isOwn(node)) {
      this.touch(node);
      return node;
    }
    const copy = this.#take();
    const { words } = this.#arena;
    words[copy + LEFT] = words[node + LEFT]!;
    words[copy + RIGHT] = words[node + RIGHT]!;
    words[copy + KEY] = words[node + KEY]!;
    words[copy + PREFIX] = words[node + PREFIX]!;
    words[copy + SIZE] = words[node + SIZE]!;
    words[copy + SHAPE] = words[node + SHAPE]!;
    this.leave(node);
    return copy;
  }

  /** Forgets the hash of a node of this epoch. */
  touch(node: number): void {
    this.#arena.words[node + MARK] = this.#epoch << 1;
  }

  /** An edit took the node out of the tree. */
  leave(node: number): void {
    const { words } = this.#arena;
    const mark = words[node + MARK]!;
    if (mark === SAVED) {
      this.#replaced.push(node);
    } else if (mark >> 1 === this.#epoch) {
      freeBlocks(this.#arena, node);
      words[node + MARK] = SPARE;
      this.#spare.push(node);
    } else {
      words[node + MARK] = RETIRED;
    }
  }

  #take(): number {
    const spare = this.#spare.pop();
    const node = spare ?? this.#arena.newNode();
    if (spare === undefined) this.#made.push(node);
    this.#arena.words[node + MARK] = this.#epoch << 1;
    return node;
  }

  /** Makes the working nodes saved ones; the saved nodes that they replaced. */
  save(): Int32Array {
    const { words } = this.#arena;
    for (const node of this.#made) {
      if (words[node + MARK]! > 0) words[node + MARK] = SAVED;
      else this.#free(node);
    }
    const replaced = Int32Array.from(this.#replaced);
    this.#begin();
    return replaced;
  }

  /** Gives all working nodes back; the replaced ones are in use again. */
  discard(): void {
    for (const node of this.#made) this.#free(node);
    this.#begin();
  }

  #begin(): void {
    this.#made = [];
    this.#spare = [];
    this.#replaced = [];
    this.#epoch = 1;
    this.#isWatched = false;
  }

  #free(node: number): void {
    if (this.#arena.words[node + MARK] === SPARE) this.#arena.freeNode(node);
    else freeWithBlocks(this.#arena, node);
  }
}

/** Whether a node of the working state, in use, is still to be hashed. */
export function needsHash(words: Int32Array, node: number, evenIfHashed: boolean): boolean {
  const mark = words[node + MARK]!;
  return mark > 0 && (evenIfHashed || (mark & HASHED) === 0);
}

/** Remembers that a working node has its hash. */
export function markHashed(words: Int32Array, node: number): void {
  words[node + MARK]! |= HASHED;
}

/** Gives a node back, and a leaf's value and its part in the key. */
export function freeWithBlocks(arena: Arena, node: number): void {
  freeBlocks(arena, node);
  arena.freeNode(node);
}

function freeBlocks(arena: Arena, node: number): void {
  const { words } = arena;
  if (heightOf(words, node) > 0) return;
  arena.freeValue(words[node + VALUE]!, words[node + VALUE_BYTES]!);
  arena.leaveKey(words[node + KEY]!);
}
