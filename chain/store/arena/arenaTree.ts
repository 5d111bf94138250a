import { EMPTY_HASH } from '../emptyHash.ts';
import { checkKey, checkValue, type KeyRange, type KeyValue } from '../kvStore.ts';
import type { Arena } from './arena.ts';
import { ArenaEditor } from './arenaEditor.ts';
import { findLeaf, iterateArena } from './arenaReads.ts';
import { ArenaView } from './arenaView.ts';
import type { StateTree } from './contract.ts';
import { hashWorking } from './hashWorking.ts';
import { MAX_VERSION, SIZE } from './layout.ts';
import { forgetEpochs } from './marks.ts';
import { hashOf, leafValue } from './nodes.ts';
import { PendingEdits } from './pendingEdits.ts';
import { VersionList } from './versionList.ts';
import { type NodeLists, WorkingNodes } from './workingNodes.ts';

const NO_NODES: NodeLists = { leaves: new Int32Array(0), inners: new Int32Array(0) };

/** A whole tree that was read into an arena. */
export interface LoadedTree {
  readonly version: number;
  /** 0 without keys. */
  readonly root: number;
}

/**
 * An IAVL tree in an arena: saved versions, and a working state on top of the latest. Root hashes and proofs equal those
 * of cosmos/iavl v1 for the same operations in the same versions. Keys and values are copied in and out. After a
 * RangeError for a full arena only `rollback` and reads of saved versions are allowed.
 */
export class ArenaTree implements StateTree {
  readonly arena: Arena;
  readonly #working: WorkingNodes;
  readonly #editor: ArenaEditor;
  readonly #pending: PendingEdits;
  readonly #versions: VersionList;
  #root: number;
  /** The version that edits are replayed as; 0 without a replay. */
  #replayed = 0;
  /** The version that working nodes were last hashed for. */
  #hashedVersion = 0;
  /** Grows when the nodes that iterations of the working state see may be freed. */
  #generation = 0;

  /** An empty tree, or one that was read whole; `maxEpochs` is for tests. */
  constructor(arena: Arena, loaded?: LoadedTree, maxEpochs?: number) {
    this.arena = arena;
    this.#working = new WorkingNodes(arena, maxEpochs);
    this.#editor = new ArenaEditor(arena, this.#working);
    this.#pending = new PendingEdits(arena);
    this.#versions = new VersionList(arena);
    this.#root = loaded?.root ?? 0;
    if (loaded !== undefined) this.#versions.add(loaded.version, loaded.root, NO_NODES);
  }

  get version(): number {
    return this.#versions.latest;
  }

  get size(): number {
    this.#doEdits();
    return this.#root === 0 ? 0 : this.arena.words[this.#root + SIZE]!;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    checkKey(key);
    this.#doEdits();
    const leaf = findLeaf(this.arena, this.#root, key);
    return leaf === 0 ? undefined : leafValue(this.arena, leaf);
  }

  has(key: Uint8Array): boolean {
    checkKey(key);
    this.#doEdits();
    return findLeaf(this.arena, this.#root, key) !== 0;
  }

  /**
   * The entries as they stand now. @throws Error from the iteration when the tree was saved or rolled back meanwhile.
   */
  iterate(range: KeyRange): Iterable<KeyValue> {
    this.#doEdits();
    this.#working.watch();
    const generation = this.#generation;
    const check = () => {
      if (this.#generation === generation) return;
      throw new Error('the tree was saved or rolled back during an iteration of its working state');
    };
    return iterateArena(this.arena, this.#root, { range, check });
  }

  set(key: Uint8Array, value: Uint8Array): void {
    checkKey(key);
    checkValue(value);
    this.#pending.set(key, value, this.#replayed);
    if (this.#pending.isFull) this.#doEdits();
  }

  remove(key: Uint8Array): boolean {
    if (!this.has(key)) return false;
    this.delete(key);
    this.#doEdits();
    return true;
  }

  delete(key: Uint8Array): void {
    checkKey(key);
    this.#pending.remove(key, this.#replayed);
    if (this.#pending.isFull) this.#doEdits();
  }

  /** Does the edits that wait for others, whose paths are read together. */
  #doEdits(): void {
    if (this.#pending.isEmpty) return;
    this.#pending.readPaths(this.#root);
    for (let edit = this.#pending.next(); edit !== undefined; edit = this.#pending.next()) {
      if (edit.version !== 0) this.#working.replayAs(edit.version);
      this.#root = this.#editor.apply(this.#root, edit);
      this.#pending.done();
    }
  }

  rootHash(nextVersion: number): Uint8Array {
    this.#checkNext(nextVersion);
    this.#doEdits();
    const evenIfHashed = this.#hashedVersion !== nextVersion;
    hashWorking(this.arena, this.#working, { version: nextVersion, evenIfHashed });
    this.#hashedVersion = nextVersion;
    return this.#root === 0 ? EMPTY_HASH : hashOf(this.arena, this.#root);
  }

  saveVersion(version: number): { readonly rootHash: Uint8Array } {
    const rootHash = this.rootHash(version);
    this.#generation++;
    this.#versions.add(version, this.#root, this.#working.save());
    this.#replayed = 0;
    if (this.#working.isLate) this.#forgetEpochs();
    return { rootHash };
  }

  #forgetEpochs(): void {
    for (const root of this.#versions.roots) forgetEpochs(this.arena.words, root);
    this.#working.restartEpochs();
  }

  replayAs(version: number): void {
    this.#checkNext(version);
    if (this.#replayed === 0) this.#giveUpVersions();
    this.#replayed = version;
  }

  #giveUpVersions(): void {
    if (this.#working.made.length > 0 || !this.#pending.isEmpty) {
      throw new Error('a replay begins with a saved version: there are edits since the last one');
    }
    this.#generation++;
    this.#versions.giveUp();
  }

  rollback(): void {
    if (this.#replayed !== 0) throw new Error('a replay cannot be rolled back');
    this.#generation++;
    this.#pending.discard();
    this.#working.discard();
    this.#root = this.#versions.latestRoot;
    this.#hashedVersion = 0;
  }

  view(version: number): ArenaView {
    const root = this.#versions.root(version);
    const check = () => this.#versions.check(version);
    return new ArenaView({ arena: this.arena, version, root, check });
  }

  release(version: number): void {
    this.#versions.release(version);
  }

  versions(): readonly number[] {
    return this.#versions.versions;
  }

  #checkNext(version: number): void {
    if (Number.isSafeInteger(version) && version > this.version && version < MAX_VERSION) return;
    const expected = `a version above ${this.version} and below 2^51`;
    throw new RangeError(`version: expected ${expected}, got ${version}`);
  }
}
