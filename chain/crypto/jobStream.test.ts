import assert from 'node:assert/strict';
import type { CryptoBackend, SignatureJob } from './backend.ts';
import { CHUNK_JOBS, JobRing, RING_JOBS } from './jobRing.ts';
import { JobStream } from './jobStream.ts';
import { loadBackend } from './loadBackend.ts';
import { makeJobs, verifyWith } from './testing/jobs.ts';

describe('batches in one ring', () => {
  let backend: CryptoBackend;

  before(async () => {
    backend = await loadBackend('native');
  });

  it('lays batches behind one another, as long as one of them is not answered', () => {
    const { jobs, expected } = makeJobs(45);
    const ring = new JobRing();
    const claimed: string[] = [];
    const verify = (job: SignatureJob): boolean => {
      claimed.push(job.type);
      return verifyWith(backend)(job);
    };
    const begin = (of: readonly SignatureJob[]): JobStream => {
      const stream = new JobStream({ ring: () => ring, verify });
      for (const job of of) stream.add(job);
      stream.seal();
      return stream;
    };
    const first = begin(jobs.slice(0, 15));
    const second = begin(jobs.slice(15));
    assert.deepEqual([ring.batch, ring.laid], [1, 46], 'behind the end of a chunk');
    assert.deepEqual(first.finish(), expected.slice(0, 15));
    assert.ok(claimed.length <= 16, 'the jobs of the second one wait');
    const third = begin(jobs);
    assert.equal(ring.batch, 1);
    assert.deepEqual(second.finish(), expected.slice(15));
    assert.deepEqual(third.finish(), expected);
    assert.deepEqual(begin(jobs).finish(), expected);
    assert.equal(ring.batch, 2, 'when all are answered the next one begins anew');
  });

  it('begins anew when the ring is nearly full, and answers what was in it all the same', () => {
    const { jobs, expected } = makeJobs(40);
    const ring = new JobRing();
    const begin = (verify: (job: SignatureJob) => boolean): JobStream => {
      const stream = new JobStream({ ring: () => ring, verify });
      for (const job of jobs) stream.add(job);
      return stream;
    };
    const lost = begin(verifyWith(backend));
    while (ring.batch === 1) begin(() => true);
    assert.ok(RING_JOBS - ring.laid > 0);
    assert.deepEqual(lost.finish(), expected);
  });

  it('verifies alone what comes after another batch has taken the ring', () => {
    const { jobs, expected } = makeJobs(60);
    const ring = new JobRing();
    const tools = { ring: () => ring, verify: verifyWith(backend) };
    const [first, second] = [new JobStream(tools), new JobStream(tools)];
    for (const job of jobs.slice(0, 30)) first.add(job);
    for (const job of jobs) second.add(job);
    for (const job of jobs.slice(30)) first.add(job);
    assert.deepEqual(second.finish(), expected);
    assert.deepEqual(first.finish(), expected);
  });

  it('does what a thread has claimed and leaves undone', () => {
    const { jobs } = makeJobs(20);
    const ring = new JobRing();
    const stream = new JobStream({ ring: () => ring, verify: (job) => job !== jobs[1] });
    for (const job of jobs) stream.add(job);
    assert.deepEqual(ring.claim(), { batch: 1, from: 0, to: CHUNK_JOBS });
    assert.equal(stream.finish().length, jobs.length);
  });
});
