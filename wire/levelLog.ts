/**
 * The write-ahead log of LevelDB (doc/log_format.md): blocks of 32 KiB with records of checksum, length, type, content.
 * A batch is one record, or a first, middle ones and a last; it begins with its sequence number and its count of changes.
 * The manifest is such a log too.
 */

import { concatBytes } from './bytes.ts';
import { maskedCrc32c } from './crc32c.ts';

const BLOCK_BYTES = 32_768;
const HEADER_BYTES = 7;
const BATCH_HEADER_BYTES = 12;
const TYPE = { zero: 0, full: 1, first: 2, last: 4 } as const;
interface LogRecord {
  readonly type: number;
  readonly content: Uint8Array;
}

/** The records that read. As LevelDB does, it leaves out the rest of a block behind one that does not. */
function* recordsOf(log: Uint8Array): Generator<LogRecord, void, undefined> {
  const view = new DataView(log.buffer, log.byteOffset, log.length);
  for (let block = 0; block < log.length; block += BLOCK_BYTES) {
    const end = Math.min(block + BLOCK_BYTES, log.length);
    let offset = block;
    while (offset + HEADER_BYTES <= end) {
      const length = view.getUint16(offset + 4, true);
      const type = view.getUint8(offset + 6);
      const next = offset + HEADER_BYTES + length;
      if (next > end || (type === TYPE.zero && length === 0)) break;
      const checked = log.subarray(offset + HEADER_BYTES - 1, next);
      if (view.getUint32(offset, true) !== maskedCrc32c(checked)) break;
      yield { type, content: checked.subarray(1) };
      offset = next;
    }
  }
}

/** What was written at once: a record, or the parts of one that did not fit into a block. Those that are cut are left out. */
export function* wholeRecords(log: Uint8Array): Generator<Uint8Array, void, undefined> {
  let parts: Uint8Array[] | undefined;
  for (const { type, content } of recordsOf(log)) {
    if (type === TYPE.full || type === TYPE.first) parts = [];
    if (parts === undefined) continue;
    parts.push(content);
    if (type !== TYPE.full && type !== TYPE.last) continue;
    yield concatBytes(...parts);
    parts = undefined;
  }
}

/**
 * The first sequence number of a log that stands in it a second time, over which LevelDB ends the process, or
 * undefined. Cost: O(bytes).
 */
export function repeatedSequence(log: Uint8Array): bigint | undefined {
  let last = -1n;
  for (const batch of wholeRecords(log)) {
    if (batch.length < BATCH_HEADER_BYTES) continue;
    const view = new DataView(batch.buffer, batch.byteOffset);
    const sequence = view.getBigUint64(0, true);
    if (sequence <= last) return sequence;
    last = sequence + BigInt(view.getUint32(8, true)) - 1n;
  }
  return undefined;
}
