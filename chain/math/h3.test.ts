import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cellToLatLng, getPentagons, latLngToCell } from 'h3-js';
import { cellFromIndex, cellToIndex, gridDistance, isCell, parentOf, resolutionOf } from './h3.ts';

const BERLIN = '8c1f1d48b6519ff';

describe('h3', () => {
  it('takes only the canonical text of a cell', () => {
    assert.equal(isCell(BERLIN), true);
    const wrong = [
      '',
      'x',
      `0${BERLIN}`,
      BERLIN.toUpperCase(),
      BERLIN.slice(0, 14),
      `${BERLIN}f`,
      `${BERLIN} `,
      // An edge (mode 2) and an index with a base cell that does not exist.
      '115283473fffffff',
      '8ffffffffffffff',
      '8c1f1d48b6519f0',
    ];
    for (const text of wrong) assert.equal(isCell(text), false, text);
  });

  it('gives resolutions and parents', () => {
    assert.equal(resolutionOf(BERLIN), 12);
    assert.equal(resolutionOf(parentOf(BERLIN, 11)), 11);
    assert.equal(parentOf(BERLIN, 12), BERLIN);
    assert.throws(() => parentOf(BERLIN, 13), /resolution: expected 0 to 12, got 13/);
    assert.throws(() => parentOf('zzz', 1), /cell: expected 15 hex digits .* got "zzz"/);
    assert.throws(() => resolutionOf('zzz'), TypeError);
  });

  it('turns cells into 64-bit indexes and back', () => {
    assert.equal(cellToIndex(BERLIN), 0x8c1f1d48b6519ffn);
    assert.equal(cellFromIndex(0x8c1f1d48b6519ffn), BERLIN);
    for (const index of [0n, 1n, 0x115283473fffffffn, (1n << 64n) - 1n, -1n]) {
      assert.throws(() => cellFromIndex(index), TypeError, index.toString());
    }
  });

  it('counts steps between cells, the same both ways', () => {
    const near = latLngToCell(52.51, 13.41, 12);
    assert.equal(gridDistance(BERLIN, BERLIN), 0);
    const steps = gridDistance(BERLIN, near);
    assert.ok(steps !== undefined && steps > 0);
    assert.equal(gridDistance(near, BERLIN), steps);
  });

  it('does not answer where H3 cannot: too far, other resolution, round a pentagon', () => {
    assert.equal(gridDistance(BERLIN, latLngToCell(-33.9, 151.2, 12)), undefined);
    assert.equal(gridDistance(BERLIN, parentOf(BERLIN, 11)), undefined);
    const [latitude, longitude] = cellToLatLng(getPentagons(11)[0]!) as [number, number];
    const around = [-0.02, 0.02].flatMap((dy) =>
      [-0.02, 0.02].map((dx) => latLngToCell(latitude + dy, longitude + dx, 11)),
    );
    const answers = around.flatMap((a) => around.map((b) => gridDistance(a, b)));
    assert.ok(answers.includes(undefined));
    assert.throws(() => gridDistance('zzz', BERLIN), TypeError);
  });

  it('decode and encode are inverse for cells of all resolutions', () => {
    const latitude = fc.double({ min: -90, max: 90, noNaN: true });
    const longitude = fc.double({ min: -180, max: 180, noNaN: true });
    fc.assert(
      fc.property(latitude, longitude, fc.integer({ min: 0, max: 15 }), (y, x, resolution) => {
        const cell = latLngToCell(y, x, resolution);
        assert.ok(isCell(cell));
        assert.equal(cellFromIndex(cellToIndex(cell)), cell);
        assert.equal(resolutionOf(cell), resolution);
      }),
    );
  });
});
