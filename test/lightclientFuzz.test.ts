/** A glance of what `npm run fuzz` does for longer: two seeds that are always the same, and a new one. */
import { strict as assert } from 'node:assert';
import { Random } from './fuzz/random.ts';
import { fuzz } from './fuzz/run.ts';
import { TARGETS } from './fuzz/targets.ts';

describe('decoders of what strangers send', () => {
  for (const seed of [1, 2, Date.now() % 2 ** 31]) {
    it(`end with data or a typed error: seed ${seed}`, async () => {
      const { attempts } = await fuzz({ seed, attempts: TARGETS.length * 12 });
      assert.equal(attempts, TARGETS.length * 12);
    });
  }

  it('are tried with numbers that a seed repeats', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, () => new Random(seed).uint32());
    assert.deepEqual(draw(7), draw(7));
    assert.notDeepEqual(draw(7), draw(8));
  });
});
