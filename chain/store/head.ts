import { equalBytes, toUtf8 } from '../../wire/bytes.ts';
import { ProtoReader } from '../../wire/protobuf.ts';
import type { Backing, Change } from './backing.ts';
import { ByteWriter } from './byteWriter.ts';
import { DamagedStoreError, StoreOpenError } from './errors.ts';
import { readBytes, readNumber } from './nodeRecord.ts';
import { decodeRecord, FORMAT_KEY, HEAD_KEY, readSealed, sealed } from './records.ts';

/** What the folder must say it is. A change of any record's layout changes the number. */
const FORMAT = toUtf8('depind state store 1');

/** Which versions there are, and what the engine stored with the latest. */
export interface Head {
  /** Newest committed version, 0 before the first. */
  readonly latest: number;
  /** Oldest version kept. */
  readonly earliest: number;
  readonly metadata: Uint8Array | undefined;
}

/** The changes that make `head` the one that is read next time. */
export function headChanges(head: Head): Change[] {
  const { latest, earliest, metadata } = head;
  const writer = new ByteWriter().unsigned(latest).unsigned(earliest);
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
    return { latest: 0, earliest: 0, metadata: undefined };
  }
  if (format === undefined || !equalBytes(format, FORMAT)) {
    const found = format === undefined ? 'no format marker' : `"${printable(format)}"`;
    const detail = `expected the format "${printable(FORMAT)}", found ${found}`;
    throw new StoreOpenError('format', path, detail);
  }
  const owner = { store: 'head', version: 0 };
  const content = readSealed(backing, HEAD_KEY, owner);
  if (content === undefined) throw new DamagedStoreError('head', 0n, 'the record is missing');
  return decodeRecord(owner, () => decodeHead(content));
}

function decodeHead(content: Uint8Array): Head {
  const reader = new ProtoReader(content, 'head record');
  const latest = readNumber(reader);
  const earliest = readNumber(reader);
  const metadata = readNumber(reader) === 0 ? undefined : readBytes(reader);
  if (!reader.done) throw reader.fail('bytes are left over');
  if (earliest < 1 || earliest > latest) {
    throw reader.fail(`earliest version ${earliest} does not fit the latest, ${latest}`);
  }
  return { latest, earliest, metadata };
}

function printable(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 40)).replace(/[^ -~]/g, '?');
}
