/** A batch of signatures that comes piece by piece, for threads and caller to verify together. */
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from '../../wire/signature.ts';
import type { SignatureJob } from './backend.ts';
import type { VerifyBatch } from './ed25519Batch/verifyBatch.ts';
import { CHUNK_JOBS, type Chunk, type JobRing } from './jobRing.ts';
import type { LaterBatch } from './laterBatch.ts';

/** Below so many jobs the threads would wake up too late to be of use: in some 50 µs, the time of one job. */
const MIN_SHARED = 8;
/** Fewer ed25519 signatures are as fast one by one. */
const MIN_BATCH = 6;
/** So many signatures the caller verifies by one equation while a thread verifies one. */
const BATCH_SPEED = 2;
/** Who has claimed a chunk and does not go on for so long is held up or dead: the caller does it then. */
const PATIENCE_MS = 1;

/** Who verifies. */
export interface StreamTools {
  /** The ring that threads work at; undefined without threads. */
  ring(): JobRing | undefined;
  /** How many threads work at the ring. Default: none. */
  workers?(): number;
  /** The caller's own way. */
  verify(job: SignatureJob): boolean;
  /** How the caller verifies many ed25519 signatures. */
  readonly batch?: LaterBatch | undefined;
}

/** Answers are those of the caller's own way, in the order of the jobs. */
export class JobStream {
  readonly #tools: StreamTools;
  readonly #jobs: SignatureJob[] = [];
  /** Which jobs are in the ring, in its order. */
  readonly #shared: number[] = [];
  #ring: JobRing | undefined;
  #batch = 0;
  /** The place of the first job in the ring. */
  #start = 0;
  readonly #verifyBatch: VerifyBatch | undefined;

  constructor(tools: StreamTools) {
    this.#tools = tools;
    this.#verifyBatch = tools.batch?.verify;
  }

  /** The next job. The message of a secp256k1 job is the SHA-256 of what was signed. */
  add(job: SignatureJob): void {
    const index = this.#jobs.push(job) - 1;
    if (index >= MIN_SHARED) this.#share(job, index);
    else if (index === MIN_SHARED - 1) this.#begin();
  }

  #begin(): void {
    this.#ring = this.#tools.ring();
    if (this.#ring === undefined) return;
    this.#ring.share();
    this.#batch = this.#ring.batch;
    this.#start = this.#ring.laid;
    this.#jobs.forEach((job, index) => {
      this.#share(job, index);
    });
  }

  #share(job: SignatureJob, index: number): void {
    if (this.#isLast() && isSized(job) && this.#ring!.add(job)) this.#shared.push(index);
  }

  /** Jobs of another stream may stand behind those of this one: then no more can be added. */
  #isLast(): boolean {
    return this.#holdsRing() && this.#ring!.laid === this.#start + this.#shared.length;
  }

  /** Another batch may have taken its place in the ring. */
  #holdsRing(): boolean {
    return this.#ring !== undefined && this.#ring.batch === this.#batch;
  }

  /** No more jobs come: threads need not wait for whole chunks. */
  seal(): void {
    if (this.#holdsRing()) this.#ring!.seal();
  }

  /** The answers. The caller works too, and does what the threads leave. */
  finish(): boolean[] {
    const answers = new Array<boolean | undefined>(this.#jobs.length).fill(undefined);
    if (this.#holdsRing()) this.#collect(this.#ring!, answers);
    this.#ring?.leave(this.#batch);
    this.#ring = undefined;
    this.#finishBatch(answers);
    this.#tools.batch?.count(this.#jobs.filter(({ type }) => type === 'ed25519').length);
    const rest = this.#jobs.filter((_, index) => answers[index] === undefined);
    const others = this.#finishRest(rest);
    let next = 0;
    return answers.map((answer) => answer ?? others[next++]!);
  }

  /** What no ring took: only the batch's yes counts. */
  #finishBatch(answers: (boolean | undefined)[]): void {
    const open = [...this.#jobs.keys()].filter(
      (i) => answers[i] === undefined && this.#jobs[i]!.type === 'ed25519',
    );
    if (!this.#areValid(open)) return;
    for (const i of open) answers[i] = true;
  }

  /** Whether these ed25519 signatures are known to be valid, all of them. */
  #areValid(indexes: readonly number[]): boolean {
    if (this.#verifyBatch === undefined || indexes.length < MIN_BATCH) return false;
    return this.#verifyBatch(indexes.map((i) => this.#jobs[i]!));
  }

  /** Works at what nobody has claimed, and waits for the rest. */
  #collect(ring: JobRing, answers: (boolean | undefined)[]): void {
    ring.seal();
    const end = this.#start + this.#shared.length;
    while (this.#workAtSome(ring, end));
    const found = ring.answers(this.#shared.length, PATIENCE_MS, this.#start);
    found.forEach((answer, i) => {
      const index = this.#shared[i]!;
      answers[index] = answer ?? this.#tools.verify(this.#jobs[index]!);
    });
  }

  /**
   * Claims a part of what is left, as much as the caller does while the threads do the rest, and verifies it; false when
   * nothing was left. Without batches it claims single chunks.
   */
  #workAtSome(ring: JobRing, end: number): boolean {
    const first = ring.claim(end);
    if (first === undefined) return false;
    const chunks = [first];
    const share = BATCH_SPEED / (BATCH_SPEED + (this.#tools.workers?.() ?? 0));
    const wanted = this.#verifyBatch === undefined ? 0 : (end - first.from) * share;
    while (chunks.length * CHUNK_JOBS < wanted) {
      const next = ring.claim(end);
      if (next === undefined) break;
      chunks.push(next);
    }
    const valid = this.#validOf(chunks);
    for (const chunk of chunks) {
      let place = chunk.from;
      ring.work(chunk, (job) => valid.has(place++) || this.#tools.verify(job));
    }
    return true;
  }

  /** Places in the ring of jobs of this stream that are valid by one equation; none when any is not. */
  #validOf(chunks: readonly Chunk[]): ReadonlySet<number> {
    const places: number[] = [];
    for (const { from, to } of chunks) {
      for (let place = Math.max(from, this.#start); place < to; place++) {
        if (this.#jobs[this.#shared[place - this.#start]!]?.type === 'ed25519') places.push(place);
      }
    }
    const indexes = places.map((place) => this.#shared[place - this.#start]!);
    return new Set(this.#areValid(indexes) ? places : []);
  }

  /** What did not fit goes through the ring in turn; a job that never will is the caller's. */
  #finishRest(rest: readonly SignatureJob[]): boolean[] {
    const hadBatch = this.#verifyBatch !== undefined;
    const isWorthIt = (this.#shared.length > 0 || hadBatch) && rest.length >= MIN_SHARED;
    if (!isWorthIt) return rest.map(this.#tools.verify);
    const stream = new JobStream({ ...this.#tools, batch: undefined });
    for (const job of rest) stream.add(job);
    return stream.finish();
  }
}

const isSized = ({ type, signature, message, publicKey }: SignatureJob): boolean =>
  signature.length === SIGNATURE_BYTES &&
  publicKey.length === PUBLIC_KEY_BYTES[type] &&
  (type !== 'secp256k1' || message.length === 32);
