import { hash } from 'node:crypto';
import { equalBytes } from '../../../wire/bytes.ts';
import { storedBytes } from '../../wasm/storedWasm.ts';
import {
  compileModule,
  instantiate,
  newMemory,
  type WasmFunction,
  type WasmMemory,
  type WasmModule,
} from '../../wasm/webAssembly.ts';
import { ByteWriter } from '../byteWriter.ts';
import type { Arena } from './arena.ts';
import {
  HASH,
  HASH_BYTES,
  KEY,
  KEY_BYTES,
  KEY_HEADER_BYTES,
  VALUE,
  VALUE_BYTES,
} from './layout.ts';
import { copyWithin, varintBytes, writeVarint } from './memoryBytes.ts';
import { blocksOf, MessageQueue, QUEUE_DIGEST_BYTES, queueBytes } from './messageQueue.ts';
import type { NodeHasher } from './nodeHasher.ts';
import { keyOf, versionOf } from './nodes.ts';
import { STORED_TREE_KERNEL } from './storedTreeKernel.ts';
import { DIGESTS_BYTES, SCRATCH_BYTES } from './treeKernel.ts';

/** Nodes a call: their children's hashes fit into the processor's nearest cache. */
const LISTED = 128;
/** Leaves whose values are hashed before their messages: both find them in a near cache. */
const LEAVES = 512;
/** What a leaf's message holds besides version and key: height, size, and the digest behind its length. */
const LEAF_MESSAGE_BYTES = 35;
/** Longer messages are hashed one by one, by native code. */
const MAX_BLOCKS = 8;

let loaded: { readonly kernel: WasmModule | undefined } | undefined;

/** The kernel's functions over a memory; undefined where vector instructions are missing or give wrong digests. */
export function simdFunctions(memory: WasmMemory): ((name: string) => WasmFunction) | undefined {
  loaded ??= { kernel: loadKernel() };
  return loaded.kernel && instantiate(loaded.kernel, memory);
}

function loadKernel(): WasmModule | undefined {
  try {
    const kernel = compileModule(storedBytes(STORED_TREE_KERNEL.tree));
    return isRight(kernel) ? kernel : undefined;
  } catch {
    return undefined; // WebAssembly or its vectors are not there: the scalar way works everywhere.
  }
}

/** Whether the kernel gives the digest of the empty message and three of one byte. */
function isRight(kernel: WasmModule): boolean {
  const memory = newMemory(1, 1);
  const hashMessages = instantiate(kernel, memory)('hashMessages');
  const bytes = new Uint8Array(memory.buffer);
  bytes[0] = 0x80;
  for (const lane of [1, 2, 3]) bytes.set([lane, 0x80], 64 * lane);
  for (const lane of [1, 2, 3]) bytes[64 * lane + 63] = 8;
  hashMessages(0, 1, 1024, 1);
  return [0, 1, 2, 3].every((lane) => {
    const message = lane === 0 ? new Uint8Array(0) : Uint8Array.of(lane);
    const start = 1024 + HASH_BYTES * lane;
    return equalBytes(bytes.subarray(start, start + HASH_BYTES), hash('sha256', message, 'buffer'));
  });
}

/** Hashes four nodes at once where they lie in the arena. */
export class SimdHasher implements NodeHasher {
  readonly kind = 'simd';
  readonly #arena: Arena;
  readonly #hashInners: WasmFunction;
  readonly #touchChildren: WasmFunction;
  readonly #list: number;
  readonly #scratch: number;
  readonly #queues: readonly MessageQueue[];
  readonly #writer = new ByteWriter();

