import assert from 'node:assert/strict';
import { Slab } from './slab.ts';

describe('a slab', () => {
  it('gives arrays that do not touch each other, also when a piece is full', () => {
    const slab = new Slab(64);
    const lengths = [0, 1, 16, 16, 0, 16, 15, 16, 3, 16];
    const arrays = lengths.map((length, i) => slab.copy(new Uint8Array(length).fill(i + 1)));
    for (const [i, array] of arrays.entries()) {
      assert.deepEqual(array, new Uint8Array(lengths[i]!).fill(i + 1));
    }
    assert.deepEqual(slab.take(16), new Uint8Array(16));
  });

  it('gives what is longer than a quarter of a piece memory of its own', () => {
    const slab = new Slab(64);
    assert.equal(slab.take(16).buffer.byteLength, 64);
    assert.equal(slab.take(17).buffer.byteLength, 17);
    assert.equal(slab.copy(new Uint8Array(1000).fill(5))[999], 5);
  });
});
