import { equalBytes, toUtf8 } from '../../wire/bytes.ts';
import type { Backing, Change } from './backing.ts';
import { ByteReader } from './byteReader.ts';
import { ByteWriter } from './byteWriter.ts';
import { DamagedStoreError, StoreOpenError } from './errors.ts';
import { decodeRecord, FORMAT_KEY, HEAD_KEY, readSealed, sealed } from './records.ts';

/** What the folder must say it is. A change of any record's layout changes the number. */
const FORMAT = toUtf8('depind state store 2');

/** What folders of development versions say, which kept every node of a tree as a record. */
const NODE_FORMAT = toUtf8('depind state store 1');

/** Which versions there are, and what the engine stored with the latest. */
export interface Head {
  /** Newest committed version, 0 before the first. */
  readonly latest: number;
  /** Oldest version that can be read. */
  readonly earliest: number;
  /** The version of the first commit. */
  readonly first: number;
  /** Oldest version whose commit record and changes are on disk: some are needed longer than the version is kept. */
  readonly floor: number;
  readonly metadata: Uint8Array | undefined;
}

/** Versions stay exact as doubles, also when doubled for a zig-zag varint. */
const MAX_VERSION = 1n << 51n;

/** The version that follows. @throws RangeError when another is wanted; the first may be any. */
export function nextVersion({ latest }: Head, wanted: bigint | undefined): number {
  const next = BigInt(latest) + 1n;
  const version = wanted ?? next;
  const isFirst = latest === 0;
  if (isFirst ? version >= 1n && version < MAX_VERSION : version === next) return Number(version);
  const expected = isFirst ? `1 to ${MAX_VERSION - 1n}` : next;
  throw new RangeError(`version: expected ${expected}, got ${version}`);
}

/** The changes that make `head` the one that is read next time. */
export function headChanges(head: Head): Change[] {
  const { latest, earliest, first, floor, metadata } = head;
  const writer = new ByteWriter().unsigned(latest).unsigned(earliest).unsigned(first);
  writer.unsigned(floor);
  writer.unsigned(metadata === undefined ? 0 : 1);
  if (metadata !== undefined) writer.bytes(metadata);
  return [{ key: FORMAT_KEY, value: FORMAT }, sealed(HEAD_KEY, writer.take())];
}

/**
 * The head of a backing; of a new one when it is empty.
 * @throws StoreOpenError when the records are of another format, DamagedStoreError when they do not read.
 */
export async function readHead(backing: Backing, path: string): Promise<Head> {
  const format = backing.get(FORMAT_KEY);
  if (format === undefined && (await backing.isEmpty())) {
    return { latest: 0, earliest: 0, first: 0, floor: 0, metadata: undefined };
  }
  if (format === undefined || !equalBytes(format, FORMAT)) {
    if (format !== undefined && equalBytes(format, NODE_FORMAT)) throw outdatedError(path);
    const found = format === undefined ? 'no format marker' : `"${printable(format)}"`;
    const detail = `expected the format "${printable(FORMAT)}", found ${found}`;
    throw new StoreOpenError('format', path, detail);
  }
  const owner = { store: 'head', version: 0 };
  const content = readSealed(backing, HEAD_KEY, owner);
  if (content === undefined) throw new DamagedStoreError('head', 0n, 'the record is missing');
  return decodeRecord(owner, () => decodeHead(content));
}

function outdatedError(path: string): StoreOpenError {
  const detail =
    'it was written by a development version of depind, whose format is no longer read; ' +
    'begin anew with --reset, or remove the folder to run all blocks again';
  return new StoreOpenError('format', path, detail);
}

function decodeHead(content: Uint8Array): Head {
  const reader = new ByteReader(content, 'head record');
  const latest = reader.unsigned();
  const earliest = reader.unsigned();
  const first = reader.unsigned();
  const floor = reader.unsigned();
  const metadata = reader.unsigned() === 0 ? undefined : reader.bytes().slice();
  reader.end();
  const isInOrder = first >= 1 && first <= floor && floor <= earliest && earliest <= latest;
  if (isInOrder) return { latest, earliest, first, floor, metadata };
  const found = `first ${first}, floor ${floor}, earliest ${earliest}, latest ${latest}`;
  throw reader.fail(`versions are not in order: ${found}`);
}

function printable(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 40)).replace(/[^ -~]/g, '?');
}
