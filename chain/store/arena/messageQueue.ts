import type { WasmFunction } from '../../wasm/webAssembly.ts';
import type { Arena } from './arena.ts';
import { HASH_BYTES } from './layout.ts';

const BLOCK_BYTES = 64;
/** The byte 0x80 and the length of 8 bytes. */
const PADDING_BYTES = 9;
const LANES = 4;
const QUEUED = 16;

/** Blocks that SHA-256 makes of a message of so many bytes. */
export function blocksOf(bytes: number): number {
  return Math.floor((bytes + PADDING_BYTES + BLOCK_BYTES - 1) / BLOCK_BYTES);
}

/** Bytes of the arena that a queue of messages of so many blocks needs. */
export function queueBytes(blocks: number): number {
  return QUEUED * blocks * BLOCK_BYTES;
}

/** Bytes of the arena for the digests of one queue. */
export const QUEUE_DIGEST_BYTES: number = QUEUED * HASH_BYTES;

/** Messages of equally many blocks, waiting to be hashed together. */
export class MessageQueue {
  readonly #arena: Arena;
  readonly #hashMessages: WasmFunction;
  readonly #place: { readonly messages: number; readonly digests: number };
  readonly #blocks: number;
  readonly #targets = new Float64Array(QUEUED);
  #count = 0;

  constructor(
    arena: Arena,
    hashMessages: WasmFunction,
    place: { readonly messages: number; readonly digests: number; readonly blocks: number },
  ) {
    this.#arena = arena;
    this.#hashMessages = hashMessages;
    this.#place = place;
    this.#blocks = place.blocks;
  }

  /** Where the next message is to be written. */
  get next(): number {
    return this.#place.messages + this.#count * this.#blocks * BLOCK_BYTES;
  }

  /** Takes the message of so many bytes at `next`; its digest will be written at `target`. */
  push(length: number, target: number): void {
    const { bytes, words } = this.#arena;
    const start = this.next;
    const end = start + this.#blocks * BLOCK_BYTES;
    let at = start + length;
    bytes[at++] = 0x80;
    while (at % 4 !== 0) bytes[at++] = 0;
    for (let word = at / 4; word < end / 4; word++) words[word] = 0;
    bytes[end - 2] = length >> 5;
    bytes[end - 1] = length << 3;
    this.#targets[this.#count++] = target;
    if (this.#count === QUEUED) this.flush();
  }

  /** Hashes what waits. */
  flush(): void {
    if (this.#count === 0) return;
    const { messages, digests } = this.#place;
    this.#hashMessages(messages, this.#blocks, digests, Math.ceil(this.#count / LANES));
    const { words } = this.#arena;
    for (let i = 0; i < this.#count; i++) {
      const from = digests / 4 + i * 8;
      const to = this.#targets[i]! / 4;
      for (let word = 0; word < 8; word++) words[to + word] = words[from + word]!;
    }
    this.#count = 0;
  }
}
