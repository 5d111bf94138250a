/** Signatures of all kinds for tests of the threads. */
import { TestDevice } from '../../../test/support/devices.ts';
import { toBigEndian } from '../../../wire/bytes.ts';
import { KEY_TYPES } from '../../../wire/signature.ts';
import type { CryptoBackend, SignatureJob } from '../backend.ts';
import { sha256 } from '../loadBackend.ts';

/** Jobs of all kinds, every fifth of them with a signature that is not valid. */
export function makeJobs(count: number): {
  readonly jobs: SignatureJob[];
  readonly expected: boolean[];
} {
  const devices = KEY_TYPES.map(
    (type) => new TestDevice({ seed: 'pool', type, chainId: 'depin-test-1' }),
  );
  const signed = devices.flatMap((device) =>
    [1, 2, 3].map((n) => {
      const message = toBigEndian(BigInt(n), 20 * n);
      const { type, publicKey } = device;
      const signature = device.sign(message);
      return {
        type,
        signature,
        publicKey,
        message: type === 'secp256k1' ? sha256(message) : message,
      };
    }),
  );
  const jobs = Array.from({ length: count }, (_, i) => {
    const job = signed[i % signed.length]!;
    if (i % 5 !== 0) return job;
    const signature = job.signature.slice();
    signature[40]! ^= 1;
    return { ...job, signature };
  });
  return { jobs, expected: jobs.map((_, i) => i % 5 !== 0) };
}

/** What a caller verifies such a job with. */
export const verifyWith =
  (backend: CryptoBackend) =>
  ({ type, signature, message, publicKey }: SignatureJob): boolean =>
    type === 'secp256k1'
      ? backend.verifyDigest(signature, message, publicKey)
      : backend.verifier[type](signature, message, publicKey);
