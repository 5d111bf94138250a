import assert from 'node:assert/strict';
import * as values from './values.ts';

describe('values of flags', () => {
  it('read durations with their units', () => {
    const given = ['250', '250ms', '1s', '1.5s', '2m', '1h', '1m0.5s', '1500us', '0'];
    const ms = [250, 250, 1000, 1500, 120_000, 3_600_000, 60_500, 1.5, 0];
    assert.deepEqual(given.map(values.duration), ms);
    assert.equal(values.duration('596h'), 2_145_600_000);
    assert.throws(() => values.duration('597h'), /at most 24 days/);
  });

  it('read durations as Go does', () => {
    // What time.ParseDuration of Go 1.26 gives.
    for (const [text, ns] of [
      ['168h0m0s', 604_800_000_000_000n],
      ['1h15m30.918273645s', 4_530_918_273_645n],
      ['5.6s', 5_600_000_000n],
      ['5.s', 5_000_000_000n],
      ['.5s', 500_000_000n],
      ['1s1h', 3_601_000_000_000n],
      ['10.5s4m', 250_500_000_000n],
      ['12µs', 12_000n],
      ['12μs5us', 17_000n],
      ['1.9ns', 1n],
      ['0.000000000001h', 3n],
      ['9223372036854775807ns', (1n << 63n) - 1n],
      ['2562047h47m16.854775807s', (1n << 63n) - 1n],
    ] as const) {
      assert.equal(values.durationNs(text), ns, text);
    }
    for (const bad of [
      ...['', '3.', '-1s', '1d', 's', '.s', '.', '1 s', '1e3s', '1h2', '+', '1s ', 'x1s', '1S'],
      ...['9223372036854775808ns', '2562048h', '9'.repeat(19), `1.${'1'.repeat(19)}s`],
    ]) {
      assert.throws(() => values.durationNs(bad), /expected a duration/, bad);
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
