import { equalBytes, toHex } from '../../../wire/bytes.ts';
import { PAGE_BYTES } from '../../wasm/webAssembly.ts';
import { EMPTY_HASH } from '../emptyHash.ts';
import { MAX_KEY_BYTES } from '../kvStore.ts';
import type { Arena } from './arena.ts';
import { ArenaTree } from './arenaTree.ts';
import { keyBlockBytes, valueBlockBytes } from './blocks.ts';
import type { TreeReader } from './contract.ts';
import { FastBuilder } from './fastBuilder.ts';
import {
  CHUNK_HEADER_BYTES,
  HEADER_BYTES,
  IMAGE_LAYOUT,
  IMAGE_MAGIC,
  type ImageHeader,
  VALUE_LENGTH_BYTES,
} from './imageLayout.ts';
import { type ImagePart, readPart } from './imagePart.ts';
import {
  HASH,
  HASH_BYTES,
  HASH_WORDS,
  HEIGHT_SHIFT,
  KEY_BYTES,
  KEY_USERS,
  MAX_VERSION,
  NODE_BYTES,
  TWO_32,
  VERSION_HIGH_MASK,
} from './layout.ts';
import { hashOf } from './nodes.ts';
import { TreeBuilder } from './treeBuilder.ts';

/** How far the memory may grow ahead of what was read when nobody says how much there is: a header may be wrong. */
const MAX_STEP_BYTES = 1 << 24;

/**
 * Takes an image chunk by chunk. The shape of the tree is checked, its hashes are believed: whoever keeps images guards
 * them with checksums, or calls `verify` of the view. A chunk may be overwritten after it was pushed. What was read
 * before an error stays in the arena, which is best dropped then.
 */
export class ImageReader implements TreeReader<Uint8Array> {
  readonly #arena: Arena;
  #header: ImageHeader | undefined;
  #builder: TreeBuilder | undefined;
  /** Does what the builder does, as long as all fits; undefined where there is no kernel, and once a chunk did not. */
  #fast: FastBuilder | undefined;
  #nodes = 0;
  readonly #maxStepBytes: number;

  /** `imageBytes` is how long the chunks are together, where that is known: the memory can grow at once then. */
  constructor(arena: Arena, imageBytes = 0) {
    this.#arena = arena;
    // A node takes 64 bytes in the place of 40, and a leaf at least 16 beside that: never twice as much.
    this.#maxStepBytes = Math.max(MAX_STEP_BYTES, 2 * imageBytes);
  }

  /** What the header said; undefined before it was pushed. */
  get header(): ImageHeader | undefined {
    return this.#header;
  }

  /** The next chunk. @throws TypeError when it is not what may come next. */
  push(chunk: Uint8Array): void {
    if (this.#header === undefined || this.#builder === undefined) {
      this.#header = readHeader(chunk);
      this.#begin(this.#header);
      return;
    }
    const part = readPart(chunk);
    this.#nodes += part.nodes;
    if (this.#nodes > this.#header.nodes) {
      throw new TypeError(`image: expected ${this.#header.nodes} nodes, got ${this.#nodes}`);
    }
    const taken = NODE_BYTES + (chunk.length - part.blocks) / part.nodes;
    const left = (this.#header.nodes - this.#nodes + part.nodes) * taken;
    this.#arena.leastGrowthPages = Math.ceil(Math.min(left, this.#maxStepBytes) / PAGE_BYTES);
    this.#build(this.#builder, part);
    this.#arena.leastGrowthPages = 0;
  }

  #begin({ version }: ImageHeader): void {
    const { functionOf } = this.#arena;
    this.#builder = new TreeBuilder(this.#arena, version);
    this.#fast = functionOf && new FastBuilder(this.#arena, functionOf, version);
  }

