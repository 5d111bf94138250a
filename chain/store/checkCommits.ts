import type { Backing } from './backing.ts';
import { DamagedStoreError } from './errors.ts';
import type { Head } from './head.ts';
import { commitKey, versionOfKey } from './records.ts';

/**
 * Newest versions whose commit records are looked for. What was not flushed yet can be lost from the
 * middle of Level's log: it skips a damaged block and goes on. The log ends at 4 MiB and a commit has
 * more than 64 bytes, so that the log cannot hold more commits.
 */
export const CHECKED_COMMITS = 65_536;

/**
 * Checks that a commit record stands for every kept version up to the latest and for none beyond: a
 * batch that Level lost leaves a gap, a lost head leaves records beyond.
 * @throws DamagedStoreError naming the first version that is missing or too many.
 */
export async function checkCommits(backing: Backing, { floor, latest }: Head): Promise<void> {
  if (latest === 0) return;
  const first = Math.max(floor, latest - CHECKED_COMMITS + 1);
  const found = await backing.keys(commitKey(first), commitKey(Number.MAX_SAFE_INTEGER));
  const versions = found.map(versionOfKey);
  for (let version = first; version <= latest; version++) {
    if (versions[version - first] === version) continue;
    const detail = `the record is missing, although the head says ${latest}`;
    throw new DamagedStoreError('commit record', BigInt(version), detail);
  }
  const beyond = versions[latest - first + 1];
  if (beyond === undefined) return;
  throw new DamagedStoreError('head', BigInt(latest), `a commit record stands at ${beyond}`);
}
