/** Verifies batches of signatures on all cores, while the caller waits: block execution stays synchronous. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from '../../wire/signature.ts';
import type { CryptoBackend, SignatureJob } from './backend.ts';
import { CHUNK_JOBS, JobRing } from './jobRing.ts';
import type { WorkerTask } from './worker.ts';

/** Below so many jobs the threads would take longer to wake up than to verify. */
const MIN_SHARED = 2 * CHUNK_JOBS;
/** A claimed chunk takes noble 30 ms; who takes longer is held up or dead. */
const PATIENCE_MS = 500;
/** After so many disappointments the caller verifies alone. */
const MAX_FAILURES = 3;
/** More threads than this wait for each other. */
const MAX_WORKERS = 64;

/** What threads run; sources have none, since threads do not inherit what runs sources. */
const COMPILED_WORKER = import.meta.url.endsWith('.ts')
  ? undefined
  : new URL('./worker.js', import.meta.url);

/** How a pool is made. */
export interface PoolOptions {
  /** Threads beside the caller's, from 0 to 64. Default: as many as there are other cores, at most 8. */
  readonly workers?: number | undefined;
  /** What threads run. Default: the compiled worker. */
  readonly program?: URL | undefined;
}

/** Each thread takes some 20 MB: on a large machine more would be there unasked than blocks can use. */
const MAX_DEFAULT_WORKERS = 8;

const otherCores = (): number => Math.min(MAX_DEFAULT_WORKERS, availableParallelism() - 1);

export class VerifierPool {
  readonly #backend: CryptoBackend;
  readonly #program: URL | undefined;
  readonly #wanted: number;
  #threads: { readonly ring: JobRing; readonly workers: readonly Worker[] } | undefined;
  #failures = 0;

  /** Threads start with the first batch that is worth it. @throws RangeError for a number of workers out of range. */
  constructor(backend: CryptoBackend, { workers, program = COMPILED_WORKER }: PoolOptions = {}) {
    if (
      workers !== undefined &&
      !(Number.isInteger(workers) && workers >= 0 && workers <= MAX_WORKERS)
    ) {
      throw new RangeError(`verify workers: expected 0 to ${MAX_WORKERS}, got ${workers}`);
    }
    this.#backend = backend;
    this.#program = program;
    this.#wanted = program === undefined ? 0 : (workers ?? otherCores());
  }

  /** Threads that help the caller now: none before the first batch, or after they failed. */
  get workers(): number {
    return this.#threads?.workers.length ?? 0;
  }

  /**
   * Whether each signature is valid, in the order of the jobs. The message of a secp256k1 job is the SHA-256 of what
   * was signed. The caller works too, and does what the threads leave.
   */
  verify(jobs: readonly SignatureJob[]): boolean[] {
    return this.start(jobs)();
  }

  /**
   * Gives the threads the first jobs, as many as fit, to work at while the caller does something else; what it returns
   * does the rest and gives the answers. Another batch that is started in between takes the place of this one.
   */
  start(jobs: readonly SignatureJob[]): () => boolean[] {
    const ring = jobs.length < MIN_SHARED || !jobs.every(isSized) ? undefined : this.#ring();
    const count = ring?.publish(jobs) ?? 0;
    const batch = ring?.batch;
    return () => {
      const isOurs = count > 0 && ring !== undefined && ring.batch === batch;
      return this.#finish(jobs, isOurs ? this.#collect(ring, jobs, count) : []);
    };
  }

  /** With the answers to the first jobs, those to all. */
  #finish(jobs: readonly SignatureJob[], answers: boolean[]): boolean[] {
    while (answers.length < jobs.length) {
      const rest = answers.length === 0 ? jobs : jobs.slice(answers.length);
      for (const answer of this.#verifySome(rest)) answers.push(answer);
    }
    return answers;
  }

  /** Ends the threads. They do not keep a process alive: for tests. */
  async close(): Promise<void> {
    const workers = this.#threads?.workers ?? [];
    this.#threads = undefined;
    this.#failures = MAX_FAILURES;
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  /** At least one. */
  #verifySome(jobs: readonly SignatureJob[]): boolean[] {
    const ring = jobs.length < MIN_SHARED ? undefined : this.#ring();
    const sized = jobs.findIndex((job) => !isSized(job));
    if (ring === undefined) return jobs.map(this.#verify);
    if (sized === 0) return [false];
    const count = ring.publish(sized < 0 ? jobs : jobs.slice(0, sized));
    return count === 0 ? [this.#verify(jobs[0]!)] : this.#collect(ring, jobs, count);
  }

  /** Works at what nobody has claimed, and waits for the rest. */
  #collect(ring: JobRing, jobs: readonly SignatureJob[], count: number): boolean[] {
    for (let chunk = ring.claim(); chunk !== undefined; chunk = ring.claim()) {
      ring.work(chunk, this.#verify);
    }
    const answers = ring.answers(count, PATIENCE_MS);
    if (answers.includes(undefined)) this.#fail();
    return answers.map((answer, i) => answer ?? this.#verify(jobs[i]!));
  }

  readonly #verify = ({ type, signature, message, publicKey }: SignatureJob): boolean =>
    type === 'secp256k1'
      ? this.#backend.verifyDigest(signature, message, publicKey)
      : this.#backend.verifier[type](signature, message, publicKey);

  #ring(): JobRing | undefined {
    if (this.#wanted === 0 || this.#failures >= MAX_FAILURES) return undefined;
    this.#threads ??= this.#start();
    return this.#threads.ring;
  }

  #start(): { readonly ring: JobRing; readonly workers: readonly Worker[] } {
    const ring = new JobRing();
    const task: WorkerTask = { backend: this.#backend.name, ring: ring.buffer };
    const workers = Array.from({ length: this.#wanted }, () => {
      const worker = new Worker(this.#program!, { workerData: task });
      worker.unref();
      worker.on('error', () => this.#fail());
      return worker;
    });
    return { ring, workers };
  }

  /** One thread that ends or hangs may be chance; more of it is not: the caller goes on alone. */
  #fail(): void {
    this.#failures += 1;
    if (this.#failures < MAX_FAILURES) return;
    for (const worker of this.#threads?.workers ?? []) void worker.terminate();
    this.#threads = undefined;
  }
}

const isSized = ({ type, signature, message, publicKey }: SignatureJob): boolean =>
  signature.length === SIGNATURE_BYTES &&
  publicKey.length === PUBLIC_KEY_BYTES[type] &&
  (type !== 'secp256k1' || message.length === 32);
