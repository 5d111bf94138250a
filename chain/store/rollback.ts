import { toUtf8 } from '../../wire/bytes.ts';
import type { Backing, Change } from './backing.ts';
import { type Head, headChanges } from './head.ts';
import { commitKey, droppedKey, nodeRecordKey } from './records.ts';

/**
 * Makes `head.latest`, a kept version, the newest again: all nodes, commit records and
 * lists of dropped nodes of later versions go, in one batch. What the later versions no longer used is still there,
 * because a node goes only with the last version that uses it. Cost: a change for each node made since.
 */
export async function writeRollback(
  backing: Backing,
  storeNames: Iterable<string>,
  { from, head }: { readonly from: number; readonly head: Head },
): Promise<void> {
  const changes: Change[] = [];
  for (let version = head.latest + 1; version <= from; version++) {
    changes.push({ key: commitKey(version), value: undefined });
    changes.push({ key: droppedKey(version), value: undefined });
  }
  for (const store of storeNames) {
    const name = toUtf8(store);
    const first = nodeRecordKey(name, { version: head.latest + 1, nonce: 0 });
    const end = nodeRecordKey(name, { version: from + 1, nonce: 0 });
    for (const key of await backing.keys(first, end)) changes.push({ key, value: undefined });
  }
  for (const change of headChanges(head)) changes.push(change);
  await backing.write(changes);
}
