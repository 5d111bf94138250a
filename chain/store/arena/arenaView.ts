import { EMPTY_HASH } from '../emptyHash.ts';
import { checkKey, type KeyRange, type KeyValue } from '../kvStore.ts';
import type { TreeProof, Unprovable } from '../proofOps.ts';
import type { Arena } from './arena.ts';
import { proveInArena } from './arenaProof.ts';
import { findLeaf, iterateArena } from './arenaReads.ts';
import type { ExportedNode, SavedTree } from './contract.ts';
import { exportArena } from './exportNodes.ts';
import { SIZE } from './layout.ts';
import { hashOf, leafValue } from './nodes.ts';
import { verifyArena } from './verifyArena.ts';

/** Where a view finds its tree. */
export interface ViewSource {
  readonly arena: Arena;
  readonly version: number;
  /** 0 for a tree without keys. */
  readonly root: number;
  /** @throws VersionError once the version is released. */
  readonly check: () => void;
}

/** A saved version of an arena tree. Everything read from it is a copy. All methods throw VersionError once it is released. */
export class ArenaView implements SavedTree {
  readonly #source: ViewSource;

  constructor(source: ViewSource) {
    this.#source = source;
  }

  get version(): number {
    return this.#source.version;
  }

  /** 32 bytes; sha256("") without keys. */
  get rootHash(): Uint8Array {
    const { arena, root } = this.nodes();
    return root === 0 ? EMPTY_HASH : hashOf(arena, root);
  }

  get size(): number {
    const { arena, root } = this.nodes();
    return root === 0 ? 0 : arena.words[root + SIZE]!;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    checkKey(key);
    const { arena, root } = this.nodes();
    const leaf = findLeaf(arena, root, key);
    return leaf === 0 ? undefined : leafValue(arena, leaf);
  }

  has(key: Uint8Array): boolean {
    checkKey(key);
    const { arena, root } = this.nodes();
    return findLeaf(arena, root, key) !== 0;
  }

  iterate(range: KeyRange): Iterable<KeyValue> {
    const { arena, root, check } = this.nodes();
    return iterateArena(arena, root, { range, check });
  }

  /** The ICS23 proof that a key has its value, or that it is absent. */
  prove(key: Uint8Array): TreeProof | Unprovable {
    checkKey(key);
    const { arena, root } = this.nodes();
    return proveInArena(arena, root, key);
  }

  /** All nodes in post-order. */
  exportNodes(): Iterable<ExportedNode> {
    return exportArena(this.nodes());
  }

  /** Computes all hashes anew. Cost: O(n). @throws Error naming the first node that has another. */
  verify(): void {
    verifyArena(this.nodes());
  }

  /** Where the nodes lie, for what reads them by itself. */
  nodes(): ViewSource {
    this.#source.check();
    return this.#source;
  }
}
