import { toUtf8 } from '../../wire/bytes.ts';
import type { Backing } from './backing.ts';
import { decodeCommitInfo, type StoreRoot } from './commitInfo.ts';
import { CommittedVersion } from './committedVersion.ts';
import { DamagedStoreError, StoreOpenError, VersionError } from './errors.ts';
import type { Head } from './head.ts';
import type { LoadNode } from './node.ts';
import { decodeNode } from './nodeRecord.ts';
import { commitKey, decodeRecord, nodeRecordKey, readSealed } from './records.ts';
import type { Tree } from './tree.ts';
import { TreeView } from './treeView.ts';

/** Reads saved versions and their nodes from the records. */
export class VersionReader {
  readonly #backing: Backing;
  readonly #head: () => Head;

  constructor(backing: Backing, head: () => Head) {
    this.#backing = backing;
    this.#head = head;
  }

  /** Reads the nodes of a store, for a view of `version` or, by default, for what is always kept. */
  loader(store: string, version?: number): LoadNode {
    const name = toUtf8(store);
    return (stored) => {
      const owner = { store, version: version ?? this.#head().latest };
      const content = readSealed(this.#backing, nodeRecordKey(name, stored.id), owner);
      if (content === undefined) {
        this.#checkKept(owner.version);
        const detail = `node ${stored.id.version}/${stored.id.nonce} is missing`;
        throw new DamagedStoreError(store, BigInt(owner.version), detail);
      }
      return decodeRecord(owner, () => decodeNode(content, stored));
    };
  }

  /** The latest version on disk. @throws StoreOpenError when its stores are not `names`. */
  latest(names: readonly string[], path: string): CommittedVersion {
    const version = this.#head().latest;
    if (version === 0) {
      return new CommittedVersion(0, new Map(names.map((name) => [name, this.#view({ name }, 0)])));
    }
    const found = this.#roots(version).map(({ name }) => name);
    const absent = found.filter((name) => !names.includes(name));
    const added = names.filter((name) => !found.includes(name));
    if (absent.length > 0 || added.length > 0) {
      const detail = `its stores differ: on disk only [${absent}], in this program only [${added}]`;
      throw new StoreOpenError('stores', path, detail);
    }
    return this.version(version);
  }

  /** A version on disk. @throws DamagedStoreError when its record or a root does not read. */
  version(version: number): CommittedVersion {
    const views = this.#roots(version).map(
      (store) => [store.name, this.#view(store, version)] as const,
    );
    return new CommittedVersion(version, new Map(views));
  }

  /** The version that trees have just been saved as, sharing their nodes. */
  committed(version: number, trees: ReadonlyMap<string, Tree>): CommittedVersion {
    const views = [...trees].map(
      ([name, tree]) => [name, new TreeView(tree.saved.root, this.loader(name, version))] as const,
    );
    return new CommittedVersion(version, new Map(views));
  }

  #view({ name, root }: { name: string; root?: StoreRoot['root'] }, version: number): TreeView {
    const load = this.loader(name, version);
    return new TreeView(root && load(root), load);
  }

  #roots(version: number): StoreRoot[] {
    const owner = { store: 'commit record', version };
    const content = readSealed(this.#backing, commitKey(version), owner);
    if (content === undefined) {
      throw new DamagedStoreError(owner.store, BigInt(version), 'the record is missing');
    }
    return decodeRecord(owner, () => decodeCommitInfo(content));
  }

  #checkKept(version: number): void {
    const { earliest, latest } = this.#head();
    if (version >= earliest) return;
    throw new VersionError(BigInt(version), BigInt(earliest), BigInt(latest));
  }
}
