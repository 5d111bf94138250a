import assert from 'node:assert/strict';
import * as values from './values.ts';

describe('values of flags', () => {
  it('read durations with their units', () => {
    const given = ['250', '250ms', '1s', '1.5s', '2m', '1h'];
    assert.deepEqual(given.map(values.duration), [250, 250, 1000, 1500, 120_000, 3_600_000]);
    for (const bad of ['', '-1s', '1d', 's', '1 s', '1e3', '99999999']) {
      assert.throws(() => values.duration(bad), /expected a duration/, bad);
    }
  });

  it('hold ports and numbers to their ranges', () => {
    assert.equal(values.port('0'), 0);
    assert.equal(values.port('65535'), 65_535);
    for (const bad of ['65536', '-1', '1.5', '0x10', '']) {
      assert.throws(() => values.port(bad), /from 0 to 65535/, bad);
    }
    assert.equal(values.uint64('18446744073709551615'), (1n << 64n) - 1n);
    assert.throws(() => values.uint64('18446744073709551616'), /64 bits/);
    assert.throws(() => values.uint64('-1'), /64 bits/);
  });

  it('read heights', () => {
    assert.deepEqual(values.heights('12'), [12n]);
    assert.deepEqual(values.heights('12,15'), [12n, 15n]);
    for (const bad of ['', '0', '12,', ',12', '1 2', '-1', '1.5']) {
      assert.throws(() => values.heights(bad), /expected heights such as 12 or 12,15/, bad);
    }
  });

  it('read gas, prices and hashes', () => {
    assert.equal(values.gas('auto'), 'auto');
    assert.equal(values.gas('200000'), 200_000n);
    for (const bad of ['0', 'automatic', '-5', '1.5']) assert.throws(() => values.gas(bad), /auto/);
    assert.equal(values.blockHash('AB'.repeat(32)).length, 32);
    assert.equal(values.blockHash(`0x${'ab'.repeat(32)}`)[31], 0xab);
    for (const bad of ['ab', 'zz'.repeat(32), 'ab'.repeat(33)]) {
      assert.throws(() => values.blockHash(bad), /64 hex digits/);
    }
    assert.throws(() => values.gasPrices('0.025'), /expected a price like 0\.025udepin/);
  });
});
