/** What one batch of the store holds: that of a commit, and that of a rollback. */
import type { Change } from './backing.ts';
import { logChanges } from './changeLog.ts';
import { encodeCommitInfo, type StoreHash } from './commitInfo.ts';
import { type Head, headChanges } from './head.ts';
import type { ImageStep } from './imageKeeper.ts';
import type { SavedChanges } from './liveTrees.ts';
import type { OpenedStore } from './openStore.ts';
import { earliestKept, floorAfter, forgetVersion } from './pruning.ts';
import { oldestInWindow, type PruningWindow } from './pruningStrategy.ts';
import { archiveChanges, commitKey, sealed } from './records.ts';

/** What is written in the same batch as the state. */
export interface CommitOptions {
  /** The version to make. Only the first may be other than the latest plus one. */
  readonly version?: bigint | undefined;
  /** Content kept beside the state, outside of the AppHash, by key. */
  readonly archive?: Iterable<[Uint8Array, Uint8Array]> | undefined;
  /** Opaque bytes of the engine; kept until a later commit gives other ones. */
  readonly metadata?: Uint8Array | undefined;
}

/** A batch, and what is true once it is written. */
export interface BatchPlan {
  readonly changes: readonly Change[];
  readonly head: Head;
  /** To be called once the batch is written. */
  written(): void;
}

/** A version that is about to be committed. */
export interface NextVersion {
  readonly version: number;
  readonly saved: SavedChanges;
  /** Bytes of the log with this version. */
  readonly logBytes: number;
  readonly window: PruningWindow | undefined;
}

/** The batch of a commit: archive, what is pruned, the version with its changes, images, head. */
export function planCommit(
  { current, history, images }: OpenedStore,
  { version, saved, logBytes, window }: NextVersion,
  { archive = [], metadata }: CommitOptions,
): BatchPlan {
  const { stores, chunks } = saved;
  const before = current.head;
  const started =
    before.latest === 0 ? { ...before, earliest: version, first: version, floor: version } : before;
  const earliest = earliestKept(started.earliest, oldestInWindow(version, window));
  const step = images.step(earliest);
  const floor = floorAfter(started, step.base);
  const head = {
    ...started,
    latest: version,
    earliest,
    floor,
    metadata: metadata ?? before.metadata,
  };
  const changes = archiveChanges(archive);
  for (let old = started.floor; old < floor; old++) changes.push(...forgetVersion(history, old));
  changes.push(...logChanges(version, chunks));
  const info = { stores, logChunks: chunks.length, logBytes };
  changes.push(sealed(commitKey(version), encodeCommitInfo(info)));
  return planned(current, { changes, step, head });
}

/** The batch that makes a kept version the newest again: all of later versions goes. */
export function planRollback(
  { current, history, images }: OpenedStore,
  version: number,
  metadata: Uint8Array | undefined,
): BatchPlan {
  const { latest, ...rest } = current.head;
  const changes: Change[] = [];
  for (let later = version + 1; later <= latest; later++) {
    changes.push(...forgetVersion(history, later));
  }
  const head = { ...rest, latest: version, metadata: metadata ?? rest.metadata };
  return planned(current, { changes, step: images.stepBack(version), head });
}

/** A state that comes from elsewhere, as a version. */
export interface RestoredVersion {
  readonly version: number;
  readonly stores: readonly StoreHash[];
  readonly metadata: Uint8Array;
  readonly archive: Iterable<[Uint8Array, Uint8Array]>;
}

/** The first batch of a store whose state was restored: an image of it must be finished. */
export function planRestore(
  { current, images }: OpenedStore,
  { version, stores, metadata, archive }: RestoredVersion,
): BatchPlan {
  const info = encodeCommitInfo({ stores, logChunks: 0, logBytes: 0 });
  const changes = [...archiveChanges(archive), sealed(commitKey(version), info)];
  const head = { latest: version, earliest: version, first: 1, floor: version, metadata };
  return planned(current, { changes, step: images.step(version), head });
}

interface Parts {
  readonly changes: readonly Change[];
  readonly step: ImageStep;
  readonly head: Head;
}

function planned(current: OpenedStore['current'], { changes, step, head }: Parts): BatchPlan {
  return {
    changes: [...changes, ...step.changes, ...headChanges(head)],
    head,
    written() {
      step.written();
      current.head = head;
    },
  };
}
