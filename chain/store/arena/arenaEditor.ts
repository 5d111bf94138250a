import type { Arena } from './arena.ts';
import { blockUnits } from './blocks.ts';
import {
  HEIGHT_SHIFT,
  KEY,
  LEFT,
  PREFIX,
  RIGHT,
  SHAPE,
  SIZE,
  VALUE,
  VALUE_BYTES,
  VERSION_HIGH_MASK,
} from './layout.ts';
import { copyWithin } from './memoryBytes.ts';
import { compareKeys, heightOf } from './nodes.ts';
import { type Edit, REMOVAL } from './pendingEdits.ts';
import type { WorkingNodes } from './workingNodes.ts';

/**
 * Edits a tree, with the shape cosmos/iavl v1 would give it (mutable_tree.go, recursiveSet and recursiveRemove): the
 * root hash depends on every rotation.
 */
export class ArenaEditor {
  readonly #arena: Arena;
  readonly #nodes: WorkingNodes;
  #edit: Edit = { key: 0, prefix: 0, value: 0, valueBytes: 0, version: 0 };
  /** Leaves that the edit adds: 1 or 0. */
  #grown = 0;
  /** A node whose key the subtree that lost its smallest leaf begins with now; 0 when that did not change. */
  #smallest = 0;

  constructor(arena: Arena, nodes: WorkingNodes) {
    this.#arena = arena;
    this.#nodes = nodes;
  }

  /**
   * The root after an edit; 0 when nothing is left. To set an equal value still makes a new leaf: its version is hashed.
   * To remove what is not there changes nothing. A block that a leaf takes over is 0 in the edit afterwards.
   */
  apply(root: number, edit: Edit): number {
    this.#edit = edit;
    this.#smallest = 0;
    this.#grown = 0;
    if (edit.valueBytes === REMOVAL) {
      if (!this.#has(root)) return root;
      this.#nodes.beginEdit();
      return this.#remove(root);
    }
    this.#nodes.beginEdit();
    return root === 0 ? this.#newLeaf() : this.#set(root);
  }

  #has(root: number): boolean {
    if (root === 0) return false;
    const { words } = this.#arena;
    let node = root;
    while (heightOf(words, node) > 0) node = words[node + (this.#order(node) < 0 ? LEFT : RIGHT)]!;
    return this.#order(node) === 0;
  }

  /** Lexicographic order of the edit's key and a node's: negative, zero or positive. */
  #order(node: number): number {
    const { words } = this.#arena;
    const { prefix, key } = this.#edit;
    if (prefix !== words[node + PREFIX]!) return prefix < words[node + PREFIX]! ? -1 : 1;
    return compareKeys(this.#arena, key, words[node + KEY]!);
  }

  #set(node: number): number {
    const order = this.#order(node);
    if (heightOf(this.#arena.words, node) === 0) return this.#setAtLeaf(node, order);
    const own = this.#nodes.own(node);
    const side = order < 0 ? LEFT : RIGHT;
    const child = this.#arena.words[own + side]!;
    const height = heightOf(this.#arena.words, child);
    const edited = this.#set(child);
    const { words } = this.#arena;
    words[own + side] = edited;
    words[own + SIZE]! += this.#grown;
    // The other child is looked at only if it matters: it is a cache miss on each level.
    return heightOf(words, edited) === height ? own : this.#balance(own);
  }

  #setAtLeaf(leaf: number, order: number): number {
    if (order === 0) return this.#replaceValue(leaf);
    this.#grown = 1;
    const added = this.#newLeaf();
    if (order < 0) return this.#nodes.fork(this.#handleOf(leaf), added, leaf);
    return this.#nodes.fork(this.#handleOf(added), leaf, added);
  }

  #newLeaf(): number {
    const edit = this.#edit;
    const leaf = this.#nodes.leaf({ block: edit.key, prefix: edit.prefix }, edit);
    edit.key = 0;
    return leaf;
  }

  #replaceValue(leaf: number): number {
    const edit = this.#edit;
    if (this.#nodes.claim(leaf)) {
      this.#overwrite(leaf, edit);
      this.#nodes.touch(leaf);
      return leaf;
    }
    const handle = this.#handleOf(leaf);
    const added = this.#nodes.leaf(handle, edit);
    this.#arena.shareKey(handle.block);
    this.#nodes.leave(leaf);
    return added;
  }

  /** A value as long as the one before it goes where that is: what lies together stays together. */
  #overwrite(leaf: number, edit: Edit): void {
    const { words, bytes } = this.#arena;
    const [block, length] = [words[leaf + VALUE]!, words[leaf + VALUE_BYTES]!];
    if (blockUnits(length) === blockUnits(edit.valueBytes)) {
      copyWithin(bytes, { from: edit.value * 4, to: block * 4, length: edit.valueBytes });
    } else {
      this.#arena.freeValue(block, length);
      words[leaf + VALUE] = edit.value;
      edit.value = 0;
    }
    words[leaf + VALUE_BYTES] = edit.valueBytes;
  }

