import assert from 'node:assert/strict';
import { ThreadTrust } from './threadTrust.ts';

describe('trust in threads', () => {
  const passed = (trust: ThreadTrust): number => {
    for (let count = 0; ; count++) if (trust.next()) return count;
  };

  it('begins after some batches', () => {
    assert.equal(passed(new ThreadTrust(0)), 0);
    const trust = new ThreadTrust(2);
    assert.deepEqual([passed(trust), passed(trust)], [2, 0]);
  });

  it('is lost for longer each time that they are late, and comes back', () => {
    const trust = new ThreadTrust(0);
    const afterLate = () => {
      trust.note(true);
      return passed(trust);
    };
    assert.deepEqual(Array.from({ length: 8 }, afterLate), [2, 4, 8, 16, 32, 64, 64, 64]);
    for (let i = 0; i < 4; i++) trust.note(false);
    assert.equal(passed(trust), 0);
    assert.equal(afterLate(), 8);
    for (let i = 0; i < 20; i++) trust.note(false);
    assert.equal(afterLate(), 2);
  });
});
