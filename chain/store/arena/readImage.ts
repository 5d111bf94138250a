import { equalBytes, toHex } from '../../../wire/bytes.ts';
import { MAX_KEY_BYTES } from '../kvStore.ts';
import { EMPTY_HASH } from '../node.ts';
import type { Arena } from './arena.ts';
import { ArenaTree } from './arenaTree.ts';
import type { TreeReader } from './contract.ts';
import {
  CHUNK_HEADER_BYTES,
  HEADER_BYTES,
  IMAGE_LAYOUT,
  IMAGE_MAGIC,
  type ImageHeader,
  LEAF_LENGTHS_BYTES,
  NODE_IMAGE_BYTES,
} from './imageLayout.ts';
import {
  HASH,
  HASH_BYTES,
  HEIGHT_SHIFT,
  MAX_VERSION,
  TWO_32,
  VERSION_HIGH_MASK,
} from './layout.ts';
import { copyRange } from './memoryBytes.ts';
import { hashOf } from './nodes.ts';
import { TreeBuilder } from './treeBuilder.ts';

/**
 * Takes an image chunk by chunk. The shape of the tree is checked, its hashes are believed: whoever keeps images guards
 * them with checksums, or calls `verify` of the view. A chunk may be overwritten after it was pushed.
 */
export class ImageReader implements TreeReader<Uint8Array> {
  readonly #arena: Arena;
  #header: ImageHeader | undefined;
  #builder: TreeBuilder | undefined;
  #nodes = 0;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** What the header said; undefined before it was pushed. */
  get header(): ImageHeader | undefined {
    return this.#header;
  }

