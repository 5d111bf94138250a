/**
 * Our verification of ed25519 batches beside CometBFT's, on 2,000 random batches: valid, changed, with points of small
 * order and encodings that are not canonical. `ED25519_BATCH_SEED` and `ED25519_BATCHES` choose others. Needs Go.
 */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ed25519Batch } from '../chain/crypto/ed25519Batch/verifyBatch.ts';
import { sharedBatchKernel } from '../chain/crypto/kernels/loadKernels.ts';
import { loadBackend } from '../chain/crypto/loadBackend.ts';
import { VerifierPool } from '../chain/crypto/verifierPool.ts';
import { fromBase64 } from '../wire/bytes.ts';

const run = promisify(execFile);
const INTEROP = dirname(fileURLToPath(import.meta.url));
const PROGRAM = join(INTEROP, 'bin', 'ed25519batch');
const SEED = process.env.ED25519_BATCH_SEED ?? '1';
const BATCHES = Number(process.env.ED25519_BATCHES ?? 2_000);

/** A line of the Go program. */
interface Batch {
  readonly ok: boolean;
  readonly signed: readonly {
    readonly kind: string;
    readonly key: string;
    readonly message: string;
    readonly signature: string;
    readonly ok: boolean;
  }[];
}

const jobsOf = ({ signed }: Batch) =>
  signed.map(({ key, message, signature }) => ({
    type: 'ed25519' as const,
    publicKey: fromBase64(key),
    message: fromBase64(message),
    signature: fromBase64(signature),
  }));

describe('ed25519 batches beside CometBFT', function () {
  this.timeout(15 * 60_000);

  before(async () => {
    await mkdir(dirname(PROGRAM), { recursive: true });
    await run('go', ['build', '-o', PROGRAM, './ed25519batch'], { cwd: INTEROP });
  });

  it(`gives its verdicts on ${BATCHES} of them, seed ${SEED}`, async () => {
    const verifyBatch = ed25519Batch(sharedBatchKernel());
    const pool = new VerifierPool(await loadBackend('native'), { workers: 0 });
    const go = spawn(PROGRAM, [SEED, `${BATCHES}`], { stdio: ['ignore', 'pipe', 'inherit'] });
    const counts = { good: 0, bad: 0, signatures: 0 };
    for await (const line of createInterface({ input: go.stdout })) {
      const batch = JSON.parse(line) as Batch;
      const jobs = jobsOf(batch);
      const kinds = batch.signed.map(({ kind }) => kind).join(', ');
      assert.equal(verifyBatch(jobs), batch.ok, `by one equation: ${kinds}`);
      const answers = batch.signed.map(({ ok }) => ok);
      assert.deepEqual(pool.verify(jobs), answers, `by a batch or else one by one: ${kinds}`);
      counts[batch.ok ? 'good' : 'bad'] += 1;
      counts.signatures += jobs.length;
    }
    assert.equal(counts.good + counts.bad, BATCHES);
    assert.ok(Math.min(counts.good, counts.bad) > BATCHES / 4, JSON.stringify(counts));
    assert.ok(counts.signatures > 5 * BATCHES, JSON.stringify(counts));
  });
});
