/** Verifies batches of signatures on all cores, while the caller waits: block execution stays synchronous. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { CryptoBackend, SignatureJob } from './backend.ts';
import type { CompiledKernel } from './ed25519Batch/batchMemory.ts';
import { JobRing } from './jobRing.ts';
import { JobStream, MANY_JOBS, type StreamTools } from './jobStream.ts';
import { sharedBatchKernel } from './kernels/loadKernels.ts';
import { LaterBatch } from './laterBatch.ts';
import { ThreadTrust } from './threadTrust.ts';
import { verifyOne } from './verifyJobs.ts';
import type { WorkerTask } from './worker.ts';

/** After so many threads that ended the caller verifies alone. */
const MAX_FAILURES = 3;
/** More threads than this wait for each other. */
const MAX_WORKERS = 64;

/** What threads run; sources have none, since threads do not inherit what runs sources. */
const COMPILED_WORKER = import.meta.url.endsWith('.ts')
  ? undefined
  : new URL('./worker.js', import.meta.url);

/** To start a thread takes 80 ms of a core, while V8 compiles what verifies: what has few batches does without. */
const START_AFTER = 8;

/** How a pool is made. */
export interface PoolOptions {
  /** Threads beside the caller's, from 0 to 64. Default: as many as there are other cores, at most 8. */
  readonly workers?: number | undefined;
  /** What threads run. Default: the compiled worker. */
  readonly program?: URL | undefined;
  /** Threads work at streams after so many, or at one of 256 jobs. Default: 8. */
  readonly startAfter?: number | undefined;
  /** Verifies ed25519 by one equation. Default: made when there are some to verify together. */
  readonly batch?: LaterBatch | undefined;
}

/** Each thread takes some 20 MB: on a large machine more would be there unasked than blocks can use. */
const MAX_DEFAULT_WORKERS = 8;

const otherCores = (): number => Math.min(MAX_DEFAULT_WORKERS, availableParallelism() - 1);

function kernelIfThere(): CompiledKernel | undefined {
  try {
    return sharedBatchKernel();
  } catch {
    // Threads verify one by one then, as the caller does.
    return undefined;
  }
}

export class VerifierPool {
  readonly #backend: CryptoBackend;
  readonly #batch: LaterBatch;
  readonly #trust: ThreadTrust;
  readonly #program: URL | undefined;
  readonly #wanted: number;
  #threads: { readonly ring: JobRing; readonly workers: readonly Worker[] } | undefined;
  #failures = 0;

  /** @throws RangeError for a number of workers out of range. */
  constructor(
    backend: CryptoBackend,
    {
      workers,
      program = COMPILED_WORKER,
      batch = new LaterBatch(),
      startAfter = START_AFTER,
    }: PoolOptions = {},
  ) {
    if (
      workers !== undefined &&
      !(Number.isInteger(workers) && workers >= 0 && workers <= MAX_WORKERS)
    ) {
      throw new RangeError(`verify workers: expected 0 to ${MAX_WORKERS}, got ${workers}`);
    }
    this.#backend = backend;
    this.#batch = batch;
    this.#trust = new ThreadTrust(startAfter);
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
   * Gives the jobs to the threads, to work at while the caller does something else; what it returns does the rest and
   * gives the answers. Threads come to another batch that is started in between when they are through with this one.
   */
  start(jobs: readonly SignatureJob[]): () => boolean[] {
    const stream = new JobStream(this.#tools);
    for (const job of jobs) stream.add(job);
    stream.seal();
    return () => stream.finish();
  }

  /**
   * A batch whose jobs come one by one: threads begin with the first while the caller makes the next. What they leave
   * of ed25519 the caller verifies by one equation. A batch of few goes without threads at first, and while it is
   * faster so.
   */
  stream(): JobStream {
    return new JobStream({
      ...this.#tools,
      ring: (jobs) => (jobs >= MANY_JOBS || this.#trust.next() ? this.#ring() : undefined),
      note: (each, hadThreads) => this.#trust.note(each, hadThreads),
    });
  }

  /** Ends the threads. They do not keep a process alive: for tests. */
  async close(): Promise<void> {
    const workers = this.#threads?.workers ?? [];
    this.#threads = undefined;
    this.#failures = MAX_FAILURES;
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  get #tools(): StreamTools {
    return {
      ring: () => this.#ring(),
      workers: () => this.workers,
      verify: verifyOne(this.#backend),
      batch: this.#batch,
    };
  }

  #ring(): JobRing | undefined {
    if (this.#wanted === 0 || this.#failures >= MAX_FAILURES) return undefined;
    this.#threads ??= this.#start();
    return this.#threads.ring;
  }

  #start(): { readonly ring: JobRing; readonly workers: readonly Worker[] } {
    const ring = new JobRing();
    const share = 1 / (1 + this.#wanted);
    const kernel = kernelIfThere();
    const task: WorkerTask = { backend: this.#backend.name, ring: ring.buffer, share, kernel };
    const workers = Array.from({ length: this.#wanted }, () => {
      const worker = new Worker(this.#program!, { workerData: task });
      worker.unref();
      worker.on('error', () => this.#fail());
      return worker;
    });
    return { ring, workers };
  }

  /** One thread that ends may be chance; more of it is not: the caller goes on alone. */
  #fail(): void {
    this.#failures += 1;
    if (this.#failures < MAX_FAILURES) return;
    for (const worker of this.#threads?.workers ?? []) void worker.terminate();
    this.#threads = undefined;
  }
}
