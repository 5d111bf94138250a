/**
 * The sorted tables of LevelDB (doc/table_format.md): blocks, each with its compression and its checksum behind, two
 * indexes of them, and a footer. Read here for one thing: LevelDB reads blocks without looking at their checksums, and
 * ends the process when one does not make sense.
 */
import { maskedCrc32c } from './crc32c.ts';
import { LevelCursor } from './levelCursor.ts';
import { uncompress } from './snappy.ts';

const FOOTER_BYTES = 48;
const MAGIC = 0xdb4775248b80fb57n;
/** Behind every block: one byte of compression, four of checksum. */
const TRAILER_BYTES = 5;
const SNAPPY = 1;
/** More than the index of the largest table takes. */
const INDEX_LIMIT = 64 * 1024 * 1024;

interface Handle {
  readonly offset: number;
  readonly size: number;
}

const readHandle = (cursor: LevelCursor): Handle => ({
  offset: cursor.varint(),
  size: cursor.varint(),
});

/** What is wrong with a table, in words, or undefined. Cost: O(bytes). */
export function tableDamage(table: Uint8Array): string | undefined {
  if (table.length < FOOTER_BYTES) return `${table.length} bytes are too few for a table`;
  const footer = table.subarray(table.length - FOOTER_BYTES);
  const view = new DataView(footer.buffer, footer.byteOffset, FOOTER_BYTES);
  if (view.getBigUint64(FOOTER_BYTES - 8, true) !== MAGIC) return 'it does not end as a table does';
  const cursor = new LevelCursor(footer);
  // The metaindex names the block of the filters, the index those of the records.
  for (const list of [readHandle(cursor), readHandle(cursor)]) {
    if (!isWhole(table, list)) return blockDamage(list);
    const handles = handlesIn(table, list);
    if (handles === undefined) return `the index at byte ${list.offset} does not read`;
    const damaged = handles.find((handle) => !isWhole(table, handle));
    if (damaged !== undefined) return blockDamage(damaged);
  }
  return undefined;
}

const blockDamage = ({ offset }: Handle): string =>
  `the block at byte ${offset} does not fit its checksum`;

/** Whether there is a block at that place which fits its checksum. */
function isWhole(table: Uint8Array, { offset, size }: Handle): boolean {
  const end = offset + size + TRAILER_BYTES;
  // Written so that NaN is refused too.
  if (!(end <= table.length - FOOTER_BYTES)) return false;
  const view = new DataView(table.buffer, table.byteOffset, table.length);
  return view.getUint32(end - 4, true) === maskedCrc32c(table.subarray(offset, end - 4));
}

/** Where the blocks stand that an index names; undefined when it does not read. */
function handlesIn(table: Uint8Array, { offset, size }: Handle): Handle[] | undefined {
  const stored = table.subarray(offset, offset + size);
  const block = table[offset + size] === SNAPPY ? uncompressed(stored) : stored;
  if (block === undefined || block.length < 4) return undefined;
  const view = new DataView(block.buffer, block.byteOffset, block.length);
  const restarts = view.getUint32(block.length - 4, true);
  const end = block.length - 4 * (restarts + 1);
  const cursor = new LevelCursor(block);
  const handles: Handle[] = [];
  while (cursor.at < end) {
    const [_shared, rest, length] = [cursor.varint(), cursor.varint(), cursor.varint()];
    cursor.at += rest;
    const next = cursor.at + length;
    handles.push(readHandle(cursor));
    if (cursor.at !== next) return undefined;
  }
  return cursor.at === end ? handles : undefined;
}

function uncompressed(stored: Uint8Array): Uint8Array | undefined {
  try {
    return uncompress(stored, INDEX_LIMIT);
  } catch {
    return undefined;
  }
}
