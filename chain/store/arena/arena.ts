import {
  newMemory,
  PAGE_BYTES,
  tryGrow,
  type WasmFunction,
  type WasmMemory,
} from '../../wasm/webAssembly.ts';
import { BLOCK_CLASSES, blockClass, blockUnits, LARGEST_EXACT_UNITS } from './blocks.ts';
import { FreeNodes } from './freeNodes.ts';
import {
  KEY_BYTES,
  KEY_HEADER_BYTES,
  KEY_USERS,
  NODE_BYTES,
  NODE_WORDS,
  TWO_32,
} from './layout.ts';
import { copyIn } from './memoryBytes.ts';
import { type NodeHasher, ScalarHasher } from './nodeHasher.ts';
import { PathReader } from './pathReader.ts';
import { SimdHasher, simdFunctions } from './simdHasher.ts';

const MAX_PAGES = 65_535;
const MIN_CHUNK_BYTES = 4096;
const MAX_CHUNK_BYTES = 1 << 20;
/** The arena grows by a 32nd, and its chunks are a 64th: little lies unused. */
const GROWTH_SHIFT = 5;
const CHUNK_SHIFT = 6;

/** What an arena may be told. */
export interface ArenaOptions {
  /** Most bytes that the arena may take; by default 4 GiB less 64 KiB, the most there can be. */
  readonly maxBytes?: number | undefined;
  /** Hash nodes one by one in JavaScript, also where vector instructions are there. */
  readonly scalar?: boolean | undefined;
}

/**
 * The memory of state trees: nodes, keys and values in one WebAssembly memory that grows as needed and keeps what is
 * freed for reuse. Many trees may share it; they share no nodes.
 */
export class Arena {
  readonly #memory: WasmMemory;
  readonly #maxPages: number;
  /** First byte beyond what has been given out. */
  #top: number;
  #nodeNext = 0;
  #nodeEnd = 0;
  readonly #freeNodes = new FreeNodes();
  #blockNext = 0;
  #blockEnd = 0;
  readonly #freeBlocks: number[][] = Array.from({ length: BLOCK_CLASSES }, () => []);
  #usedBytes = 0;
  /** The memory in words and in bytes. Others after each allocation: never keep them across one. */
  words: Int32Array;
  bytes: Uint8Array;
  /** Grows by so many pages at least: for who knows how much will be needed. Each growth makes V8 collect garbage. */
  leastGrowthPages = 0;
  /** Computes the hashes of nodes. */
  readonly hasher: NodeHasher;
  /** Reads paths ahead; undefined where there is no kernel to do it. */
  readonly paths: PathReader | undefined;
  /** The functions of treeKernel.ts over this memory; undefined where it does not run. */
  readonly functionOf: ((name: string) => WasmFunction) | undefined;

