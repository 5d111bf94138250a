import { isDiskError } from './backing.ts';
import {
  type BatchPlan,
  type CommitOptions,
  planCommit,
  planRestore,
  planRollback,
} from './batchPlan.ts';
import { appHashOf } from './commitInfo.ts';
import type { CommittedVersion, StoreProof } from './committedVersion.ts';
import { nextVersion } from './head.ts';
import { KeptVersions } from './keptVersions.ts';
import type { KVStore } from './kvStore.ts';
import { openBacking, openError } from './levelBacking.ts';
import { LiveTrees } from './liveTrees.ts';
import { logBytesAt, type OpenedStore, openStore } from './openStore.ts';
import { checkOptions, type MultiStoreOptions } from './options.ts';
import { type PruningWindow, pruningWindow } from './pruningStrategy.ts';
import { archiveKey, decodeRecord, readSealed } from './records.ts';
import type { SnapshotManifest } from './snapshots/manifest.ts';
import { SnapshotRestore } from './snapshots/restore.ts';
import type { PinnedVersion } from './snapshots/snapshotFolder.ts';
import { workingStores } from './workingStore.ts';
import { WriteGate } from './writeGate.ts';

/**
 * The whole persistent state: named trees under one AppHash. Writes go to the working state; `commit`
 * makes them a version, in one atomic batch with everything that belongs to it.
 */
export class MultiStore {
  readonly #opened: OpenedStore;
  readonly #window: PruningWindow | undefined;
  readonly #kept: KeptVersions;
  #working: ReadonlyMap<string, KVStore> = new Map();
  #live: LiveTrees;
  #latest: CommittedVersion;
  #logBytes: number;
  readonly #gate = new WriteGate();

  private constructor(opened: OpenedStore, options: MultiStoreOptions) {
    const { history, live, current } = opened;
    const { latest } = current.head;
    this.#opened = opened;
    this.#live = live;
    this.#window = pruningWindow(options.pruning);
    this.#kept = new KeptVersions({ history, current, live: () => this.#live, options });
    this.#latest =
      latest > 0 ? this.#kept.at(BigInt(latest)) : this.#kept.committed(0, live.roots());
    this.#logBytes = logBytesAt(history, latest);
    this.#openStores();
  }