  /** The next chunk. @throws TypeError when it is not what may come next. */
  push(chunk: Uint8Array): void {
    if (this.#header === undefined || this.#builder === undefined) {
      this.#header = readHeader(chunk);
      this.#builder = new TreeBuilder(this.#arena, this.#header.version);
      return;
    }
    const part = readPart(chunk);
    this.#nodes += part.nodes;
    if (this.#nodes > this.#header.nodes) {
      throw new TypeError(`image: expected ${this.#header.nodes} nodes, got ${this.#nodes}`);
    }
    pushNodes(this.#arena, this.#builder, part);
  }

  /** The tree. @throws TypeError when chunks are missing or the root is not the one of the header. */
  finish(): ArenaTree {
    if (this.#header === undefined || this.#builder === undefined) {
      throw new TypeError('image: expected a header, got no chunk');
    }
    if (this.#nodes !== this.#header.nodes) {
      throw new TypeError(`image: expected ${this.#header.nodes} nodes, got ${this.#nodes}`);
    }
    const loaded = this.#builder.finish();
    const root = loaded.root === 0 ? EMPTY_HASH : hashOf(this.#arena, loaded.root);
    if (!equalBytes(root, this.#header.rootHash)) {
      const expected = toHex(this.#header.rootHash);
      throw new TypeError(`image: expected root hash ${expected}, got ${toHex(root)}`);
    }
    return new ArenaTree(this.#arena, loaded);
  }
}

/** The tree of an image. @throws TypeError when the chunks do not make one. */
export function treeFromImage(arena: Arena, chunks: Iterable<Uint8Array>): ArenaTree {
  const reader = new ImageReader(arena);
  for (const chunk of chunks) reader.push(chunk);
  return reader.finish();
}

function readHeader(chunk: Uint8Array): ImageHeader {
  if (chunk.length !== HEADER_BYTES) {
    throw new TypeError(`image header: expected ${HEADER_BYTES} bytes, got ${chunk.length}`);
  }
  const fields = viewOf(chunk);
  const [magic, layout] = [fields.getUint32(0, true), fields.getUint32(4, true)];
  if (magic !== IMAGE_MAGIC || layout !== IMAGE_LAYOUT) {
    throw new TypeError(`image header: expected layout ${IMAGE_LAYOUT} of DTRE, got ${layout}`);
  }
  const version = fields.getUint32(12, true) * TWO_32 + fields.getUint32(8, true);
  if (version < 1 || version >= MAX_VERSION) {
    throw new TypeError(`image header: expected a version from 1 to 2^51 - 1, got ${version}`);
  }
  const nodes = fields.getUint32(16, true);
  if (fields.getUint32(20, true) !== 0 || (nodes > 0 && nodes % 2 === 0)) {
    throw new TypeError(`image header: expected an odd number of nodes, or none, got ${nodes}`);
  }
  return { version, nodes, rootHash: chunk.slice(24, 24 + HASH_BYTES) };
}

/** A chunk of nodes whose outer lengths fit. */
interface Part {
  readonly chunk: Uint8Array;
  readonly fields: DataView;
  readonly nodes: number;
  readonly leaves: number;
  /** Where the hashes, the lengths of leaves and their contents begin. */
  readonly hashes: number;
  readonly lengths: number;
  readonly content: number;
}

function readPart(chunk: Uint8Array): Part {
  if (chunk.length < CHUNK_HEADER_BYTES) {
    throw new TypeError(`image chunk: expected a header, got ${chunk.length} bytes`);
  }
  const fields = viewOf(chunk);
  const nodes = fields.getUint32(0, true);
  const leaves = fields.getUint32(4, true);
  const hashes = CHUNK_HEADER_BYTES + 8 * nodes;
  const lengths = CHUNK_HEADER_BYTES + NODE_IMAGE_BYTES * nodes;
  const content = lengths + LEAF_LENGTHS_BYTES * leaves;
  if (nodes === 0 || leaves > nodes || content > chunk.length) {
    throw new TypeError(
      `image chunk: ${nodes} nodes and ${leaves} leaves do not fit into ${chunk.length} bytes`,
    );
  }
  return { chunk, fields, nodes, leaves, hashes, lengths, content };
}

function pushNodes(arena: Arena, builder: TreeBuilder, part: Part): void {
  const { chunk, fields, nodes, hashes } = part;
  const leaves = new LeafContents(part);
  for (let i = 0; i < nodes; i++) {
    const shape = fields.getInt32(CHUNK_HEADER_BYTES + 8 * i + 4, true);
    const low = fields.getUint32(CHUNK_HEADER_BYTES + 8 * i, true);
    const version = (shape & VERSION_HIGH_MASK) * TWO_32 + low;
    const height = shape >>> HEIGHT_SHIFT;
    const node =
      height === 0
        ? builder.leaf(leaves.key(), leaves.value(), version)
        : builder.inner(height, version);
    const hash = { of: chunk, from: hashes + HASH_BYTES * i, length: HASH_BYTES };
    copyRange(arena.bytes, (node + HASH) * 4, hash);
  }
  leaves.finish();
}

/** The keys and values of a chunk, in turn. */
class LeafContents {
  readonly #part: Part;
  #lengths: number;
  #content: number;

  constructor(part: Part) {
    this.#part = part;
    this.#lengths = part.lengths;
    this.#content = part.content;
  }

  key(): Uint8Array {
    if (this.#lengths >= this.#part.content) {
      throw new TypeError(`image chunk: more leaves than the ${this.#part.leaves} it tells of`);
    }
    const key = this.#take(this.#part.fields.getUint32(this.#lengths, true));
    if (key.length > 0 && key.length <= MAX_KEY_BYTES) return key;
    throw new TypeError(`image chunk: expected a key of 1 to ${MAX_KEY_BYTES} bytes`);
  }

  value(): Uint8Array {
    const value = this.#take(this.#part.fields.getUint32(this.#lengths + 4, true));
    this.#lengths += LEAF_LENGTHS_BYTES;
    return value;
  }

  /** @throws TypeError when something is left over. */
  finish(): void {
    const { chunk, content } = this.#part;
    if (this.#lengths === content && this.#content === chunk.length) return;
    throw new TypeError('image chunk: leaves or bytes are left over');
  }

  #take(length: number): Uint8Array {
    const end = this.#content + length;
    if (end > this.#part.chunk.length) throw new TypeError('image chunk: a key or value is cut');
    const taken = this.#part.chunk.subarray(this.#content, end);
    this.#content = end;
    return taken;
  }
}

function viewOf(chunk: Uint8Array): DataView {
  return new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
}
