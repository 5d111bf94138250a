import assert from 'node:assert/strict';
import { isLeftmost, isLeftNeighbour, isRightmost } from './neighbours.ts';
import { HASH_OP } from './ops.ts';
import { type InnerSpec, tendermintSpec } from './spec.ts';
import type { InnerOp } from './types.ts';

/** Four children a node, of 2 bytes each; a missing one is two zeros. */
const spec: InnerSpec = {
  hash: HASH_OP.sha256,
  childOrder: [0, 1, 2, 3],
  childSize: 2,
  minPrefixLength: 1,
  maxPrefixLength: 1,
  emptyChild: new Uint8Array(2),
};

/** A step whose siblings to the left and to the right are these bytes, two a child. */
function step(left: readonly number[], right: readonly number[], node = 1): InnerOp {
  const prefix = Uint8Array.of(node, ...left);
  return { hash: HASH_OP.sha256, prefix, suffix: Uint8Array.from(right) };
}

const full = [7, 7, 7, 7, 7, 7];
const at = (branch: number, node = 1) =>
  step(full.slice(0, 2 * branch), full.slice(2 * branch), node);

describe('paths in a tree of four children a node', () => {
  it('are leftmost at branch 0, or right of empty children alone', () => {
    assert.equal(isLeftmost(spec, []), true);
    assert.equal(isLeftmost(spec, [at(0), at(0)]), true);
    assert.equal(isLeftmost(spec, [at(0), at(1)]), false);
    assert.equal(isLeftmost(spec, [at(1), at(0)]), false);
    assert.equal(isLeftmost(spec, [step([0, 0, 0, 0], [7, 7])]), true);
    assert.equal(isLeftmost(spec, [step([0, 0, 7, 7], [7, 7])]), false);
    assert.equal(isLeftmost(spec, [step([7, 7, 0, 0], [7, 7])]), false);
  });

  it('are rightmost at branch 3, or left of empty children alone', () => {
    assert.equal(isRightmost(spec, [at(3), at(3)]), true);
    assert.equal(isRightmost(spec, [at(3), at(2)]), false);
    assert.equal(isRightmost(spec, [step([7, 7], [0, 0, 0, 0])]), true);
    assert.equal(isRightmost(spec, [step([7, 7], [0, 0, 7, 7])]), false);
    assert.equal(isRightmost(spec, [step([7, 7], [7, 7, 0, 0])]), false);
  });

  it('are neighbours side by side, not one apart, not the same, not the wrong way round', () => {
    for (let left = 0; left < 4; left++) {
      for (let right = 0; right < 4; right++) {
        const adjacent = isLeftNeighbour(spec, [at(left, 8), at(2)], [at(right, 9), at(2)]);
        assert.equal(adjacent, right === left + 1, `${left} and ${right}`);
      }
    }
  });

  it('are neighbours over a fork only at its inner edges', () => {
    const neighbours = (left: number, right: number) =>
      isLeftNeighbour(spec, [at(left), at(1)], [at(right), at(2)]);
    assert.equal(neighbours(3, 0), true);
    assert.equal(neighbours(2, 0), false);
    assert.equal(neighbours(3, 1), false);
    assert.equal(isLeftNeighbour(spec, [at(3), at(3), at(1)], [at(2)]), true);
    assert.equal(isLeftNeighbour(spec, [at(0), at(3), at(1)], [at(2)]), false);
  });

  it('are no neighbours when one is a part of the other or lies at no branch', () => {
    assert.equal(isLeftNeighbour(spec, [], []), false);
    assert.equal(isLeftNeighbour(spec, [at(1)], [at(1)]), false);
    assert.equal(isLeftNeighbour(spec, [at(1)], [at(2), at(1)]), false);
    const nowhere = step([7], full);
    assert.equal(isLeftNeighbour(spec, [nowhere], [at(1)]), false);
    assert.equal(isLeftNeighbour(spec, [at(0)], [nowhere]), false);
    assert.equal(isLeftmost(spec, [nowhere]), false);
    assert.equal(isRightmost(spec, [nowhere]), false);
  });

  it('have no empty children where the spec has none', () => {
    const zeros = new Uint8Array(32);
    const path = [
      { hash: HASH_OP.sha256, prefix: Uint8Array.of(1, ...zeros), suffix: new Uint8Array(0) },
    ];
    assert.equal(isLeftmost(tendermintSpec.inner, path), false);
    assert.equal(isLeftmost({ ...tendermintSpec.inner, emptyChild: zeros }, path), true);
  });
});