  /** @throws RangeError when the system refuses the memory. */
  constructor({ maxBytes = MAX_PAGES * PAGE_BYTES, scalar = false }: ArenaOptions = {}) {
    this.#maxPages = Math.min(MAX_PAGES, Math.floor(maxBytes / PAGE_BYTES));
    this.#memory = newMemory(Math.min(this.#maxPages, 2), this.#maxPages);
    this.words = new Int32Array(this.#memory.buffer);
    this.bytes = new Uint8Array(this.#memory.buffer);
    this.#top = NODE_BYTES;
    this.functionOf = scalar ? undefined : simdFunctions(this.#memory);
    const { functionOf } = this;
    this.hasher = functionOf ? new SimdHasher(this, functionOf) : new ScalarHasher(this);
    this.paths = functionOf && new PathReader(this, functionOf);
  }

  /** Bytes of nodes, keys and values in use. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Bytes that the arena has taken from the system. */
  get reservedBytes(): number {
    return this.bytes.length;
  }

  /** A node whose words are still to be set. @throws RangeError when the arena is full. */
  newNode(): number {
    let node = this.#freeNodes.pop(this.words);
    if (node === undefined) {
      if (this.#nodeNext === this.#nodeEnd) this.#newNodeChunk();
      node = this.#nodeNext;
      this.#nodeNext += NODE_WORDS;
    }
    this.#usedBytes += NODE_BYTES;
    return node;
  }

  /** Takes the next so many bytes of the memory, which lie side by side, for nodes; see `reserve`. */
  takeNodes(count: number): void {
    this.takeBytes(count * NODE_BYTES);
    this.#usedBytes += count * NODE_BYTES;
  }

  #newNodeChunk(): void {
    const bytes = this.#chunkBytes();
    this.#nodeNext = this.takeBytes(bytes) / 4;
    this.#nodeEnd = this.#nodeNext + bytes / 4;
  }

  /** Gives a node back; the blocks of a leaf must have been given back before. */
  freeNode(node: number): void {
    this.#usedBytes -= NODE_BYTES;
    this.#freeNodes.push(node);
  }

  /** A block that holds a key for one leaf. @throws RangeError when the arena is full. */
  newKey(key: Uint8Array): number {
    const block = this.#newBlock(KEY_HEADER_BYTES + key.length);
    this.words[block + KEY_USERS] = 1;
    this.words[block + KEY_BYTES] = key.length;
    copyIn(this.bytes, block * 4 + KEY_HEADER_BYTES, key);
    return block;
  }

  /** Counts one more leaf that uses a key. */
  shareKey(block: number): void {
    this.words[block + KEY_USERS]! += 1;
  }

  /** Counts one leaf less; the last one gives the block back. */
  leaveKey(block: number): void {
    const users = this.words[block + KEY_USERS]! - 1;
    this.words[block + KEY_USERS] = users;
    if (users === 0) this.#freeBlock(block, KEY_HEADER_BYTES + this.words[block + KEY_BYTES]!);
  }

  /** A copy of the key in a block. */
  keyAt(block: number): Uint8Array {
    const start = block * 4 + KEY_HEADER_BYTES;
    return this.bytes.slice(start, start + this.words[block + KEY_BYTES]!);
  }

  /** A block that holds a value; 0 for an empty one. @throws RangeError when the arena is full. */
  newValue(value: Uint8Array): number {
    if (value.length === 0) return 0;
    const block = this.#newBlock(value.length);
    copyIn(this.bytes, block * 4, value);
    return block;
  }

  /** Takes blocks that lie side by side, as an image has them; the word where the first one begins. */
  adoptBlocks(blocks: Uint8Array): number {
    const start = this.takeBytes(blocks.length);
    this.bytes.set(blocks, start);
    this.#usedBytes += blocks.length;
    return start / 4;
  }

  /** Gives the block of a value back. */
  freeValue(block: number, bytes: number): void {
    if (bytes > 0) this.#freeBlock(block, bytes);
  }

  /** A copy of the value in a block. */
  valueAt(block: number, bytes: number): Uint8Array {
    return this.bytes.slice(block * 4, block * 4 + bytes);
  }

  #newBlock(bytes: number): number {
    const units = blockUnits(bytes);
    const kind = blockClass(units);
    const block = this.#freeBlocks[kind]!.pop() ?? this.#carve(units);
    this.#usedBytes += units * 8;
    return block;
  }

  #freeBlock(block: number, bytes: number): void {
    const units = blockUnits(bytes);
    this.#usedBytes -= units * 8;
    this.#addFree(block, units);
  }

  #addFree(block: number, units: number): void {
    this.#freeBlocks[blockClass(units)]!.push(block);
  }

  /** Large blocks come from the top, others from a chunk whose rest is kept for smaller ones. */
  #carve(units: number): number {
    if (units * 8 > MIN_CHUNK_BYTES / 4) return this.takeBytes(units * 8) / 4;
    if (this.#blockNext + units * 2 > this.#blockEnd) this.#newBlockChunk();
    const block = this.#blockNext;
    this.#blockNext += units * 2;
    return block;
  }

  #newBlockChunk(): void {
    const bytes = this.#chunkBytes();
    const start = this.takeBytes(bytes) / 4;
    while (this.#blockNext < this.#blockEnd) {
      const units = Math.min(LARGEST_EXACT_UNITS, (this.#blockEnd - this.#blockNext) / 2);
      this.#addFree(this.#blockNext, units);
      this.#blockNext += units * 2;
    }
    this.#blockNext = start;
    this.#blockEnd = start + bytes / 4;
  }

  #chunkBytes(): number {
    const share = (this.#top / 2 ** CHUNK_SHIFT / MIN_CHUNK_BYTES) | 0;
    return Math.min(MAX_CHUNK_BYTES, Math.max(1, share) * MIN_CHUNK_BYTES);
  }

  /** The address of so many bytes, 64-byte aligned, never given back. @throws RangeError when the arena is full. */
  takeBytes(bytes: number): number {
    const start = this.reserve(bytes);
    this.#top = start + Math.ceil(bytes / NODE_BYTES) * NODE_BYTES;
    return start;
  }

  /** The address of the bytes that are taken next, at least so many. @throws RangeError when the arena is full. */
  reserve(bytes: number): number {
    const end = this.#top + Math.ceil(bytes / NODE_BYTES) * NODE_BYTES;
    if (end > this.bytes.length) this.#grow(end);
    return this.#top;
  }

  #grow(end: number): void {
    const pages = this.bytes.length / PAGE_BYTES;
    const needed = Math.ceil(end / PAGE_BYTES) - pages;
    const left = this.#maxPages - pages;
    const usual = Math.ceil(pages / 2 ** GROWTH_SHIFT);
    const wanted = Math.min(left, Math.max(needed, usual, this.leastGrowthPages));
    if (needed > left || !tryGrow(this.#memory, [wanted, needed])) {
      const most = Math.min(this.#maxPages * PAGE_BYTES, TWO_32);
      throw new RangeError(
        `the arena is full: ${end} bytes are needed, ${this.bytes.length} are there, ${most} is the most`,
      );
    }
    this.words = new Int32Array(this.#memory.buffer);
    this.bytes = new Uint8Array(this.#memory.buffer);
  }
}