  /** `functionOf` gives the functions of the kernel over the arena's memory. */
  constructor(arena: Arena, functionOf: (name: string) => WasmFunction) {
    this.#arena = arena;
    this.#hashInners = functionOf('hashInners');
    this.#touchChildren = functionOf('touchChildren');
    this.#list = arena.takeBytes(LISTED * 4);
    this.#scratch = arena.takeBytes(SCRATCH_BYTES + DIGESTS_BYTES);
    const digests = arena.takeBytes(QUEUE_DIGEST_BYTES);
    const hashMessages = functionOf('hashMessages');
    this.#queues = Array.from({ length: MAX_BLOCKS }, (_, i) => {
      const messages = arena.takeBytes(queueBytes(i + 1));
      return new MessageQueue(arena, hashMessages, { messages, digests, blocks: i + 1 });
    });
  }

  /** Values first, each digest into the hash of its leaf, from where the leaf's own message takes it. */
  hashLeaves(list: Int32Array, from: number, to: number): void {
    for (let start = from; start < to; start += LEAVES) {
      const end = Math.min(to, start + LEAVES);
      for (let i = start; i < end; i++) this.#queueValue(list[i]!);
      this.#flush();
      for (let i = start; i < end; i++) this.#queueLeaf(list[i]!);
      this.#flush();
    }
  }

  hashInners(list: Int32Array, from: number, to: number): void {
    const { words } = this.#arena;
    const place = this.#list / 4;
    for (let start = from; start < to; start += LISTED) {
      const count = Math.min(LISTED, to - start);
      for (let i = 0; i < count; i++) words[place + i] = list[start + i]!;
      // Node 0 is none: what the last group lacks is hashed there.
      for (let i = count; i % 4 !== 0; i++) words[place + i] = 0;
      this.#touchChildren(this.#list, count);
      this.#hashInners(this.#list, Math.ceil(count / 4), this.#scratch);
    }
  }

  #flush(): void {
    for (const queue of this.#queues) queue.flush();
  }

  #queueValue(leaf: number): void {
    const { words, bytes } = this.#arena;
    const length = words[leaf + VALUE_BYTES]!;
    const start = words[leaf + VALUE]! * 4;
    const target = (leaf + HASH) * 4;
    const queue = this.#queues[blocksOf(length) - 1];
    if (queue === undefined) {
      bytes.set(hash('sha256', bytes.subarray(start, start + length), 'buffer'), target);
      return;
    }
    // Blocks and messages begin with whole words; what lies behind the value in its last word is overwritten.
    const to = queue.next / 4;
    for (let word = 0; word < length / 4; word++) words[to + word] = words[start / 4 + word]!;
    queue.push(length, target);
  }

  #queueLeaf(leaf: number): void {
    const { words, bytes } = this.#arena;
    const target = (leaf + HASH) * 4;
    const key = words[leaf + KEY]!;
    const keyBytes = words[key + KEY_BYTES]!;
    const version = 2 * versionOf(words, leaf);
    const length = LEAF_MESSAGE_BYTES + varintBytes(version) + varintBytes(keyBytes) + keyBytes;
    const queue = this.#queues[blocksOf(length) - 1];
    if (queue === undefined) {
      bytes.set(this.#longLeaf(leaf), target);
      return;
    }
    const start = queue.next;
    bytes[start] = 0;
    bytes[start + 1] = 2;
    const end = writeVarint(bytes, writeVarint(bytes, start + 2, version), keyBytes);
    copyWithin(bytes, { from: key * 4 + KEY_HEADER_BYTES, to: end, length: keyBytes });
    bytes[end + keyBytes] = HASH_BYTES;
    copyWithin(bytes, { from: target, to: end + keyBytes + 1, length: HASH_BYTES });
    queue.push(length, target);
  }

  #longLeaf(leaf: number): Uint8Array {
    const { words, bytes } = this.#arena;
    const start = (leaf + HASH) * 4;
    const value = bytes.subarray(start, start + HASH_BYTES);
    this.#writer.signed(0).signed(1).signed(versionOf(words, leaf));
    this.#writer.bytes(keyOf(this.#arena, leaf)).bytes(value);
    return this.#writer.use((message) => hash('sha256', message, 'buffer'));
  }
}
