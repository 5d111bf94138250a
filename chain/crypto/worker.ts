/** A thread that verifies signatures: claims chunks of a shared ring until its process ends. */
import { workerData } from 'node:worker_threads';
import type { CryptoBackendName } from './backend.ts';
import type { CompiledKernel } from './ed25519Batch/batchMemory.ts';
import { JobRing } from './jobRing.ts';
import { MOST_CLAIMED_BY_THREADS } from './jobStream.ts';
import { LaterBatch, testedBatch } from './laterBatch.ts';
import { loadBackend } from './loadBackend.ts';
import { verifyJobs, verifyOne } from './verifyJobs.ts';

/** What the thread is started with. */
export interface WorkerTask {
  readonly backend: CryptoBackendName;
  readonly ring: SharedArrayBuffer;
  /** Compiled by who starts it; undefined where that cannot be done. */
  readonly kernel: CompiledKernel | undefined;
  /** What a thread claims at once of the ed25519 signatures that are left, when it verifies them by one equation. */
  readonly share: number;
}

const task = workerData as WorkerTask;
const backend = await loadBackend(task.backend);
const ring = new JobRing(task.ring);
const { kernel } = task;
const batch = new LaterBatch(kernel && (() => testedBatch(kernel)));
const verify = verifyJobs(verifyOne(backend), batch);
const claim = () =>
  ring.claim(undefined, batch.verify && { share: task.share, most: MOST_CLAIMED_BY_THREADS });

for (;;) {
  const { signal } = ring;
  for (let chunk = claim(); chunk !== undefined; chunk = claim()) {
    ring.work(chunk, verify);
  }
  ring.awaitSignal(signal);
}
