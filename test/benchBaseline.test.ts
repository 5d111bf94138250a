import assert from 'node:assert/strict';
import { type Baseline, type Extent, saved } from '../bench/support/baseline.ts';
import { thisMachine } from '../bench/support/machine.ts';

const row = (bench: string, name: string, extent: Extent = 'usual', value = 1) => {
  return { bench, name, extent, value, unit: 'ms', better: 'lower' } as const;
};
const run = (...figures: Baseline['figures']): Baseline => {
  return { machine: thisMachine(), quick: false, figures };
};

describe('the saved baseline', () => {
  const before = run(
    row('tree', 'set'),
    row('tree', 'made no more'),
    row('tree', 'a look', 'quick'),
    row('sends', 'native'),
  );

  for (const [extent, kept] of [
    ['quick', ['made no more', 'native', 'set']],
    ['usual', ['native', 'set']],
  ] as const) {
    it(`keeps other benches and larger runs when a ${extent} run is saved`, () => {
      const again = run(row('tree', 'set', extent, 2));
      const after = saved(before, again, { benches: ['tree'], extent });
      assert.deepEqual(
        after.figures.map(({ name }) => name),
        kept,
      );
      assert.equal(after.figures.at(-1)?.value, 2);
    });
  }

  it('begins with the run where there was none', () => {
    const first = run(row('tree', 'set'));
    assert.deepEqual(saved(undefined, first, { benches: ['tree'], extent: 'usual' }), first);
  });
});
