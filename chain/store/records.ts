/**
 * The records of the disk: their keys, and the seal that shows damage. A record is the CRC-32 of its
 * key and content (4 bytes, big endian), then the content, so that a record that was altered, cut or
 * put in the place of another does not read.
 */
import { crc32 } from 'node:zlib';
import { concatBytes, fromBigEndian, toBigEndian, toUtf8 } from '../../wire/bytes.ts';
import { type Backing, type Change, isDiskError } from './backing.ts';
import { DamagedStoreError, VersionError } from './errors.ts';

const SEAL_BYTES = 4;

/** Key of the format marker. */
export const FORMAT_KEY: Uint8Array = toUtf8('f');
/** Key of the head: what the latest version is. */
export const HEAD_KEY: Uint8Array = toUtf8('h');
const COMMIT_PREFIX = toUtf8('c');
const LOG_PREFIX = toUtf8('l');
const IMAGE_PREFIX = toUtf8('i');
const ARCHIVE_PREFIX = toUtf8('a');

/** Key of the store roots of a version. */
export function commitKey(version: number): Uint8Array {
  return concatBytes(COMMIT_PREFIX, toBigEndian(BigInt(version), 8));
}

/** Key of a chunk of the changes of a version. */
export function logKey(version: number, chunk: number): Uint8Array {
  return concatBytes(LOG_PREFIX, toBigEndian(BigInt(version), 8), toBigEndian(BigInt(chunk), 4));
}

/** Key of what is on record of the image of a version. */
export function imageKey(version: number): Uint8Array {
  return concatBytes(IMAGE_PREFIX, toBigEndian(BigInt(version), 8));
}

/** Key of archived content. */
export function archiveKey(key: Uint8Array): Uint8Array {
  return concatBytes(ARCHIVE_PREFIX, key);
}

/** The version in a key of `commitKey` or `imageKey`. */
export function versionOfKey(key: Uint8Array): number {
  return Number(fromBigEndian(key.subarray(-8)));
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
