/**
 * Logarithms in integer arithmetic: the same bits on every machine, which `Math.log` does not promise.
 * Results are fixed-point numbers with 64 fraction bits.
 */

/** Fraction bits of a result. */
export const FRACTION_BITS = 64n;
/** Bits kept of the mantissa while it is squared: twice the fraction, so that what is cut off stays below it. */
const MANTISSA_BITS = 128n;
const MANTISSA_ONE = 1n << MANTISSA_BITS;
const MANTISSA_TWO = MANTISSA_ONE << 1n;
/** 4,096 bits: more than any use, and a bound on the work. */
const MAX_ARGUMENT = 1n << 4096n;

/** Metres per second, exact by definition (SI). */
const SPEED_OF_LIGHT = 299_792_458n;
/** 4 pi to 18 decimals, in parts of 10^18. */
const FOUR_PI = 12_566_370_614_359_172_954n;
const FOUR_PI_SCALE = 10n ** 18n;
/** Half of the equator: no two places are further apart. */
const MAX_DISTANCE_METRES = 20_037_508n;
const MAX_FREQUENCY_HZ = 1_000_000_000_000n;

/**
 * log2 of a whole number from 1 up, in parts of 2^64.
 * By repeated squaring: each squaring of a mantissa in [1, 2) gives one bit of the fraction. The mantissa is cut to
 * 128 bits after each, and the i-th cut weighs 2^-i, so the result is never above the true value and less than
 * 2^-64 + 2^-120 below it; it is exact for powers of two.
 * @throws RangeError outside of 1 to 2^4096.
 */
export function log2(value: bigint): bigint {
  if (value < 1n || value > MAX_ARGUMENT) {
    throw new RangeError('log2: expected a whole number from 1 to 2^4096');
  }
  const exponent = BigInt(value.toString(2).length - 1);
  let mantissa = (value << MANTISSA_BITS) >> exponent;
  let result = exponent;
  for (let bit = 0n; bit < FRACTION_BITS; bit++) {
    mantissa = (mantissa * mantissa) >> MANTISSA_BITS;
    result <<= 1n;
    if (mantissa < MANTISSA_TWO) continue;
    mantissa >>= 1n;
    result |= 1n;
  }
  return result;
}

const LOG2_OF_10 = log2(10n);

/**
 * log10 of a whole number from 1 up, in parts of 2^64: log2(value) / log2(10), which is within
 * 2^-64 * (2 + log10(value)) of the true value.
 * @throws RangeError outside of 1 to 2^4096.
 */
export function log10(value: bigint): bigint {
  return (log2(value) << FRACTION_BITS) / LOG2_OF_10;
}

const LOG10_OF_DIVISOR = log10(SPEED_OF_LIGHT * FOUR_PI_SCALE);

/**
 * Free-space path loss 20 log10(4 pi d f / c) in tenths of a decibel, or in the parts of a decibel that `perDecibel`
 * names; rounded down, so a bound made from it is never stricter than physics.
 * @throws RangeError when the distance is not within 1 m to half the equator or the frequency not within 1 Hz to 1 THz.
 */
export function freeSpacePathLoss(
  distanceMetres: bigint,
  frequencyHz: bigint,
  perDecibel = 10n,
): bigint {
  if (distanceMetres < 1n || distanceMetres > MAX_DISTANCE_METRES) {
    throw new RangeError(
      `distanceMetres: expected 1 to ${MAX_DISTANCE_METRES}, got ${distanceMetres}`,
    );
  }
  if (frequencyHz < 1n || frequencyHz > MAX_FREQUENCY_HZ) {
    throw new RangeError(`frequencyHz: expected 1 to ${MAX_FREQUENCY_HZ}, got ${frequencyHz}`);
  }
  const ratio = log10(FOUR_PI * distanceMetres * frequencyHz) - LOG10_OF_DIVISOR;
  return (20n * perDecibel * ratio) >> FRACTION_BITS;
}
