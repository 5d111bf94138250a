import type { Change } from './backing.ts';
import type { Head } from './head.ts';
import type { History } from './history.ts';
import { commitKey, logKey } from './records.ts';

/** Most versions one commit removes: a long interval, or a window made smaller, takes several commits. */
export const MAX_PRUNED_PER_COMMIT = 32;

/** The oldest version to keep when the window wants `wanted` to be it. */
export function earliestKept(earliest: number, wanted: number): number {
  return Math.min(Math.max(earliest, wanted), earliest + MAX_PRUNED_PER_COMMIT);
}

/** The oldest version to have on record when nothing before `base` is needed. */
export function floorAfter({ floor }: Head, base: number): number {
  return Math.min(Math.max(floor, base), floor + MAX_PRUNED_PER_COMMIT);
}

/** The changes that take a version off the record: its commit record and its changes. */
export function forgetVersion(history: History, version: number): Change[] {
  const { logChunks } = history.info(version);
  const changes: Change[] = [{ key: commitKey(version), value: undefined }];
  for (let chunk = 0; chunk < logChunks; chunk++) {
    changes.push({ key: logKey(version, chunk), value: undefined });
  }
  return changes;
}
