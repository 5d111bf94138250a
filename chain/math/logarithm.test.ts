import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FRACTION_BITS, freeSpacePathLoss, log2, log10 } from './logarithm.ts';

const ONE = 1n << FRACTION_BITS;
const asNumber = (fixed: bigint): number => Number(fixed) / Number(ONE);

describe('logarithm', () => {
  it('is exact for powers of two', () => {
    for (const exponent of [0n, 1n, 2n, 63n, 64n, 127n, 128n, 1000n, 4096n]) {
      assert.equal(log2(1n << exponent), exponent * ONE, `2^${exponent}`);
    }
  });

  it('gives the known bits of log2(3), log2(10), log10(2) and log10(1000)', () => {
    // floor(log2(3) * 2^64), floor(log2(10) * 2^64), floor(log10(2) * 2^64)
    assert.equal(log2(3n), 0x195c01a39fbd6879fn);
    assert.equal(log2(10n), 0x35269e12f346e2bf9n);
    assert.equal(log10(2n), 0x4d104d427de7fbccn);
    assert.equal(log10(1000n), 3n * ONE);
  });

  it('bounds a number by its powers: 2^k <= v^n < 2^(k+1) for k = floor(n log2 v)', () => {
    fc.assert(
      fc.property(fc.bigInt(2n, 1n << 40n), fc.integer({ min: 1, max: 200 }), (value, times) => {
        const power = value ** BigInt(times);
        const floor = BigInt(power.toString(2).length - 1);
        // The result is below the true value by less than 2^-63 in each, so the floor may be missed only at a power of two.
        const got = (BigInt(times) * log2(value)) >> FRACTION_BITS;
        assert.ok(
          got === floor || (got === floor - 1n && power === 1n << floor),
          `${got} ${floor}`,
        );
      }),
    );
  });

  it('agrees with doubles to their precision, whatever the size of the argument', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 1n << 900n), (value) => {
        assert.ok(Math.abs(asNumber(log10(value)) - Math.log10(Number(value))) < 1e-12);
      }),
    );
  });

  it('never falls as its argument grows', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 1n << 300n), fc.bigInt(0n, 1n << 200n), (value, more) => {
        assert.ok(log2(value + more) >= log2(value));
        assert.ok(log10(value + more) >= log10(value));
      }),
    );
  });

  it('refuses arguments below 1 and above 2^4096', () => {
    for (const value of [0n, -1n, (1n << 4096n) + 1n]) assert.throws(() => log2(value), RangeError);
  });
});

describe('free-space path loss', () => {
  const FREQUENCY_HZ = 904_300_000n;

  it('gives the published figures at 904.3 MHz', () => {
    const published = [
      [350n, 82.46],
      [1_000n, 91.57],
      [10_000n, 111.57],
      [100_000n, 131.57],
    ] as const;
    for (const [metres, decibels] of published) {
      const milli = Number(freeSpacePathLoss(metres, FREQUENCY_HZ, 1000n));
      assert.ok(Math.abs(milli / 1000 - decibels) <= 0.0051, `${metres} m: ${milli}`);
    }
  });

  it('is in tenths of a decibel, rounded down', () => {
    assert.equal(freeSpacePathLoss(350n, FREQUENCY_HZ), 824n);
    assert.equal(freeSpacePathLoss(1_000n, FREQUENCY_HZ), 915n);
    // Below a wavelength over 4 pi the formula gives a gain: -27.56 dB.
    assert.equal(freeSpacePathLoss(1n, 1_000_000n), -276n);
  });

  it('adds 20 dB for ten times the distance', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 1_000_000n), fc.bigInt(1n, 10n ** 12n), (metres, hertz) => {
        const near = freeSpacePathLoss(metres, hertz);
        const far = freeSpacePathLoss(metres * 10n, hertz);
        assert.ok(far - near >= 199n && far - near <= 201n);
      }),
    );
  });

  it('refuses distances and frequencies out of range, by name', () => {
    assert.throws(() => freeSpacePathLoss(0n, FREQUENCY_HZ), /distanceMetres: .*got 0/);
    assert.throws(() => freeSpacePathLoss(20_037_509n, FREQUENCY_HZ), /distanceMetres/);
    assert.throws(() => freeSpacePathLoss(1n, 0n), /frequencyHz: .*got 0/);
    assert.throws(() => freeSpacePathLoss(1n, 10n ** 12n + 1n), /frequencyHz/);
  });
});