  /** A chunk that does not fit is given to the builder, which says why. */
  #build(builder: TreeBuilder, part: ImagePart): void {
    const block = this.#arena.adoptBlocks(part.chunk.subarray(part.blocks));
    if (this.#fast?.build(part, block)) return;
    this.#fast?.handOver(builder);
    this.#fast = undefined;
    pushNodes(this.#arena, builder, { part, block });
  }

  /** The tree. @throws TypeError when chunks are missing or the root is not the one of the header. */
  finish(): ArenaTree {
    if (this.#header === undefined || this.#builder === undefined) {
      throw new TypeError('image: expected a header, got no chunk');
    }
    if (this.#nodes !== this.#header.nodes) {
      throw new TypeError(`image: expected ${this.#header.nodes} nodes, got ${this.#nodes}`);
    }
    this.#fast?.handOver(this.#builder);
    this.#fast = undefined;
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
export function treeFromImage(
  arena: Arena,
  chunks: Iterable<Uint8Array>,
  imageBytes?: number,
): ArenaTree {
  const reader = new ImageReader(arena, imageBytes);
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

/** Nodes of an image whose blocks are in the arena. */
interface AdoptedPart {
  readonly part: ImagePart;
  /** The word where the first block begins. */
  readonly block: number;
}

function pushNodes(arena: Arena, builder: TreeBuilder, adopted: AdoptedPart): void {
  const { words: image, nodes, hashes } = adopted.part;
  const leaves = new LeafBlocks(arena, adopted);
  let at = CHUNK_HEADER_BYTES / 4;
  let hash = hashes / 4;
  for (let i = 0; i < nodes; i++) {
    const low = image[at++]!;
    const shape = image[at++]!;
    const version = (shape & VERSION_HIGH_MASK) * TWO_32 + (low >>> 0);
    const height = shape >>> HEIGHT_SHIFT;
    const node =
      height === 0 ? builder.leafOf(leaves.next(), version) : builder.inner(height, version);
    const { words } = arena;
    for (let word = 0; word < HASH_WORDS; word++) words[node + HASH + word] = image[hash++]!;
  }
  leaves.finish();
}

/** The blocks of a chunk's leaves, in turn. */
class LeafBlocks {
  readonly #arena: Arena;
  readonly #part: ImagePart;
  readonly #end: number;
  #block: number;
  #leaf = 0;

  constructor(arena: Arena, { part, block }: AdoptedPart) {
    this.#arena = arena;
    this.#part = part;
    this.#block = block;
    this.#end = block + (part.chunk.length - part.blocks) / 4;
  }

  next(): { key: number; value: number; valueBytes: number } {
    const { words, lengths, leaves } = this.#part;
    if (this.#leaf === leaves) throw new TypeError(`image chunk: more leaves than ${leaves}`);
    const valueBytes = words[lengths / VALUE_LENGTH_BYTES + this.#leaf++]!;
    if (valueBytes < 0) throw new TypeError('image chunk: a value is longer than 2 GiB');
    const key = this.#block;
    this.#advance(keyBlockBytes(this.#keyBytes()));
    const value = valueBytes === 0 ? 0 : this.#block;
    this.#advance(valueBlockBytes(valueBytes));
    return { key, value, valueBytes };
  }

  #keyBytes(): number {
    const { words } = this.#arena;
    const users = this.#block < this.#end ? words[this.#block + KEY_USERS] : 0;
    const length = words[this.#block + KEY_BYTES] ?? 0;
    if (users === 1 && length > 0 && length <= MAX_KEY_BYTES) return length;
    throw new TypeError(`image chunk: expected a key of 1 to ${MAX_KEY_BYTES} bytes`);
  }

  #advance(bytes: number): void {
    this.#block += bytes / 4;
    if (this.#block > this.#end) throw new TypeError('image chunk: a key or value is cut');
  }

  /** @throws TypeError when something is left over. */
  finish(): void {
    if (this.#leaf === this.#part.leaves && this.#block === this.#end) return;
    throw new TypeError('image chunk: leaves or bytes are left over');
  }
}

function viewOf(chunk: Uint8Array): DataView {
  return new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
}
