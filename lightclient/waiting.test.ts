import { strict as assert } from 'node:assert';
import { heightOf } from './height.ts';
import { makeBlock, signersOf } from './testing/chain.ts';
import type { LightBlock } from './types.ts';
import { makeRoom } from './waiting.ts';

const four = signersOf('four', [10n, 10n, 10n, 10n]);
const heightsOf = (blocks: readonly LightBlock[]) => blocks.map((block) => Number(heightOf(block)));

describe('makeRoom', () => {
  const blocks = [9n, 8n, 7n, 6n, 5n].map((height) => makeBlock({ height, signers: four }));

  it('keeps all blocks as long as their validators are few', () => {
    const waiting = [...blocks];
    makeRoom(waiting, 40);
    assert.deepEqual(heightsOf(waiting), [9, 8, 7, 6, 5]);
  });

  it('keeps the one that is wanted and those that are tried next', () => {
    for (const [most, expected] of [
      [39, [9, 7, 6, 5]],
      [24, [9, 6, 5]],
      [1, [9, 5]],
    ] as const) {
      const waiting = [...blocks];
      makeRoom(waiting, most);
      assert.deepEqual(heightsOf(waiting), expected);
    }
  });

  it('counts validators that stay once', () => {
    const waiting = blocks.map((block) => ({ ...block, nextValidators: block.validators }));
    makeRoom(waiting, 20);
    assert.equal(waiting.length, 5);
  });
});
