import { toUtf8 } from '../../wire/bytes.ts';
import { ProtoReader } from '../../wire/protobuf.ts';
import type { Backing, Change } from './backing.ts';
import { ByteWriter } from './byteWriter.ts';
import type { NodeId } from './node.ts';
import { readBytes, readNumber } from './nodeRecord.ts';
import {
  commitKey,
  decodeRecord,
  droppedKey,
  nodeRecordKey,
  readSealed,
  sealed,
} from './records.ts';

/** Most versions one commit removes: a long interval, or a window made smaller, takes several commits. */
export const MAX_PRUNED_PER_COMMIT = 32;

/** Saved nodes of one store that a version no longer uses. */
export interface DroppedNodes {
  readonly store: string;
  readonly ids: readonly NodeId[];
}

/** The change that remembers what `version` no longer uses, or none when it uses all. */
export function rememberDropped(version: number, dropped: readonly DroppedNodes[]): Change[] {
  const touched = dropped.filter(({ ids }) => ids.length > 0);
  if (touched.length === 0) return [];
  const writer = new ByteWriter().unsigned(touched.length);
  for (const { store, ids } of touched) {
    writer.bytes(toUtf8(store)).unsigned(ids.length);
    for (const id of ids) writer.unsigned(id.version).unsigned(id.nonce);
  }
  return [sealed(droppedKey(version), writer.take())];
}

/** The oldest version to keep when the window wants `wanted` to be it. */
export function earliestKept(earliest: number, wanted: number): number {
  return Math.min(Math.max(earliest, wanted), earliest + MAX_PRUNED_PER_COMMIT);
}

/**
 * The changes that remove version `version`: its commit record, and the nodes it is the last to use,
 * which are those the next version dropped.
 */
export function pruneVersion(backing: Backing, version: number): Change[] {
  const changes: Change[] = [{ key: commitKey(version), value: undefined }];
  const listKey = droppedKey(version + 1);
  const owner = { store: 'dropped nodes', version: version + 1 };
  const list = readSealed(backing, listKey, owner);
  if (list === undefined) return changes;
  for (const key of decodeRecord(owner, () => decodeDropped(list))) {
    changes.push({ key, value: undefined });
  }
  changes.push({ key: listKey, value: undefined });
  return changes;
}

/** The record keys of the nodes in a list; every node takes bytes, so the counts are bounded. */
function decodeDropped(list: Uint8Array): Uint8Array[] {
  const reader = new ProtoReader(list, 'list of dropped nodes');
  const keys: Uint8Array[] = [];
  for (let stores = readNumber(reader); stores > 0; stores--) {
    const store = readBytes(reader);
    for (let nodes = readNumber(reader); nodes > 0; nodes--) {
      const id = { version: readNumber(reader), nonce: readNumber(reader) };
      keys.push(nodeRecordKey(store, id));
    }
  }
  if (!reader.done) throw reader.fail('bytes are left over');
  return keys;
}
