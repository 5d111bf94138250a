/** How a thread verifies what it has claimed. */
import type { CryptoBackend, SignatureJob } from './backend.ts';
import type { VerifyJobs } from './jobRing.ts';
import type { LaterBatch } from './laterBatch.ts';

/** Fewer ed25519 signatures are as fast one by one. */
const MIN_BATCH = 6;

/** One by one. The message of a secp256k1 job is the SHA-256 of what was signed. */
export function verifyOne({
  verifyDigest,
  verifier,
}: Pick<CryptoBackend, 'verifyDigest' | 'verifier'>): (job: SignatureJob) => boolean {
  return ({ type, signature, message, publicKey }) =>
    type === 'secp256k1'
      ? verifyDigest(signature, message, publicKey)
      : verifier[type](signature, message, publicKey);
}

/** The ed25519 signatures among jobs by one equation, where that can be done; of its answers only yes counts. */
export function verifyJobs(
  verify: (job: SignatureJob) => boolean,
  batch: LaterBatch | undefined,
): VerifyJobs {
  return (jobs) => {
    const signed = jobs.filter(({ type }) => type === 'ed25519');
    const areValid = signed.length >= MIN_BATCH && batch?.verify?.(signed) === true;
    return jobs.map((job) => (areValid && job.type === 'ed25519') || verify(job));
  };
}
