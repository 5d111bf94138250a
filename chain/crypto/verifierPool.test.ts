import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { CryptoBackend, SignatureJob } from './backend.ts';
import { CHUNK_JOBS, JobRing, RING_JOBS } from './jobRing.ts';
import { JobStream } from './jobStream.ts';
import { loadBackend } from './loadBackend.ts';
import { makeJobs } from './testing/jobs.ts';
import { VerifierPool } from './verifierPool.ts';

const program = new URL('./testing/sourceWorker.mjs', import.meta.url);

describe('verifying on all cores', () => {
  let backend: CryptoBackend;
  /** Takes what follows from the key byte for an answer: many jobs in no time. */
  let quick: CryptoBackend;

  before(async () => {
    backend = await loadBackend('native');
    quick = {
      ...backend,
      verifyDigest: (signature) => signature[0] === 1,
      verifier: {
        ed25519: (signature) => signature[0] === 1,
        secp256k1: () => assert.fail('a digest is verified'),
        p256: (signature) => signature[0] === 1,
      },
    };
  });

  it('gives the same answers with threads and without', async () => {
    const { jobs, expected } = makeJobs(200);
    const alone = new VerifierPool(backend, { workers: 0, program });
    assert.deepEqual(alone.verify(jobs), expected);
    assert.equal(alone.workers, 0);
    const pool = new VerifierPool(backend, { workers: 2, program });
    try {
      for (let round = 0; round < 3; round++) assert.deepEqual(pool.verify(jobs), expected);
      assert.equal(pool.workers, 2);
    } finally {
      await pool.close();
    }
    assert.deepEqual(pool.verify(jobs), expected, 'closed, the caller goes on alone');
  });

  it('has no threads for the first streams, unless one has many jobs', async () => {
    const { jobs, expected } = makeJobs(255);
    const verify = (pool: VerifierPool, some: readonly SignatureJob[]): boolean[] => {
      const stream = pool.stream();
      for (const job of some) stream.add(job);
      return stream.finish();
    };
    const pool = new VerifierPool(quick, { workers: 1, program, startAfter: 2 });
    try {
      const streams = [jobs, jobs, jobs.slice(0, 7), jobs];
      const workers = streams.map((each) => verify(pool, each) && pool.workers);
      assert.deepEqual(workers, [0, 0, 0, 1]);
    } finally {
      await pool.close();
    }
    const other = new VerifierPool(backend, { workers: 1, program });
    try {
      assert.deepEqual(verify(other, [...jobs, ...jobs]), [...expected, ...expected]);
      assert.equal(other.workers, 1);
    } finally {
      await other.close();
    }
  });

  it('begins a batch while the caller does something else, which may be another batch', async () => {
    const { jobs, expected } = makeJobs(100);
    const pool = new VerifierPool(backend, { workers: 1, program });
    try {
      const first = pool.start(jobs);
      const second = pool.start(jobs.toReversed());
      assert.deepEqual(second(), expected.toReversed());
      assert.deepEqual(first(), expected);
      assert.deepEqual(pool.start([])(), []);
      assert.deepEqual(pool.start(jobs.slice(0, 3))(), expected.slice(0, 3));
    } finally {
      await pool.close();
    }
  });

  it('threads do their part', async () => {
    const { jobs, expected } = makeJobs(64);
    const ring = new JobRing();
    const helper = new VerifierPool(backend, { workers: 1, program });
    helper.verify(jobs);
    // The caller claims nothing: whoever answers is a thread.
    const { Worker } = await import('node:worker_threads');
    const worker = new Worker(program, {
      workerData: { backend: 'native', ring: ring.buffer, share: 0.5 },
    });
    try {
      const count = ring.publish(jobs);
      assert.equal(count, 64);
      assert.deepEqual(ring.answers(count, 20_000), expected);
    } finally {
      await worker.terminate();
      await helper.close();
    }
  });

  it('threads begin before all jobs are there', async () => {
    const { jobs, expected } = makeJobs(65);
    const ring = new JobRing();
    const { Worker } = await import('node:worker_threads');
    const worker = new Worker(program, {
      workerData: { backend: 'native', ring: ring.buffer, share: 0.5 },
    });
    const verify = (): never => assert.fail('the caller works');
    const stream = new JobStream({ ring: () => ring, verify });
    try {
      for (const job of jobs.slice(0, 64)) stream.add(job);
      assert.deepEqual(ring.answers(64, 20_000), expected.slice(0, 64));
      stream.add(jobs[64]!);
      assert.deepEqual(ring.answers(65, 5)[64], undefined, 'half a chunk is not shown');
      stream.seal();
      assert.deepEqual(ring.answers(65, 20_000), expected);
      assert.deepEqual(stream.finish(), expected);
    } finally {
      await worker.terminate();
    }
  });

  it('refuses what has a wrong length, wherever it stands in the batch', () => {
    const { jobs, expected } = makeJobs(40);
    const short = jobs.map((job, i) =>
      i % 9 === 0 ? { ...job, signature: job.signature.subarray(1) } : job,
    );
    const pool = new VerifierPool(backend, { workers: 0, program });
    const answers = pool.verify(short);
    assert.deepEqual(
      answers,
      expected.map((valid, i) => valid && i % 9 !== 0),
    );
  });

  it('takes batches larger than the ring, and messages larger than its memory', async () => {
    const job = (i: number): SignatureJob => ({
      type: 'ed25519',
      signature: new Uint8Array(64).fill(i % 3 === 0 ? 1 : 0),
      publicKey: new Uint8Array(32),
      message: new Uint8Array(i === 70 ? 5 * 1024 * 1024 : 8),
    });
    const jobs = Array.from({ length: 2 * RING_JOBS + 5 }, (_, i) => job(i));
    const nowhere = new URL('./testing/nothing.mjs', import.meta.url);
    const pool = new VerifierPool(quick, { workers: 1, program: nowhere });
    try {
      const answers = pool.verify(jobs);
      assert.ok(answers.every((valid, i) => valid === (i % 3 === 0)));
      assert.equal(answers.length, jobs.length);
    } finally {
      await pool.close();
    }
  });

  it('answers alone when a thread has died with a chunk that it claimed', () => {
    const { jobs, expected } = makeJobs(CHUNK_JOBS * 2);
    const ring = new JobRing();
    assert.equal(ring.publish(jobs), jobs.length);
    assert.deepEqual(ring.claim(), { batch: 1, from: 0, to: CHUNK_JOBS });
    const chunk = ring.claim()!;
    ring.work(chunk, (some) => some.map((job) => backend.verifier[job.type] !== undefined));
    assert.equal(ring.claim(), undefined);
    const answers = ring.answers(jobs.length, 5);
    assert.deepEqual(answers.slice(0, CHUNK_JOBS), new Array(CHUNK_JOBS).fill(undefined));
    assert.ok(answers.slice(CHUNK_JOBS).every((answer) => answer === true));
    assert.equal(expected.length, answers.length);
  });

  it('gives a share of the ed25519 jobs that are left at once, up to a number, and few of others', () => {
    const bytes = (length: number) => new Uint8Array(length);
    const job = (type: SignatureJob['type']): SignatureJob => ({
      type,
      signature: bytes(64),
      message: bytes(32),
      publicKey: bytes(type === 'ed25519' ? 32 : 33),
    });
    const ring = new JobRing();
    ring.publish(Array.from({ length: 303 }, (_, i) => job(i < 299 ? 'ed25519' : 'secp256k1')));
    const part = (end?: number) => {
      const { from, to } = ring.claim(end, { share: 0.5, most: 64 })!;
      return [from, to];
    };
    assert.deepEqual(part(40), [0, 20]);
    assert.deepEqual(
      [part(), part(), part()],
      [
        [20, 84],
        [84, 148],
        [148, 212],
      ],
    );
    assert.deepEqual(
      [part(), part()],
      [
        [212, 256],
        [256, 278],
      ],
    );
    while (ring.claim(298) !== undefined);
    assert.deepEqual(
      [part(), part(), part()],
      [
        [298, 300],
        [300, 302],
        [302, 303],
      ],
    );
    assert.equal(ring.claim(undefined, { share: 1, most: 64 }), undefined);
  });

  it('does not take the late answer of an earlier batch', () => {
    const { jobs } = makeJobs(CHUNK_JOBS);
    const ring = new JobRing();
    ring.publish(jobs);
    const late = ring.claim()!;
    ring.publish(jobs);
    ring.work(late, (some) => some.map(() => true));
    assert.deepEqual(ring.answers(jobs.length, 5), new Array(CHUNK_JOBS).fill(undefined));
    assert.equal(ring.claim()?.batch, 2);
  });

  it('refuses a number of threads out of range', () => {
    for (const workers of [-1, 65, 1.5]) {
      assert.throws(() => new VerifierPool(backend, { workers, program }), {
        name: 'RangeError',
        message: `verify workers: expected 0 to 64, got ${workers}`,
      });
    }
  });

  it('lets a process end that has threads waiting', async () => {
    const code = `
      const { VerifierPool } = await import('./verifierPool.ts');
      const { loadBackend } = await import('./loadBackend.ts');
      const program = new URL('./testing/sourceWorker.mjs', 'file://' + process.cwd() + '/');
      const pool = new VerifierPool(await loadBackend('native'), { workers: 1, program });
      const bytes = new Uint8Array(64);
      const job = { type: 'p256', signature: bytes, message: bytes, publicKey: bytes.subarray(31) };
      console.log(pool.verify(new Array(40).fill(job)).length, pool.workers);`;
    const cwd = fileURLToPath(new URL('.', import.meta.url));
    const args = ['--import=tsx', '--input-type=module', '--eval', code];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, timeout: 20_000 });
    assert.equal(stdout, '40 1\n');
  });
});
