/**
 * Signatures to verify, laid flat in memory that threads share. A batch is claimed in chunks: whoever adds one to the
 * claim word has a chunk to itself. The word carries the number of the batch, so that a thread that was held up cannot
 * claim from a batch that it does not know, and every answer carries it too, so that a late one is not taken for
 * that of the batch which stands in its place.
 */
import { KEY_TYPES } from '../../wire/signature.ts';
import type { SignatureJob } from './backend.ts';

/** Jobs that a thread claims at once: few, so that none waits long for the last chunk of another. */
export const CHUNK_JOBS = 8;
/** Jobs that fit into the ring. */
export const RING_JOBS = 4096;
/** Bytes for the messages of a batch. */
const MESSAGE_BYTES = 4 * 1024 * 1024;

const CONTROL_WORDS = 16;
/** Batch number in front, next chunk in the last 12 bits. */
const CLAIM = 0;
const COUNT = 1;
/** Counts the chunks that are done, to wait for. */
const DONE = 2;
/** Number of the batch, to wait for. */
const BATCH = 3;

const CHUNK_BITS = 12;
const CHUNK_MASK = (1 << CHUNK_BITS) - 1;
/** Batch numbers go round; 0 is none. */
const BATCH_NUMBERS = (1 << (31 - CHUNK_BITS)) - 1;

/** Words before the bytes of a job: kind, message's place and length, answer. */
const JOB_WORDS = 4;
const ANSWER_WORD = 3;
const SIGNATURE_AT = JOB_WORDS * 4;
const KEY_AT = SIGNATURE_AT + 64;
/** A multiple of 4 with room for a key of 33 bytes. */
const JOB_BYTES = KEY_AT + 36;
const JOBS_AT = CONTROL_WORDS * 4;
const MESSAGES_AT = JOBS_AT + RING_JOBS * JOB_BYTES;

/** A claimed part of a batch. */
export interface Chunk {
  readonly batch: number;
  readonly from: number;
  readonly to: number;
}

export class JobRing {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  #batch = 0;

  /** A new ring, or the one that another thread made. */
  constructor(buffer?: SharedArrayBuffer) {
    this.buffer = buffer ?? new SharedArrayBuffer(MESSAGES_AT + MESSAGE_BYTES);
    this.#words = new Int32Array(this.buffer, 0, MESSAGES_AT / 4);
    this.#bytes = new Uint8Array(this.buffer);
  }

  /** Number of the latest batch. */
  get batch(): number {
    return this.#batch;
  }

  /** Lays out the first jobs that fit as the next batch, for all to claim from; gives how many. */
  publish(jobs: readonly SignatureJob[]): number {
    const count = this.#layOut(jobs);
    this.#batch = (this.#batch % BATCH_NUMBERS) + 1;
    Atomics.store(this.#words, COUNT, count);
    Atomics.store(this.#words, CLAIM, this.#batch << CHUNK_BITS);
    Atomics.store(this.#words, BATCH, this.#batch);
    Atomics.notify(this.#words, BATCH);
    return count;
  }

  #layOut(jobs: readonly SignatureJob[]): number {
    let at = MESSAGES_AT;
    let count = 0;
    for (const { type, signature, message, publicKey } of jobs) {
      if (count === RING_JOBS || at + message.length > this.#bytes.length) break;
      const word = this.#wordOf(count);
      this.#words[word] = KEY_TYPES.indexOf(type);
      this.#words[word + 1] = at;
      this.#words[word + 2] = message.length;
      Atomics.store(this.#words, word + ANSWER_WORD, 0);
      const place = word * 4;
      this.#bytes.set(signature, place + SIGNATURE_AT);
      this.#bytes.set(publicKey, place + KEY_AT);
      this.#bytes.set(message, at);
      at += message.length;
      count += 1;
    }
    return count;
  }

  /** A chunk of the latest batch, or undefined when all are claimed. */
  claim(): Chunk | undefined {
    for (;;) {
      const word = Atomics.load(this.#words, CLAIM);
      const from = (word & CHUNK_MASK) * CHUNK_JOBS;
      const count = Atomics.load(this.#words, COUNT);
      if (from >= count) return undefined;
      if (Atomics.compareExchange(this.#words, CLAIM, word, word + 1) !== word) continue;
      return { batch: word >>> CHUNK_BITS, from, to: Math.min(count, from + CHUNK_JOBS) };
    }
  }

  /** Verifies the jobs of a chunk and leaves the answers. */
  work({ batch, from, to }: Chunk, verify: (job: SignatureJob) => boolean): void {
    for (let i = from; i < to; i++) this.#answer(i, batch, verify(this.#jobAt(i)));
    Atomics.add(this.#words, DONE, 1);
    Atomics.notify(this.#words, DONE);
  }

  /**
   * The answers to the latest batch. Waits for chunks that others have claimed, at most `patienceMs` for each next
   * one; what is not answered then is undefined.
   */
  answers(count: number, patienceMs: number): (boolean | undefined)[] {
    const answers: (boolean | undefined)[] = [];
    let waited = false;
    for (let i = 0; i < count; ) {
      const done = Atomics.load(this.#words, DONE);
      const answer = Atomics.load(this.#words, this.#wordOf(i) + ANSWER_WORD);
      if (answer >> 1 === this.#batch || waited) {
        answers.push(answer >> 1 === this.#batch ? (answer & 1) === 1 : undefined);
        i += 1;
      } else {
        waited = Atomics.wait(this.#words, DONE, done, patienceMs) === 'timed-out';
      }
    }
    return answers;
  }

  /** Sleeps until there is a batch after `batch`; gives its number. */
  awaitBatch(batch: number): number {
    Atomics.wait(this.#words, BATCH, batch);
    return Atomics.load(this.#words, BATCH);
  }

  #wordOf(job: number): number {
    return (JOBS_AT + job * JOB_BYTES) / 4;
  }

  #answer(job: number, batch: number, valid: boolean): void {
    const answer = (batch << 1) | (valid ? 1 : 0);
    Atomics.store(this.#words, this.#wordOf(job) + ANSWER_WORD, answer);
  }

  /** The bytes are copied: what they are copied from may be written over while a late thread reads. */
  #jobAt(job: number): SignatureJob {
    const word = this.#wordOf(job);
    const place = word * 4;
    const type = KEY_TYPES[this.#words[word]!] ?? 'ed25519';
    const [from, length] = [this.#words[word + 1]!, this.#words[word + 2]!];
    const keyAt = place + KEY_AT;
    return {
      type,
      signature: this.#bytes.slice(place + SIGNATURE_AT, keyAt),
      message: this.#bytes.slice(from, from + length),
      publicKey: this.#bytes.slice(keyAt, keyAt + (type === 'ed25519' ? 32 : 33)),
    };
  }
}
