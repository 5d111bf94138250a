import { type Backing, isDiskError } from './backing.ts';
import { checkCommits } from './checkCommits.ts';
import { appHashOf, sortedNames } from './commitInfo.ts';
import type { CommittedVersion, StoreProof } from './committedVersion.ts';
import { VersionError } from './errors.ts';
import { type Head, headChanges, readHead } from './head.ts';
import type { KVStore } from './kvStore.ts';
import { openBacking, openError } from './levelBacking.ts';
import { checkOptions, type MultiStoreOptions } from './options.ts';
import { earliestKept, pruneVersion, rememberDropped } from './pruning.ts';
import { oldestInWindow, type PruningWindow, pruningWindow } from './pruningStrategy.ts';
import { archiveChanges, archiveKey, readSealed } from './records.ts';
import { writeRollback } from './rollback.ts';
import { saveTrees } from './saveTrees.ts';
import { Tree } from './tree.ts';
import { VersionReader } from './versionReader.ts';
import { WorkingStore } from './workingStore.ts';

/** Versions stay exact as doubles, also when doubled for a zig-zag varint. */
const MAX_VERSION = 1n << 51n;

/** What is written in the same batch as the state. */
export interface CommitOptions {
  /** The version to make. Only the first may be other than the latest plus one. */
  readonly version?: bigint | undefined;
  /** Content kept beside the state, outside of the AppHash, by key. */
  readonly archive?: Iterable<[Uint8Array, Uint8Array]> | undefined;
  /** Opaque bytes of the engine; kept until a later commit gives other ones. */
  readonly metadata?: Uint8Array | undefined;
}

/**
 * The whole persistent state: named trees under one AppHash. Writes go to the working state; `commit`
 * makes them a version, in one atomic batch with everything that belongs to it.
 */
export class MultiStore {
  readonly #backing: Backing;
  readonly #window: PruningWindow | undefined;
  readonly #trees = new Map<string, Tree>();
  readonly #working = new Map<string, WorkingStore>();
  readonly #reader: VersionReader;
  #head: Head;
  #latest: CommittedVersion;
  #state: 'open' | 'committing' | 'failed' | 'closed' = 'open';
  #pending: Promise<void> = Promise.resolve();

  private constructor(backing: Backing, head: Head, options: MultiStoreOptions) {
    this.#backing = backing;
    this.#head = head;
    this.#window = pruningWindow(options.pruning);
    this.#reader = new VersionReader(backing, () => this.#head);
    const names = sortedNames(options.storeNames);
    this.#latest = this.#reader.latest(names, options.path ?? 'memory');
    for (const name of names) this.#openTree(name);
  }

