/** A thread that verifies signatures: claims chunks of a shared ring until its process ends. */
import { workerData } from 'node:worker_threads';
import type { CryptoBackendName, SignatureJob } from './backend.ts';
import { JobRing } from './jobRing.ts';
import { loadBackend } from './loadBackend.ts';

/** What the thread is started with. */
export interface WorkerTask {
  readonly backend: CryptoBackendName;
  readonly ring: SharedArrayBuffer;
}

const task = workerData as WorkerTask;
const { verifyDigest, verifier } = await loadBackend(task.backend);
const ring = new JobRing(task.ring);
const verify = ({ type, signature, message, publicKey }: SignatureJob): boolean =>
  type === 'secp256k1'
    ? verifyDigest(signature, message, publicKey)
    : verifier[type](signature, message, publicKey);

for (;;) {
  const { signal } = ring;
  for (let chunk = ring.claim(); chunk !== undefined; chunk = ring.claim()) {
    ring.work(chunk, verify);
  }
  ring.awaitSignal(signal);
}
