/** A batch of signatures that comes piece by piece, for threads and caller to verify together. */
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from '../../wire/signature.ts';
import type { SignatureJob } from './backend.ts';
import type { JobRing, VerifyJobs } from './jobRing.ts';
import type { LaterBatch } from './laterBatch.ts';
import { verifyJobs } from './verifyJobs.ts';

/** Below so many jobs the threads would wake up too late to be of use: in some 50 µs, the time of one job. */
const MIN_SHARED = 8;
/** Who has claimed a chunk and does not go on for so long is held up or dead: the caller does it then. */
const PATIENCE_MS = 4;
/** The same as a multiple of the time in which the caller verifies as many itself, when it knows it. */
const PATIENCE = 1.5;
/**
 * What the caller claims at once of ed25519 signatures: to be verified in some 1.5 ms. Threads claim less, since the
 * caller waits for them.
 */
const MOST_CLAIMED = 64;
export const MOST_CLAIMED_BY_THREADS = 16;
/** A batch of so many is worth starting the threads for. */
export const MANY_JOBS = 256;

/** Who verifies. */
export interface StreamTools {
  /** The ring that threads work at; undefined without threads, or when they are not worth it for so many jobs. */
  ring(jobs: number): JobRing | undefined;
  /** How many threads work at the ring. Default: none. */
  workers?(): number;
  /**
   * Told how many milliseconds a job took from the first one's coming to the answers, and whether threads had a part.
   */
  note?(each: number, hadThreads: boolean): void;
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
  readonly #verify: VerifyJobs;
  readonly #since = performance.now();

  constructor(tools: StreamTools) {
    this.#tools = tools;
    this.#verify = verifyJobs(tools.verify, tools.batch);
  }

  /** The next job. The message of a secp256k1 job is the SHA-256 of what was signed. */
  add(job: SignatureJob): void {
    const index = this.#jobs.push(job) - 1;
    const count = index + 1;
    if (count === MIN_SHARED || (count === MANY_JOBS && this.#ring === undefined)) this.#begin();
    else if (count > MIN_SHARED) this.#give(job, index);
  }

  #begin(): void {
    this.#ring = this.#tools.ring(this.#jobs.length);
    if (this.#ring === undefined) return;
    this.#ring.share();
    this.#batch = this.#ring.batch;
    this.#start = this.#ring.laid;
    this.#jobs.forEach((job, index) => {
      this.#give(job, index);
    });
  }

  #give(job: SignatureJob, index: number): void {
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
    const hadThreads = this.#holdsRing();
    if (hadThreads) this.#collect(this.#ring!, answers);
    this.#ring?.leave(this.#batch);
    this.#ring = undefined;
    const others = this.#finishRest(this.#jobs.filter((_, index) => answers[index] === undefined));
    const { length } = this.#jobs;
    if (length >= MIN_SHARED)
      this.#tools.note?.((performance.now() - this.#since) / length, hadThreads);
    let next = 0;
    return answers.map((answer) => answer ?? others[next++]!);
  }

  /** Works at what nobody has claimed, and waits for the rest. */
  #collect(ring: JobRing, answers: (boolean | undefined)[]): void {
    ring.seal();
    const end = this.#start + this.#shared.length;
    const claim = () => ring.claim(end, { share: this.#share(), most: MOST_CLAIMED });
    let own = 0;
    const begin = performance.now();
    for (let chunk = claim(); chunk !== undefined; chunk = claim()) {
      ring.work(chunk, this.#verify);
      own += chunk.to - chunk.from;
    }
    const each = (performance.now() - begin) / own;
    const patience = Math.min(PATIENCE_MS, PATIENCE * MOST_CLAIMED_BY_THREADS * each);
    const found = ring.answers(this.#shared.length, own > 0 ? patience : PATIENCE_MS, this.#start);
    const open: number[] = [];
    found.forEach((answer, i) => {
      if (answer === undefined) open.push(this.#shared[i]!);
      else answers[this.#shared[i]!] = answer;
    });
    const late = this.#verify(open.map((index) => this.#jobs[index]!));
    for (const [i, index] of open.entries()) answers[index] = late[i];
  }

  /** What the caller claims at once of what is left: its part, when it verifies that by one equation. */
  #share(): number {
    if (this.#tools.batch?.mayBeThere !== true) return 0;
    return 1 / (1 + (this.#tools.workers?.() ?? 0));
  }

  /** What did not fit goes through the ring in turn; a job that never will is the caller's. */
  #finishRest(rest: readonly SignatureJob[]): readonly boolean[] {
    const isWorthIt = this.#shared.length > 0 && rest.length >= MIN_SHARED;
    if (!isWorthIt) return this.#verify(rest);
    const stream = new JobStream(this.#tools);
    for (const job of rest) stream.add(job);
    return stream.finish();
  }
}

const isSized = ({ type, signature, message, publicKey }: SignatureJob): boolean =>
  signature.length === SIGNATURE_BYTES &&
  publicKey.length === PUBLIC_KEY_BYTES[type] &&
  (type !== 'secp256k1' || message.length === 32);
