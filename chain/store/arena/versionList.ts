import { VersionError } from '../errors.ts';
import type { Arena } from './arena.ts';
import { freeWithBlocks } from './marks.ts';
import { versionOf } from './nodes.ts';
import type { NodeLists } from './workingNodes.ts';

/** A saved version that is kept. */
interface KeptVersion {
  readonly version: number;
  /** 0 without keys. */
  readonly root: number;
  /** Nodes of earlier kept versions that this one, and so any later one, does not use. */
  replaced: NodeLists;
}

/**
 * The saved versions of one tree. A node is in use from the version that made it up to the one that replaced it; so
 * when a version goes, of the nodes that the next one replaced those go too that no earlier kept version has, and
 * the others wait there together with what the version itself replaced.
 */
export class VersionList {
  readonly #arena: Arena;
  readonly #kept: KeptVersion[] = [];
  #latest = 0;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** The latest one, 0 before the first. */
  get latest(): number {
    return this.#latest;
  }

  /** The root of the latest one, 0 without keys. */
  get latestRoot(): number {
    return this.#kept.at(-1)?.root ?? 0;
  }

  /** The kept versions, ascending. */
  get versions(): readonly number[] {
    return this.#kept.map(({ version }) => version);
  }

  /** Adds the newest version. */
  add(version: number, root: number, replaced: NodeLists): void {
    this.#kept.push({ version, root, replaced });
    this.#latest = version;
  }

  /**
   * Forgets all versions and leaves the nodes of the latest one, the only one, to the caller.
   * @throws RangeError when others are kept.
   */
  giveUp(): void {
    if (this.#kept.length > 1) {
      throw new RangeError(`expected one version at most, got ${this.#kept.length}`);
    }
    this.#kept.length = 0;
  }

  /** The roots of all kept versions. */
  get roots(): readonly number[] {
    return this.#kept.map(({ root }) => root);
  }

  /** The root of a kept version, 0 without keys. @throws VersionError when it is not kept. */
  root(version: number): number {
    return this.#kept[this.#place(version)]!.root;
  }

  /** @throws VersionError when the version is not kept. */
  check(version: number): void {
    this.#place(version);
  }

  /** Frees what only this version uses. @throws VersionError when it is not kept, RangeError for the latest. */
  release(version: number): void {
    const place = this.#place(version);
    const next = this.#kept[place + 1];
    if (next === undefined) throw new RangeError(`version ${version} is the latest: it stays`);
    const before = this.#kept[place - 1]?.version ?? 0;
    const arena = this.#arena;
    const leaves = this.#freeSince(next.replaced.leaves, before, (leaf) => {
      freeWithBlocks(arena, leaf);
    });
    const inners = this.#freeSince(next.replaced.inners, before, (node) => arena.freeNode(node));
    const { replaced } = this.#kept[place]!;
    next.replaced = {
      leaves: joined(replaced.leaves, leaves),
      inners: joined(replaced.inners, inners),
    };
    this.#kept.splice(place, 1);
  }

  /** Frees the nodes that versions after `before` made; the others. */
  #freeSince(nodes: Int32Array, before: number, free: (node: number) => void): Int32Array {
    let count = 0;
    const { words } = this.#arena;
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i]!;
      // Without an earlier version all go, and need not be looked at: each look is a cache miss.
      if (before > 0 && versionOf(words, node) <= before) nodes[count++] = node;
      else free(node);
    }
    return nodes.slice(0, count);
  }

  #place(version: number): number {
    let [low, high] = [0, this.#kept.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#kept[middle]!.version < version) low = middle + 1;
      else high = middle;
    }
    if (this.#kept[low]?.version === version) return low;
    const earliest = BigInt(this.#kept[0]?.version ?? 0);
    throw new VersionError(BigInt(version), earliest, BigInt(this.latest));
  }
}

function joined(a: Int32Array, b: Int32Array): Int32Array {
  if (a.length === 0) return b;
  const both = new Int32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
