/**
 * The records of the disk: their keys, and the seal that shows damage. A record is the CRC-32 of its
 * key and content (4 bytes, big endian), then the content, so that a record that was altered, cut or
 * put in the place of another does not read.
 */
import { crc32 } from 'node:zlib';
import { concatBytes, toBigEndian, toUtf8 } from '../../wire/bytes.ts';
import { type Backing, type Change, isDiskError } from './backing.ts';
import { ByteWriter } from './byteWriter.ts';
import { DamagedStoreError, VersionError } from './errors.ts';
import type { NodeId } from './node.ts';

const SEAL_BYTES = 4;
const writer = new ByteWriter();

/** Key of the format marker. */
export const FORMAT_KEY: Uint8Array = toUtf8('f');
/** Key of the head: what the latest version is. */
export const HEAD_KEY: Uint8Array = toUtf8('h');
const COMMIT_PREFIX = toUtf8('c');
const DROPPED_PREFIX = toUtf8('d');
const ARCHIVE_PREFIX = toUtf8('a');
const NODE_PREFIX = toUtf8('n');

/** Key of the store roots of a version. */
export function commitKey(version: number): Uint8Array {
  return concatBytes(COMMIT_PREFIX, toBigEndian(BigInt(version), 8));
}

/** Key of the list of nodes that a version no longer uses. */
export function droppedKey(version: number): Uint8Array {
  return concatBytes(DROPPED_PREFIX, toBigEndian(BigInt(version), 8));
}

/** Key of archived content. */
export function archiveKey(key: Uint8Array): Uint8Array {
  return concatBytes(ARCHIVE_PREFIX, key);
}

/** Key of a node: store name, then version and nonce big endian, as IAVL v1 orders its nodes. */
export function nodeRecordKey(storeName: Uint8Array, id: NodeId): Uint8Array {
  writer.raw(NODE_PREFIX).bytes(storeName);
  writer.raw(toBigEndian(BigInt(id.version), 8)).raw(toBigEndian(BigInt(id.nonce), 4));
  return writer.take();
}

/** The change that writes a sealed record. */
export function sealed(key: Uint8Array, content: Uint8Array): Change {
  const value = new Uint8Array(SEAL_BYTES + content.length);
  new DataView(value.buffer).setUint32(0, sealOf(key, content));
  value.set(content, SEAL_BYTES);
  return { key, value };
}

/** The changes that archive content by key. */
export function archiveChanges(archive: Iterable<[Uint8Array, Uint8Array]>): Change[] {
  const changes: Change[] = [];
  for (const [key, content] of archive) changes.push(sealed(archiveKey(key), content));
  return changes;
}

/** Which record is read, for the error when it is damaged. */
export interface RecordOwner {
  readonly store: string;
  readonly version: number;
}

/**
 * The content of a sealed record, or undefined when there is none.
 * @throws DamagedStoreError when the seal does not fit.
 */
export function readSealed(
  backing: Backing,
  key: Uint8Array,
  owner: RecordOwner,
): Uint8Array | undefined {
  const record = readRecord(backing, key, owner);
  if (record === undefined) return undefined;
  const content = record.subarray(SEAL_BYTES);
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  if (record.length < SEAL_BYTES || view.getUint32(0) !== sealOf(key, content)) {
    const detail = `a record of ${record.length} bytes does not fit its checksum`;
    throw new DamagedStoreError(owner.store, BigInt(owner.version), detail);
  }
  return content;
}

/** What the disk gives for a key; its errors become damage of `owner`. */
function readRecord(backing: Backing, key: Uint8Array, owner: RecordOwner): Uint8Array | undefined {
  try {
    return backing.get(key);
  } catch (cause) {
    if (!isDiskError(cause)) throw cause;
    throw new DamagedStoreError(owner.store, BigInt(owner.version), cause.message, { cause });
  }
}

function sealOf(key: Uint8Array, content: Uint8Array): number {
  return crc32(content, crc32(key));
}

/** What `decode` gives; its errors become damage of `owner`, unless they say more already. */
export function decodeRecord<Result>(owner: RecordOwner, decode: () => Result): Result {
  try {
    return decode();
  } catch (cause) {
    if (cause instanceof DamagedStoreError || cause instanceof VersionError) throw cause;
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new DamagedStoreError(owner.store, BigInt(owner.version), detail, { cause });
  }
}
