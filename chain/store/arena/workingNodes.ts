import type { Arena } from './arena.ts';
import { KEY, LEFT, MARK, PREFIX, RIGHT, SHAPE, SIZE, VALUE, VALUE_BYTES } from './layout.ts';
import { freeBlocks, freeWithBlocks, SAVED, SPARE } from './marks.ts';
import { heightOf, setVersion } from './nodes.ts';
import type { Edit } from './pendingEdits.ts';

/** Epochs are below this, so that a mark is a positive number of 32 bits. */
const MAX_EPOCHS = 2 ** 30;

/** A key in the arena, as nodes hold it. */
export interface KeyHandle {
  readonly block: number;
  readonly prefix: number;
}

/** Nodes that are no longer in the tree: leaves hold blocks, inner nodes hold nothing. */
export interface NodeLists {
  readonly leaves: Int32Array;
  readonly inners: Int32Array;
}

/**
 * The nodes that edits have made since the last save, and the saved nodes that they replaced. A save begins a new
 * epoch, and so does the first edit after an iteration of the working state started: nodes of the present epoch are
 * changed in place, those of earlier ones are copied.
 */
export class WorkingNodes {
  readonly #arena: Arena;
  readonly #maxEpochs: number;
  #epoch = 1;
  /** The first epoch since the last save. */
  #firstEpoch = 1;
  #isWatched = false;
  /** The version that nodes get when they are edited; 0 when they get it with their hash. */
  #replayed = 0;
  /** All nodes made since the last save, replaced ones included. */
  #made: number[] = [];
  /** Replaced nodes of the present epoch. */
  #spare: number[] = [];
  /** Replaced nodes of earlier epochs since the last save: an iteration may still see them. */
  #retired: number[] = [];
  #replacedLeaves: number[] = [];
  #replacedInners: number[] = [];

  constructor(arena: Arena, maxEpochs = MAX_EPOCHS) {
    this.#arena = arena;
    this.#maxEpochs = maxEpochs;
  }

  /** Nodes made since the last save. */
  get made(): readonly number[] {
    return this.#made;
  }

  /** From now on the nodes that are there stay as they are until the next save or rollback. */
  watch(): void {
    this.#isWatched = true;
  }

  /**
   * Nodes get this version from now on until the next save, and those of earlier versions are edited in place: no saved
   * version may be kept.
   */
  replayAs(version: number): void {
    this.#replayed = version;
  }

  /** Whether nodes have their versions before they are hashed. */
  get isReplay(): boolean {
    return this.#replayed !== 0;
  }

  /** Must be called before each edit. @throws RangeError after 2^30 edits with iterations before them, without a save. */
  beginEdit(): void {
    if (!this.#isWatched) return;
    this.#nextEpoch();
    this.#isWatched = false;
  }

  #nextEpoch(): void {
    if (this.#epoch + 1 >= this.#maxEpochs)
      throw new RangeError('too many iterations in one block');
    this.#epoch++;
  }

  /** Whether so many epochs are used up that marks should be forgotten, which is cheap enough to be done early. */
  get isLate(): boolean {
    return this.#epoch > this.#maxEpochs / 2;
  }

  /** Begins to count epochs anew; all saved nodes must have the mark SAVED. Only right after a save. */
  restartEpochs(): void {
    this.#epoch = 1;
    this.#firstEpoch = 1;
  }

  /** A leaf that takes over the value of an edit, under a key that its caller counts. */
  leaf(key: KeyHandle, edit: Edit): number {
    const leaf = this.#take();
    const { words } = this.#arena;
    words[leaf + VALUE] = edit.value;
    words[leaf + VALUE_BYTES] = edit.valueBytes;
    edit.value = 0;
    words[leaf + KEY] = key.block;
    words[leaf + PREFIX] = key.prefix;
    words[leaf + SIZE] = 1;
    words[leaf + SHAPE] = 0;
    if (this.#replayed !== 0) setVersion(words, leaf, this.#replayed);
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
    if (this.#replayed !== 0) setVersion(words, node, this.#replayed);
    return node;
  }

  /** Whether an edit may change the node itself; it must then be touched. */
  claim(node: number): boolean {
    const epoch = this.#arena.words[node + MARK]! >> 1;
    if (epoch === this.#epoch) return true;
    if (this.#replayed === 0 || epoch >= this.#firstEpoch) return false;
    this.#made.push(node);
    return true;
  }

  /** An inner node that may be changed, in place of this one; its hash is forgotten. */
  own(node: number): number {
    if (this.claim(node)) {
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
    if (this.#replayed !== 0) setVersion(words, copy, this.#replayed);
    this.leave(node);
    return copy;
  }

  /** Forgets the hash of a node of this epoch. */
  touch(node: number): void {
    const { words } = this.#arena;
    words[node + MARK] = this.#epoch << 1;
    if (this.#replayed !== 0) setVersion(words, node, this.#replayed);
  }

  /** An edit took the node out of the tree. */
  leave(node: number): void {
    const { words } = this.#arena;
    const epoch = words[node + MARK]! >> 1;
    if (this.claim(node)) {
      freeBlocks(this.#arena, node);
      words[node + MARK] = SPARE;
      this.#spare.push(node);
    } else if (epoch < this.#firstEpoch) {
      const replaced = heightOf(words, node) === 0 ? this.#replacedLeaves : this.#replacedInners;
      replaced.push(node);
    } else {
      words[node + MARK] = SAVED;
      this.#retired.push(node);
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
  save(): NodeLists {
    for (const node of this.#spare) this.#arena.freeNode(node);
    for (const node of this.#retired) freeWithBlocks(this.#arena, node);
    const leaves = new Int32Array(this.#replacedLeaves);
    const inners = new Int32Array(this.#replacedInners);
    this.#clear();
    this.#nextEpoch();
    this.#firstEpoch = this.#epoch;
    return { leaves, inners };
  }

  /** Gives all working nodes back; the replaced ones are in use again. */
  discard(): void {
    const { words } = this.#arena;
    for (const node of this.#made) {
      if (words[node + MARK] !== SPARE) freeBlocks(this.#arena, node);
      this.#arena.freeNode(node);
    }
    this.#clear();
    this.#epoch = this.#firstEpoch;
  }

  #clear(): void {
    this.#made = [];
    this.#spare = [];
    this.#retired = [];
    this.#replacedLeaves = [];
    this.#replacedInners = [];
    this.#isWatched = false;
    this.#replayed = 0;
  }
}
