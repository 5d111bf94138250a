import assert from 'node:assert/strict';
import { TestDevice } from '../../test/support/devices.ts';
import { toUtf8 } from '../../wire/bytes.ts';
import { KEY_TYPES } from '../../wire/signature.ts';
import type { CryptoBackend, SignatureJob } from './backend.ts';
import { ed25519Batch } from './ed25519Batch/verifyBatch.ts';
import { sharedBatchKernel } from './kernels/loadKernels.ts';
import { LaterBatch } from './laterBatch.ts';
import { loadBackend, sha256 } from './loadBackend.ts';
import { selfTestBatch } from './selfTest.ts';
import { makeJobs } from './testing/jobs.ts';
import { VerifierPool } from './verifierPool.ts';

const message = toUtf8('later');
const devices = KEY_TYPES.map(
  (type) => new TestDevice({ seed: 'later', type, chainId: 'depin-test-1' }),
);

/** One of each kind in turn. */
const goodJobs = (count: number): SignatureJob[] =>
  Array.from({ length: count }, (_, i): SignatureJob => {
    const device = devices[i % devices.length]!;
    const { type, publicKey } = device;
    const signature = device.sign(message);
    return {
      type,
      publicKey,
      signature,
      message: type === 'secp256k1' ? sha256(message) : message,
    };
  });

describe('batches in a stream of signatures', () => {
  let backend: CryptoBackend;
  before(async () => {
    backend = await loadBackend('native');
  });

  const answersOf = (jobs: readonly SignatureJob[], batch: LaterBatch): boolean[] => {
    const stream = new VerifierPool(backend, { workers: 0, batch }).stream();
    for (const job of jobs) stream.add(job);
    return stream.finish();
  };

  it('are verified when there are enough ed25519 signatures, and are made then', () => {
    const sizes: number[] = [];
    let made = 0;
    const batch = new LaterBatch(() => {
      made += 1;
      return (signed) => sizes.push(signed.length) > 0;
    });
    answersOf(goodJobs(15), batch);
    assert.deepEqual([made, sizes], [0, []], '5 are too few');
    answersOf(goodJobs(18), batch);
    answersOf(goodJobs(30), batch);
    assert.deepEqual([made, sizes], [1, [6, 10]]);
  });

  it('give the answers of single verification, whatever is among them', () => {
    const batch = new LaterBatch();
    assert.ok(batch.verify);
    const { jobs, expected } = makeJobs(200);
    assert.deepEqual(answersOf(jobs, batch), expected);
    assert.ok(expected.includes(false));
    const good = goodJobs(60);
    assert.deepEqual(answersOf(good, batch), new Array<boolean>(60).fill(true));
    for (const place of [0, 30, 59]) {
      const changed = good.with(place, { ...good[place]!, signature: new Uint8Array(64) });
      assert.deepEqual(
        answersOf(changed, batch),
        good.map((_, i) => i !== place),
      );
    }
  });

  it('give the same answers when threads verify a part', async () => {
    const batch = new LaterBatch();
    const program = new URL('./testing/sourceWorker.mjs', import.meta.url);
    const pool = new VerifierPool(backend, { workers: 1, program, batch });
    try {
      const good = goodJobs(300);
      const changed = good.with(150, { ...good[150]!, signature: new Uint8Array(64) });
      for (let round = 0; round < 3; round++) {
        assert.ok(pool.verify(good).every(Boolean));
        assert.deepEqual(
          pool.verify(changed),
          good.map((_, i) => i !== 150),
        );
      }
    } finally {
      await pool.close();
    }
  });

  it('are left to single verification when they cannot be made', () => {
    let tries = 0;
    const batch = new LaterBatch(() => {
      tries += 1;
      throw new Error('no vectors');
    });
    for (let round = 0; round < 3; round++) {
      assert.ok(answersOf(goodJobs(30), batch).every(Boolean));
    }
    assert.equal(tries, 1);
    assert.equal(batch.verify, undefined);
  });

  it('must pass a self-test', () => {
    selfTestBatch(ed25519Batch(sharedBatchKernel()));
    for (const answer of [true, false]) {
      assert.throws(() => selfTestBatch(() => answer), {
        message: `ed25519 batch: expected true, false; got ${answer}, ${answer}`,
      });
    }
  });
});
