/**
 * Signatures to verify, laid flat in memory that threads share. A batch may grow while threads work at it; it is
 * claimed in chunks: whoever adds one to the claim word has a chunk to itself. The word carries the number of the batch, so
 * that a thread that was held up cannot claim from a batch that it does not know, and every answer carries it too, so that a
 * late one is not taken for that of the batch which stands in its place.
 */
import { KEY_TYPES } from '../../wire/signature.ts';
import type { SignatureJob } from './backend.ts';

/** Jobs that a thread claims at once: few, so that none waits long for the last chunk of another. */
export const CHUNK_JOBS = 2;
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
/** Counts how often there was more to do, to wait for. */
const SIGNAL = 3;
/** So long DONE is looked at before sleeping: who sleeps on a busy machine is woken up milliseconds later. */
const SPIN_MS = 0.5;
/** So often between two looks at the clock. */
const SPINS = 100;
/** A batch with more jobs takes no others in. */
const MOST_SHARED = RING_JOBS - 512;
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

/** Answers for some jobs, in their order. */
export type VerifyJobs = (jobs: readonly SignatureJob[]) => readonly boolean[];

/** How many ed25519 jobs are claimed at once, to be verified by one equation. */
export interface Claim {
  /** A part of those that are left, from 0 to 1. */
  readonly share: number;
  readonly most: number;
}

const NO_SHARE: Claim = { share: 0, most: 0 };

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
  /** Jobs of the latest batch that are laid out, and where the next message goes. */
  #laid = 0;
  #at = MESSAGES_AT;
  /** Those who share the latest batch and have not left it. */
  #sharers = 0;

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

  /** Jobs of the latest batch: the place of the next one. */
  get laid(): number {
    return this.#laid;
  }

  /**
   * Goes on with the latest batch behind the jobs of others, so that threads come from those to these without a pause. A
   * batch that all have left makes place for the next one, and so does one that is nearly full: its jobs are lost to
   * those who share it.
   */
  share(): void {
    if (this.#sharers === 0 || this.#laid > MOST_SHARED) this.begin();
    // A chunk that is claimed may have been half empty.
    this.#laid = Math.ceil(this.#laid / CHUNK_JOBS) * CHUNK_JOBS;
    this.#sharers += 1;
  }

  /** Ends the sharing of a batch. */
  leave(batch: number): void {
    if (batch === this.#batch) this.#sharers -= 1;
  }

  /** Lays out the first jobs that fit as the next batch, for all to claim from; gives how many. */
  publish(jobs: readonly SignatureJob[]): number {
    this.begin();
    for (const job of jobs) if (!this.add(job)) break;
    return this.seal();
  }

  /** The next batch, with no jobs yet, takes the place of the latest one. */
  begin(): void {
    this.#batch = (this.#batch % BATCH_NUMBERS) + 1;
    this.#laid = 0;
    this.#at = MESSAGES_AT;
    this.#sharers = 0;
    Atomics.store(this.#words, COUNT, 0);
    Atomics.store(this.#words, CLAIM, this.#batch << CHUNK_BITS);
  }

  /** Adds a job to the latest batch; false when it does not fit. Threads see whole chunks. */
  add(job: SignatureJob): boolean {
    if (this.#laid === RING_JOBS || this.#at + job.message.length > this.#bytes.length)
      return false;
    this.#layOut(job);
    if (this.#laid % CHUNK_JOBS === 0) this.#offer();
    return true;
  }

  /** Shows threads the last jobs too; no more may be added. Gives how many there are. */
  seal(): number {
    this.#offer();
    return this.#laid;
  }

  #offer(): void {
    Atomics.store(this.#words, COUNT, this.#laid);
    Atomics.add(this.#words, SIGNAL, 1);
    Atomics.notify(this.#words, SIGNAL);
  }

  #layOut({ type, signature, message, publicKey }: SignatureJob): void {
    const word = this.#wordOf(this.#laid);
    this.#words[word] = KEY_TYPES.indexOf(type);
    this.#words[word + 1] = this.#at;
    this.#words[word + 2] = message.length;
    Atomics.store(this.#words, word + ANSWER_WORD, 0);
    const place = word * 4;
    this.#bytes.set(signature, place + SIGNATURE_AT);
    this.#bytes.set(publicKey, place + KEY_AT);
    this.#bytes.set(message, this.#at);
    this.#at += message.length;
    this.#laid += 1;
  }

  /**
   * A chunk of the latest batch that begins before `end`, or undefined when all are claimed. It has two jobs, or, where
   * it begins with ed25519, as many as `share` of those that are left, from 0 to 1, and at most `most`.
   */
  claim(end = RING_JOBS, { share, most }: Claim = NO_SHARE): Chunk | undefined {
    for (;;) {
      const word = Atomics.load(this.#words, CLAIM);
      const from = (word & CHUNK_MASK) * CHUNK_JOBS;
      const count = Atomics.load(this.#words, COUNT);
      if (from >= count || from >= end) return undefined;
      const isEd25519 = this.#words[this.#wordOf(from)] === KEY_TYPES.indexOf('ed25519');
      const left = Math.min(count, end) - from;
      const wanted = isEd25519 ? Math.min(most, left * share) : 0;
      const chunks = Math.max(1, Math.floor(wanted / CHUNK_JOBS));
      if (Atomics.compareExchange(this.#words, CLAIM, word, word + chunks) !== word) continue;
      return { batch: word >>> CHUNK_BITS, from, to: Math.min(count, from + chunks * CHUNK_JOBS) };
    }
  }

  /** Verifies the jobs of a chunk and leaves the answers. */
  work({ batch, from, to }: Chunk, verify: VerifyJobs): void {
    const jobs = Array.from({ length: to - from }, (_, i) => this.#jobAt(from + i));
    for (const [i, valid] of verify(jobs).entries()) this.#answer(from + i, batch, valid);
    Atomics.add(this.#words, DONE, 1);
    Atomics.notify(this.#words, DONE);
  }

  /**
   * The answers to `count` jobs of the latest batch from a place on. Waits for chunks that others have claimed, at most
   * `patienceMs` for each next one; what is not answered then is undefined.
   */
  answers(count: number, patienceMs: number, start = 0): (boolean | undefined)[] {
    const answers: (boolean | undefined)[] = [];
    let waited = false;
    for (let i = start; i < start + count; ) {
      const done = Atomics.load(this.#words, DONE);
      const answer = Atomics.load(this.#words, this.#wordOf(i) + ANSWER_WORD);
      if (answer >> 1 === this.#batch || waited) {
        answers.push(answer >> 1 === this.#batch ? (answer & 1) === 1 : undefined);
        i += 1;
      } else if (!this.#comesWithin(Math.min(patienceMs, SPIN_MS), done)) {
        const rest = Math.max(0, patienceMs - SPIN_MS);
        waited = Atomics.wait(this.#words, DONE, done, rest) === 'timed-out';
      }
    }
    return answers;
  }

  /** Whether another chunk than `done` says is done in that time. */
  #comesWithin(ms: number, done: number): boolean {
    for (const end = performance.now() + ms; performance.now() < end; ) {
      for (let i = 0; i < SPINS; i++) if (Atomics.load(this.#words, DONE) !== done) return true;
    }
    return false;
  }

  /** What to wait after: to be asked for before looking for chunks. */
  get signal(): number {
    return Atomics.load(this.#words, SIGNAL);
  }

  /** Sleeps until there is more to do than when the signal was `before`. */
  awaitSignal(before: number): void {
    Atomics.wait(this.#words, SIGNAL, before);
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