  #openTree(name: string): void {
    const root = this.#latest.store(name).root;
    const tree = new Tree(this.#reader.loader(name), root, this.#head.latest);
    this.#trees.set(name, tree);
    const checkWritable = () => {
      this.#check('write');
      if (this.#trees.get(name) !== tree) throw new Error(`store ${name} was rolled back`);
    };
    this.#working.set(name, new WorkingStore(tree, checkWritable));
  }

  /**
   * Opens the state of a folder at its latest version; a new one starts at version 0.
   * @throws TypeError for bad options, StoreOpenError when the folder is in use, foreign or has other
   * stores, DamagedStoreError when its latest version does not read.
   */
  static async open(options: MultiStoreOptions): Promise<MultiStore> {
    checkOptions(options);
    const { path = 'memory' } = options;
    const backing = await openBacking(options);
    try {
      const head = await readHead(backing, path);
      await checkCommits(backing, head);
      return new MultiStore(backing, head, options);
    } catch (error) {
      await backing.close();
      throw isDiskError(error) ? openError(path, error) : error;
    }
  }

  /** The latest committed version, 0n before the first commit. */
  get version(): bigint {
    return BigInt(this.#head.latest);
  }

  /** The oldest version that can be read, 0n before the first commit. */
  get earliestVersion(): bigint {
    return BigInt(this.#head.earliest);
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

  /** The AppHash, 32 bytes, that `commit` would give for this version now. */
  workingHash(version?: bigint): Uint8Array {
    this.#check('hash');
    const next = this.#nextVersion(version);
    const hashes = [...this.#trees].map(([name, tree]) => ({ name, hash: tree.rootHash(next) }));
    return appHashOf(hashes);
  }

  /**
   * Makes the working state the next version. Until the answer comes the version before is the latest,
   * and nothing can be written. When the disk refuses the batch the store cannot be used any more:
   * open the folder again.
   */
  async commit(options: CommitOptions = {}): Promise<{ version: bigint; appHash: Uint8Array }> {
    this.#check('commit');
    const version = this.#nextVersion(options.version);
    const changes = archiveChanges(options.archive ?? []);
    const head = this.#headAfter(version, options.metadata);
    for (let old = this.#head.earliest; old > 0 && old < head.earliest; old++) {
      for (const change of pruneVersion(this.#backing, old)) changes.push(change);
    }
    const dropped = saveTrees(this.#trees, version, changes);
    changes.push(...rememberDropped(version, dropped), ...headChanges(head));
    await this.#write(this.#backing.write(changes));
    this.#head = head;
    this.#latest = this.#reader.committed(version, this.#trees);
    return { version: this.version, appHash: this.appHash };
  }

  /** Discards all writes since the last commit. */
  rollbackWorking(): void {
    this.#check('roll back');
    for (const tree of this.#trees.values()) tree.rollback();
  }

  /**
   * Makes a kept version the newest again, in one batch, after reading it whole. Archived content of
   * later versions stays until it is written again; a store taken before cannot be written any more.
   * Cost: O(n) for the keys of the version.
   * @throws VersionError when it is not kept, DamagedStoreError when it does not come to its AppHash.
   */
  async rollbackTo(version: bigint, metadata?: Uint8Array): Promise<void> {
    this.#check('roll back');
    this.at(version).verify();
    const { latest: from, ...rest } = this.#head;
    const head = { ...rest, latest: Number(version), metadata: metadata ?? rest.metadata };
    await this.#write(writeRollback(this.#backing, this.#trees.keys(), { from, head }));
    this.#head = head;
    this.#latest = this.#reader.version(head.latest);
    for (const name of this.#trees.keys()) this.#openTree(name);
  }

  /** A kept version, to read. @throws VersionError when it is pruned or not there yet. */
  at(version: bigint): CommittedVersion {
    this.#check('read');
    if (version === this.version) return this.#latest;
    if (version > this.version || version < this.earliestVersion) {
      throw new VersionError(version, this.earliestVersion, this.version);
    }
    return this.#reader.version(Number(version));
  }

  /**
   * Root hashes, 32 bytes, by store name at a kept version, in the order of the AppHash; sha256("") for a
   * store without keys. Cost: one record, whatever the size of the state.
   * @throws VersionError when it is pruned or not there yet.
   */
  roots(version: bigint): ReadonlyMap<string, Uint8Array> {
    return this.at(version).storeRoots;
  }

  /**
   * The proof that a key had its value, or was absent, at a version.
   * @throws VersionError, RangeError for an unknown store, UnprovableError when ICS23 has no such proof.
   */
  prove(version: bigint, storeName: string, key: Uint8Array): StoreProof {
    return this.at(version).prove(storeName, key);
  }

  /** What a commit archived under a key. @throws DamagedStoreError when it does not read. */
  archive(key: Uint8Array): Uint8Array | undefined {
    this.#check('read');
    const owner = { store: 'archive', version: this.#head.latest };
    return readSealed(this.#backing, archiveKey(key), owner);
  }

  /** The newest metadata that a commit stored. */
  metadata(): Uint8Array | undefined {
    return this.#head.metadata;
  }

  /** Waits for a commit under way, then lets go of the folder. Uncommitted writes are lost. */
  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    await this.#pending.catch(() => {});
    this.#state = 'closed';
    await this.#backing.close();
  }

  #nextVersion(wanted: bigint | undefined): number {
    const next = this.version + 1n;
    const version = wanted ?? next;
    const isFirst = this.#head.latest === 0;
    if (isFirst ? version >= 1n && version < MAX_VERSION : version === next) return Number(version);
    throw new RangeError(`version: expected ${isFirst ? 'at least 1' : next}, got ${version}`);
  }

  #headAfter(version: number, metadata: Uint8Array | undefined): Head {
    const first = this.#head.earliest === 0 ? version : this.#head.earliest;
    return {
      latest: version,
      earliest: earliestKept(first, oldestInWindow(version, this.#window)),
      metadata: metadata ?? this.#head.metadata,
    };
  }

  async #write(writing: Promise<void>): Promise<void> {
    this.#state = 'committing';
    this.#pending = writing;
    try {
      await this.#pending;
      this.#state = 'open';
    } catch (cause) {
      this.#state = 'failed';
      throw new Error('the state could not be written', { cause });
    }
  }

  #check(action: string): void {
    const isRead = action === 'read';
    if (this.#state === 'open' || (isRead && this.#state === 'committing')) return;
    throw new Error(`cannot ${action}: the store is ${this.#state}`);
  }
}
