import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Arena } from './arena.ts';
import { BLOCK_CLASSES, blockClass, blockUnits } from './blocks.ts';

describe('blocks of the arena', () => {
  it('hold what they are for and waste an eighth at most', () => {
    const sizes = fc.oneof(fc.nat(2000), fc.nat(2 ** 31 + 8));
    fc.assert(
      fc.property(sizes, (bytes) => {
        const room = 8 * blockUnits(bytes);
        assert.ok(room >= bytes);
        assert.ok(room - bytes < Math.max(8, bytes / 8 + 8), `${room} for ${bytes}`);
        assert.ok(blockClass(room / 8) < BLOCK_CLASSES);
      }),
      { numRuns: 2000 },
    );
  });

  it('are as long in WebAssembly', () => {
    const blockBytes = new Arena().functionOf!('blockBytes');
    const sizes = fc.oneof(fc.nat(2000), fc.nat(2 ** 31 - 1));
    fc.assert(
      fc.property(sizes, (bytes) => blockBytes(bytes) >>> 0 === 8 * blockUnits(bytes)),
      { numRuns: 2000, examples: [[0], [512], [513], [2 ** 31 - 1]] },
    );
  });

  it('have the same class only when they have the same size', () => {
    const units = new Map<number, number>();
    for (let bytes = 1; bytes < 2 ** 20; bytes += bytes < 5000 ? 1 : 97) {
      const size = blockUnits(bytes);
      const known = units.get(blockClass(size));
      assert.ok(known === undefined || known === size, `${size} and ${known} units`);
      assert.equal(blockUnits(size * 8), size, 'a size that is given out stays as it is');
      units.set(blockClass(size), size);
    }
  });
});
