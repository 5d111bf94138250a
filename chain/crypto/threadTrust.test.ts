import assert from 'node:assert/strict';
import { ThreadTrust } from './threadTrust.ts';

describe('trust in threads', () => {
  /** What goes to threads of so many batches, when a job takes so long with and without them. */
  const shared = (
    trust: ThreadTrust,
    { batches, withThreads, alone }: { batches: number; withThreads: number; alone: number },
  ): number => {
    let count = 0;
    for (let i = 0; i < batches; i++) {
      const hasThreads = trust.next();
      trust.note(hasThreads ? withThreads : alone, hasThreads);
      if (hasThreads) count += 1;
    }
    return count;
  };

  it('begins after some batches', () => {
    assert.equal(new ThreadTrust(0).next(), true);
    const trust = new ThreadTrust(2);
    assert.deepEqual([trust.next(), trust.next(), trust.next()], [false, false, true]);
  });

  it('has the faster way for seven batches of eight, whichever that is', () => {
    const trust = new ThreadTrust(0);
    assert.equal(shared(trust, { batches: 80, withThreads: 1, alone: 2 }), 70);
    const turned = shared(trust, { batches: 80, withThreads: 3, alone: 2 });
    assert.ok(turned <= 15, `${turned} with threads, which are slower`);
    const back = shared(trust, { batches: 160, withThreads: 1, alone: 2 });
    assert.ok(back >= 100, `${back} with threads, which are faster again`);
  });
});
