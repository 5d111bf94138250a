import type { Arena } from './arena.ts';
import type { LoadedTree } from './arenaTree.ts';
import {
  HEIGHT_SHIFT,
  KEY,
  LEFT,
  MARK,
  PREFIX,
  RIGHT,
  SHAPE,
  SIZE,
  VALUE,
  VALUE_BYTES,
} from './layout.ts';
import { SAVED } from './marks.ts';
import { compareKeys, compareWithKey, heightOf, prefixAt, setVersion, versionOf } from './nodes.ts';

/**
 * Builds a saved tree out of its nodes in post-order. Each node is checked to fit: keys ascend, subtrees are balanced,
 * no node is older than its children or younger than the tree. Hashes are left to the caller.
 */
export class TreeBuilder {
  readonly #arena: Arena;
  readonly #version: number;
  /** Roots of the subtrees that have no parent yet, from left to right, and their smallest leaves. */
  readonly #roots: number[] = [];
  readonly #smallest: number[] = [];
  #lastKey = 0;

  /** For a tree of `version`. */
  constructor(arena: Arena, version: number) {
    this.#arena = arena;
    this.#version = version;
  }

  /** Goes on from another builder's subtrees, each a root and its smallest leaf, and the last key's block. */
  resume(subtrees: readonly (readonly [root: number, smallest: number])[], lastKey: number): void {
    for (const [root, smallest] of subtrees) {
      this.#roots.push(root);
      this.#smallest.push(smallest);
    }
    this.#lastKey = lastKey;
  }

  /** The next leaf. @throws TypeError when it does not fit. */
  leaf(key: Uint8Array, value: Uint8Array, version: number): number {
    const blocks = { key: this.#arena.newKey(key), value: this.#arena.newValue(value) };
    return this.leafOf({ ...blocks, valueBytes: value.length }, version);
  }

  /** The next leaf, whose key and value are in the arena. @throws TypeError when it does not fit. */
  leafOf(
    { key, value, valueBytes }: { key: number; value: number; valueBytes: number },
    version: number,
  ): number {
    if (this.#lastKey !== 0 && compareKeys(this.#arena, this.#lastKey, key) >= 0) {
      throw new TypeError('leaf: expected a key above the one before');
    }
    this.#checkVersion(version, 1);
    this.#lastKey = key;
    const leaf = this.#arena.newNode();
    const { words } = this.#arena;
    words[leaf + VALUE] = value;
    words[leaf + VALUE_BYTES] = valueBytes;
    words[leaf + KEY] = key;
    words[leaf + PREFIX] = prefixAt(this.#arena, key);
    words[leaf + SIZE] = 1;
    this.#roots.push(this.#finish(leaf, 0, version));
    this.#smallest.push(leaf);
    return leaf;
  }

  /** The parent of the last two subtrees. @throws TypeError when it does not fit. */
  inner(height: number, version: number): number {
    const right = this.#roots.pop() ?? 0;
    const left = this.#roots.pop() ?? 0;
    if (left === 0) throw new TypeError('inner node: expected two subtrees before it');
    this.#checkInner({ left, right, height, version });
    const node = this.#arena.newNode();
    const { words } = this.#arena;
    const smallest = this.#smallest.pop() as number;
    words[node + LEFT] = left;
    words[node + RIGHT] = right;
    words[node + KEY] = words[smallest + KEY]!;
    words[node + PREFIX] = words[smallest + PREFIX]!;
    words[node + SIZE] = words[left + SIZE]! + words[right + SIZE]!;
    this.#roots.push(this.#finish(node, height, version));
    return node;
  }

  /** Whether a node has this key. */
  hasKey(node: number, key: Uint8Array): boolean {
    return compareWithKey(this.#arena, this.#arena.words[node + KEY]!, key) === 0;
  }

  /** The whole tree. @throws TypeError when subtrees without a parent are left. */
  finish(): LoadedTree {
    const [root = 0] = this.#roots;
    if (this.#roots.length > 1) {
      throw new TypeError(`tree: expected one root, got ${this.#roots.length}`);
    }
    return { version: this.#version, root };
  }

  #finish(node: number, height: number, version: number): number {
    const { words } = this.#arena;
    words[node + SHAPE] = height << HEIGHT_SHIFT;
    words[node + MARK] = SAVED;
    setVersion(words, node, version);
    return node;
  }

  #checkInner(node: { left: number; right: number; height: number; version: number }): void {
    const { words } = this.#arena;
    const left = heightOf(words, node.left);
    const right = heightOf(words, node.right);
    if (Math.abs(left - right) > 1 || node.height !== 1 + Math.max(left, right)) {
      const expected = 'one more than the higher of two that differ by at most one';
      throw new TypeError(
        `height: expected ${expected}, got ${node.height} over ${left}, ${right}`,
      );
    }
    const youngest = Math.max(versionOf(words, node.left), versionOf(words, node.right));
    this.#checkVersion(node.version, youngest);
  }

  #checkVersion(version: number, least: number): void {
    if (Number.isSafeInteger(version) && version >= least && version <= this.#version) return;
    throw new TypeError(`version: expected ${least} to ${this.#version}, got ${version}`);
  }
}