  #openStores(): void {
    const live = this.#live;
    this.#working = workingStores(live, () => {
      this.#gate.check('write');
      if (this.#live !== live) throw new Error('the store was rolled back');
    });
  }

  /**
   * Opens the state of a folder at its latest version; a new one starts at version 0.
   * @throws TypeError for bad options, StoreOpenError when the folder is in use, foreign or has other
   * stores, DamagedStoreError when its latest version does not read.
   */
  static async open(options: MultiStoreOptions): Promise<MultiStore> {
    checkOptions(options);
    const backing = await openBacking(options);
    try {
      return new MultiStore(await openStore(backing, options), options);
    } catch (error) {
      await backing.close();
      throw isDiskError(error) ? openError(options.path ?? 'memory', error) : error;
    }
  }

  /** The latest committed version, 0n before the first commit. */
  get version(): bigint {
    return BigInt(this.#opened.current.head.latest);
  }

  /** The oldest version that can be read, 0n before the first commit. */
  get earliestVersion(): bigint {
    return BigInt(this.#opened.current.head.earliest);
  }

  /** The AppHash of the latest committed version, 32 bytes; sha256("") at version 0. */
  get appHash(): Uint8Array {
    return this.#latest.appHash;
  }

  /** The working state of a store. @throws RangeError when there is no such store. */
  store(name: string): KVStore {
    const store = this.#working.get(name);
    if (store === undefined) throw new RangeError(`there is no store "${name}"`);
    return store;
  }

  /** Grows with each change of the working state: who remembers what it read can tell whether that still stands. */
  get edits(): number {
    return this.#gate.edits;
  }

  /** The AppHash, 32 bytes, that `commit` would give for this version now. */
  workingHash(version?: bigint): Uint8Array {
    this.#gate.check('hash');
    const next = nextVersion(this.#opened.current.head, version);
    return appHashOf(this.#live.hashes(next));
  }

  /**
   * Makes the working state the next version. Until the answer comes the version before is the latest, and nothing
   * can be written. When the disk refuses the batch the store cannot be used any more: open the folder again.
   */
  async commit(options: CommitOptions = {}): Promise<{ version: bigint; appHash: Uint8Array }> {
    this.#gate.check('commit');
    const { images } = this.#opened;
    images.check();
    const version = nextVersion(this.#opened.current.head, options.version);
    const saved = this.#live.save(version);
    const logBytes = saved.chunks.reduce((sum, { length }) => sum + length, this.#logBytes);
    const next = { version, saved, logBytes, window: this.#window };
    await this.#apply(() => planCommit(this.#opened, next, options));
    this.#logBytes = logBytes;
    this.#latest = this.#kept.committed(version, saved.stores);
    this.#live.retire(Number(this.earliestVersion));
    await images.consider(this.#live, logBytes);
    return { version: this.version, appHash: this.appHash };
  }

  /** Discards all writes since the last commit. */
  rollbackWorking(): void {
    this.#gate.check('roll back');
    this.#live.rollback();
  }

  /**
   * Makes a kept version the newest again, in one batch, after bringing it back from the disk and computing its hashes
   * anew. Archived content of later versions stays until it is written again; a store or version taken
   * before cannot be used any more. Cost: O(n) for the keys of the version.
   * @throws VersionError when it is not kept, DamagedStoreError when it does not come to its AppHash.
   */
  async rollbackTo(version: bigint, metadata?: Uint8Array): Promise<void> {
    this.#gate.check('roll back');
    this.#kept.check(version);
    const { images, history } = this.#opened;
    const target = Number(version);
    const state = history.rebuild(target);
    for (const [store, tree] of state.trees)
      decodeRecord({ store, version: target }, () => tree.view(target).verify());
    await this.#gate.write(images.settle());
    await this.#apply(() => planRollback(this.#opened, target, metadata));
    this.#moveTo(new LiveTrees(state, this.#live.names, target), target);
    images.rewind(logBytesAt(history, history.imageBefore(target)));
  }

  #moveTo(live: LiveTrees, version: number): void {
    this.#live = live;
    this.#kept.rolledBack();
    this.#latest = this.#kept.at(BigInt(version));
    this.#logBytes = logBytesAt(this.#opened.history, version);
    this.#openStores();
  }

  /** The latest version with what the engine stored with it; it stays in memory until `release`. */
  pin(): PinnedVersion {
    this.#gate.check('read');
    const live = this.#live;
    const { version, views } = live.pin();
    const metadata = this.metadata() ?? new Uint8Array(0);
    return { version, stores: views, metadata, release: () => live.unpin(version) };
  }

  /** Begins to restore a snapshot into a new store. @throws Error when the store has a version. */
  beginRestore(manifest: SnapshotManifest, appHash: Uint8Array): SnapshotRestore {
    this.#gate.check('restore');
    if (this.version > 0n) throw new Error(`cannot restore: the store is at ${this.version}`);
    const { names: storeNames } = this.#live;
    return new SnapshotRestore({ manifest, appHash, storeNames, space: this.#opened.kind.space() });
  }

  /**
   * Makes a restored snapshot the state, with content to archive: as a whole, or not at all.
   * @throws SnapshotError when it is not what was offered, and the store is as new as before.
   */
  async finishRestore(
    restore: SnapshotRestore,
    archive: CommitOptions['archive'] = [],
  ): Promise<void> {
    this.#gate.check('restore');
    const { version, metadata } = restore.manifest;
    const live = new LiveTrees(restore.finish(), this.#live.names, version);
    await this.#gate.write(this.#opened.images.makeNow(live));
    const restored = { version, stores: live.roots(), metadata, archive };
    await this.#apply(() => planRestore(this.#opened, restored));
    this.#moveTo(live, version);
  }

  /** A kept version, to read: reads throw BusyError. @throws VersionError when it is pruned or not there yet. */
  at(version: bigint): CommittedVersion {
    this.#gate.check('read');
    return version === this.version ? this.#latest : this.#kept.at(version);
  }

  /** Root hashes, 32 bytes, by store name, at a kept version. Cost: one record. @throws VersionError as `at`. */
  roots(version: bigint): ReadonlyMap<string, Uint8Array> {
    return this.at(version).storeRoots;
  }

  /** The proof of a key at a version. @throws VersionError as `at`, and what `prove` of the version throws. */
  prove(version: bigint, storeName: string, key: Uint8Array): StoreProof {
    return this.at(version).prove(storeName, key);
  }

  /** What a commit archived under a key. @throws DamagedStoreError when it does not read. */
  archive(key: Uint8Array): Uint8Array | undefined {
    this.#gate.check('read');
    const owner = { store: 'archive', version: this.#opened.current.head.latest };
    return readSealed(this.#opened.backing, archiveKey(key), owner);
  }

  /** The newest metadata that a commit stored. */
  metadata(): Uint8Array | undefined {
    return this.#opened.current.head.metadata;
  }

  /** Waits for a commit under way, then lets go of the folder. Uncommitted writes are lost. */
  async close(): Promise<void> {
    if (this.#gate.isClosed) return;
    const isWhole = await this.#gate.close();
    const { images, backing, current } = this.#opened;
    try {
      await (isWhole ? images.finish(this.#live, this.#logBytes) : images.settle());
      const { changes, written } = images.step(current.head.earliest);
      if (isWhole && changes.length > 0) await backing.write(changes).then(written);
    } finally {
      await backing.close();
    }
  }

  /** What fails on the way to the disk leaves the trees ahead of it: the store cannot be used any more then. */
  async #apply(plan: () => BatchPlan): Promise<void> {
    const writing = async () => {
      const { changes, written } = plan();
      await this.#opened.backing.write(changes);
      written();
    };
    await this.#gate.write(writing());
  }
}
