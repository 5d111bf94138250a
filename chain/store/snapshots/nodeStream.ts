/**
 * The state as a stream of bytes, for snapshots: of each store its name, then its nodes as cosmos/iavl exports them.
 * An item is a tag, then: of a store its name behind its length; of a leaf its version, key and value; of a fork its
 * version, height and key. Whole items stand in blocks behind their length; the stream is cut into chunks anywhere.
 */
import { fromUtf8, joinBytes, toUtf8 } from '../../../wire/bytes.ts';
import type { ExportedNode, SavedTree } from '../arena/contract.ts';
import { ByteReader } from '../byteReader.ts';
import { ByteWriter } from '../byteWriter.ts';
import { MAX_KEY_BYTES, MAX_VALUE_BYTES } from '../kvStore.ts';

const TAG = { store: 1, leaf: 2, fork: 3 } as const;
/** A block ends with the item that takes it past this. */
const BLOCK_BYTES = 1 << 16;
const LENGTH_BYTES = 4;
/** The largest item behind a block that is all but full, with room for its numbers. */
const MAX_BLOCK_BYTES = BLOCK_BYTES + MAX_KEY_BYTES + MAX_VALUE_BYTES + 64;
/** An AVL tree of 2^53 leaves is not higher. */
const MAX_TREE_HEIGHT = 80;

/** The blocks of a version's stores, in the order of the AppHash. */
export function* streamOf(
  stores: ReadonlyMap<string, Pick<SavedTree, 'exportNodes'>>,
): Generator<Uint8Array, void, undefined> {
  const writer = new ByteWriter();
  for (const [name, tree] of stores) {
    writer.unsigned(TAG.store).bytes(toUtf8(name));
    for (const node of tree.exportNodes()) {
      writeNode(writer, node);
      if (writer.length >= BLOCK_BYTES) yield blockOf(writer.take());
    }
  }
  if (writer.length > 0) yield blockOf(writer.take());
}

function blockOf(items: Uint8Array): Uint8Array {
  const block = new Uint8Array(LENGTH_BYTES + items.length);
  new DataView(block.buffer).setUint32(0, items.length);
  block.set(items, LENGTH_BYTES);
  return block;
}

function writeNode(writer: ByteWriter, { key, value, version, height }: ExportedNode): void {
  if (value === undefined) writer.unsigned(TAG.fork).unsigned(version).unsigned(height).bytes(key);
  else writer.unsigned(TAG.leaf).unsigned(version).bytes(key).bytes(value);
}

/** What is told of a stream, in order. */
export interface StreamTarget {
  store(name: string): void;
  node(node: ExportedNode): void;
}

/** Takes the chunks of a stream in order. */
export class StreamParser {
  readonly #target: StreamTarget;
  /** Bytes of the block whose end has not come yet, its length included. */
  #parts: Uint8Array[] = [];
  #bytes = 0;

  constructor(target: StreamTarget) {
    this.#target = target;
  }

  /** @throws TypeError when the bytes are no stream, and what the target throws. */
  push(chunk: Uint8Array): void {
    this.#parts.push(chunk);
    this.#bytes += chunk.length;
    while (this.#bytes >= LENGTH_BYTES) {
      const length = this.#lengthAhead();
      if (this.#bytes < LENGTH_BYTES + length) return;
      const bytes = this.#joined();
      readItems(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length), this.#target);
      this.#parts = [bytes.subarray(LENGTH_BYTES + length)];
      this.#bytes -= LENGTH_BYTES + length;
    }
  }

  /** @throws TypeError when the stream ended within a block. */
  finish(): void {
    if (this.#bytes > 0) throw new TypeError('stream of the state: it ends within a block');
  }

  #lengthAhead(): number {
    const head = this.#parts[0]!.length < LENGTH_BYTES ? this.#joined() : this.#parts[0]!;
    const length = new DataView(head.buffer, head.byteOffset, head.length).getUint32(0);
    if (length <= MAX_BLOCK_BYTES && length > 0) return length;
    throw new TypeError(`stream of the state: a block of ${length} bytes`);
  }

  #joined(): Uint8Array {
    const bytes = this.#parts.length === 1 ? this.#parts[0]! : joinBytes(this.#parts);
    this.#parts = [bytes];
    return bytes;
  }
}

function readItems(block: Uint8Array, target: StreamTarget): void {
  const reader = new ByteReader(block, 'stream of the state');
  while (!reader.done) {
    const tag = reader.unsigned();
    if (tag === TAG.store) target.store(fromUtf8(reader.bytes(), 'store name'));
    else target.node(readNode(reader, tag));
  }
}

function readNode(reader: ByteReader, tag: number): ExportedNode {
  const version = reader.unsigned();
  if (tag === TAG.leaf) {
    return { version, height: 0, key: reader.bytes(), value: reader.bytes() };
  }
  const height = tag === TAG.fork ? reader.unsigned() : 0;
  if (height < 1 || height > MAX_TREE_HEIGHT) {
    throw reader.fail(`tag ${tag} with height ${height} is none`);
  }
  return { version, height, key: reader.bytes(), value: undefined };
}
