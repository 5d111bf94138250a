import type { SavedTree } from './arena/contract.ts';
import type { StoreHash } from './commitInfo.ts';
import { CommittedVersion } from './committedVersion.ts';
import { EMPTY_VIEW } from './emptyView.ts';
import { VersionError } from './errors.ts';
import type { Head } from './head.ts';
import type { History } from './history.ts';
import type { LiveTrees } from './liveTrees.ts';
import { PastVersions, type PastVersionsOptions } from './pastVersions.ts';
import { StoreView } from './storeView.ts';

/** What the versions of a store are read from. */
export interface KeptVersionsParts {
  readonly history: History;
  readonly current: { readonly head: Head };
  live(): LiveTrees;
  readonly options: PastVersionsOptions;
}

/** The committed versions: those in memory, and those that are brought back from the disk. */
export class KeptVersions {
  readonly #parts: KeptVersionsParts;
  readonly #past: PastVersions;
  /** Rollbacks until now: a version that was taken before may have been replaced by one. */
  #rollbacks = 0;

  constructor(parts: KeptVersionsParts) {
    this.#parts = parts;
    this.#past = new PastVersions(parts.history, parts.options);
  }

  /** A version with the roots on record. @throws VersionError when it is not kept, DamagedStoreError. */
  at(version: bigint): CommittedVersion {
    this.check(version);
    const number = Number(version);
    return this.committed(number, this.#parts.history.info(number).stores);
  }

  /** A version whose roots are known, in the order of the AppHash. */
  committed(version: number, stores: readonly StoreHash[]): CommittedVersion {
    const rollbacks = this.#rollbacks;
    const views = stores.map(({ name, hash }) => {
      const tree = () => {
        if (rollbacks !== this.#rollbacks)
          throw new Error('the version was taken before a rollback');
        return this.#tree(name, version);
      };
      return [name, new StoreView(hash, tree)] as const;
    });
    return new CommittedVersion(version, new Map(views));
  }

  /** Forgets what was brought back, and refuses reads of what was taken before. */
  rolledBack(): void {
    this.#past.clear();
    this.#rollbacks++;
  }

  #tree(name: string, version: number): SavedTree {
    if (version === 0) return EMPTY_VIEW;
    this.check(BigInt(version));
    const view = this.#parts.live().view(name, version) ?? this.#past.view(name, version);
    if (view === undefined) throw new RangeError(`there was no store "${name}" at ${version}`);
    return view;
  }

  /** @throws VersionError when the version is pruned or not there yet. */
  check(version: bigint): void {
    const { earliest, latest } = this.#parts.current.head;
    if (version >= earliest && version <= latest) return;
    throw new VersionError(version, BigInt(earliest), BigInt(latest));
  }
}