  #handleOf(node: number) {
    const { words } = this.#arena;
    return { block: words[node + KEY]!, prefix: words[node + PREFIX]! };
  }

  /** What is left of the subtree; 0 for nothing. */
  #remove(node: number): number {
    const { words } = this.#arena;
    if (heightOf(words, node) === 0) {
      this.#nodes.leave(node);
      return 0;
    }
    const isLeft = this.#order(node) < 0;
    const side = isLeft ? LEFT : RIGHT;
    const child = words[node + side]!;
    const height = heightOf(words, child);
    const rest = this.#remove(child);
    if (rest === 0) return this.#onlyChild(node, isLeft);
    const own = this.#nodes.own(node);
    return this.#replaceChild(own, { side, rest, height });
  }

  /** Puts what is left of a child, which had `height`, in its place. */
  #replaceChild(
    own: number,
    { side, rest, height }: { side: typeof LEFT | typeof RIGHT; rest: number; height: number },
  ): number {
    const { words } = this.#arena;
    words[own + side] = rest;
    words[own + SIZE]! -= 1;
    if (side === RIGHT) this.#takeSmallest(own);
    return heightOf(words, rest) === height ? own : this.#balance(own);
  }

  /** The fork goes with its leaf; the other child takes its place. */
  #onlyChild(node: number, isLeft: boolean): number {
    const { words } = this.#arena;
    const rest = words[node + (isLeft ? RIGHT : LEFT)]!;
    // A fork's key is that of the smallest leaf on its right, which must outlive the fork here.
    this.#smallest = isLeft ? this.#smallestLeaf(rest) : 0;
    this.#nodes.leave(node);
    return rest;
  }

  #smallestLeaf(node: number): number {
    const { words } = this.#arena;
    let leaf = node;
    while (heightOf(words, leaf) > 0) leaf = words[leaf + LEFT]!;
    return leaf;
  }

  #takeSmallest(node: number): void {
    if (this.#smallest === 0) return;
    const { words } = this.#arena;
    words[node + KEY] = words[this.#smallest + KEY]!;
    words[node + PREFIX] = words[this.#smallest + PREFIX]!;
    this.#smallest = 0;
  }

  /** The node, one that may be changed, with its shape computed, or what a rotation puts in its place. */
  #balance(node: number): number {
    const { words } = this.#arena;
    const left = words[node + LEFT]!;
    const right = words[node + RIGHT]!;
    const lean = heightOf(words, left) - heightOf(words, right);
    if (lean > 1) return this.#rotateRight(node, this.#leaningLeft(left));
    if (lean < -1) return this.#rotateLeft(node, this.#leaningRight(right));
    this.#measure(node);
    return node;
  }

  /** The left child, rotated if its own right side is the higher one. */
  #leaningLeft(child: number): number {
    const own = this.#nodes.own(child);
    const { words } = this.#arena;
    const right = words[own + RIGHT]!;
    if (heightOf(words, words[own + LEFT]!) >= heightOf(words, right)) return own;
    return this.#rotateLeft(own, this.#nodes.own(right));
  }

  #leaningRight(child: number): number {
    const own = this.#nodes.own(child);
    const { words } = this.#arena;
    const left = words[own + LEFT]!;
    if (heightOf(words, words[own + RIGHT]!) >= heightOf(words, left)) return own;
    return this.#rotateRight(own, this.#nodes.own(left));
  }

  /** `left`, the child of `node`, takes its place; both may be changed. */
  #rotateRight(node: number, left: number): number {
    const { words } = this.#arena;
    words[node + LEFT] = words[left + RIGHT]!;
    words[left + RIGHT] = node;
    this.#measure(node);
    this.#measure(left);
    return left;
  }

  #rotateLeft(node: number, right: number): number {
    const { words } = this.#arena;
    words[node + RIGHT] = words[right + LEFT]!;
    words[right + LEFT] = node;
    this.#measure(node);
    this.#measure(right);
    return right;
  }

  /** Height and size from the children. */
  #measure(node: number): void {
    const { words } = this.#arena;
    const left = words[node + LEFT]!;
    const right = words[node + RIGHT]!;
    const higher = Math.max(heightOf(words, left), heightOf(words, right));
    const version = words[node + SHAPE]! & VERSION_HIGH_MASK;
    words[node + SHAPE] = ((higher + 1) << HEIGHT_SHIFT) | version;
    words[node + SIZE] = words[left + SIZE]! + words[right + SIZE]!;
  }
}
