/** The values of flags: each parser says what it expected. commander puts the flag and the text given in front. */
import { InvalidArgumentError } from 'commander';
import { parseGasPrices } from '../chain/app/fees.ts';
import { fromHex } from '../wire/bytes.ts';
import { parseCoinsText } from './coins.ts';

/** A parser of whole numbers from `low` to `high`. */
export function integerBetween(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= low && value <= high) return value;
    throw new InvalidArgumentError(`expected a whole number from ${low} to ${high}.`);
  };
}

/** 0 takes any free port. */
export const port = integerBetween(0, 65_535);

/** A number of 64 bits without a sign. */
export function uint64(text: string): bigint {
  const value = /^\d{1,20}$/.test(text) ? BigInt(text) : -1n;
  if (value >= 0n && value < 1n << 64n) return value;
  throw new InvalidArgumentError('expected a whole number of 64 bits.');
}

/** Of a block: CometBFT counts them in 63 bits. */
export function height(text: string): bigint {
  const value = /^\d{1,19}$/.test(text) ? BigInt(text) : 0n;
  if (value >= 1n && value < 1n << 63n) return value;
  throw new InvalidArgumentError('expected a height of at least 1.');
}

/** Heights with commas between them: `12` or `12,15`. */
export function heights(text: string): readonly bigint[] {
  if (/^[1-9]\d{0,17}(,[1-9]\d{0,17}){0,99}$/.test(text)) return text.split(',').map(BigInt);
  throw new InvalidArgumentError('expected heights such as 12 or 12,15.');
}

/** Nanoseconds in each unit of Go's durations. */
const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const DURATION = /^(?:(?:\d{1,19}(?:\.\d{0,18})?|\.\d{1,18})(?:ns|us|µs|μs|ms|s|m|h)){1,16}$/;
const PART = /(\d*)\.?(\d*)([^\d.]+)/g;
/** The longest that Go knows, 292 years, and that a timer waits, 24 days. */
const MAX_NS = (1n << 63n) - 1n;
const MAX_TIMER_MS = 0x7fff_ffff;

/**
 * Nanoseconds of a duration as Go writes it, such as `168h0m0s`, `1.5h` or `500ms`, without a sign; a bare number counts
 * milliseconds. As in Go, what is below a nanosecond is cut off.
 */
export function durationNs(text: string): bigint {
  const written = /^\d{1,18}$/.test(text) ? `${text}ms` : text;
  let ns = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of written.matchAll(PART)) {
    const length = UNITS[unit] ?? 0n;
    ns += BigInt(whole || '0') * length;
    ns += (BigInt(fraction || '0') * length) / 10n ** BigInt(fraction.length);
  }
  if (DURATION.test(written) && ns <= MAX_NS) return ns;
  throw new InvalidArgumentError('expected a duration such as 500ms, 1.5s or 168h0m0s.');
}

/** Milliseconds of such a duration, which a timer can wait. */
export function duration(text: string): number {
  const ms = Number(durationNs(text)) / 1_000_000;
  if (ms <= MAX_TIMER_MS) return ms;
  throw new InvalidArgumentError('expected a duration of at most 24 days.');
}

/** The hash of a block. */
export const blockHash = (text: string): Uint8Array => hash(text, 'a block');
/** The hash of a transaction. */
export const txHash = (text: string): Uint8Array => hash(text, 'a transaction');

/** 64 hex digits. */
function hash(text: string, of: string): Uint8Array {
  if (/^(0x)?[0-9a-fA-F]{64}$/.test(text)) return fromHex(text.replace(/^0x/, ''));
  throw new InvalidArgumentError(`expected the 64 hex digits of the hash of ${of}.`);
}

/** `auto`, or a limit. */
export function gas(text: string): 'auto' | bigint {
  if (text === 'auto') return text;
  if (/^[1-9]\d{0,17}$/.test(text)) return BigInt(text);
  throw new InvalidArgumentError('expected auto or a positive whole number.');
}

export const coins = checked((text: string) => parseCoinsText(text, 'fees'));
export const gasPrices = checked(parseGasPrices);
/** Checked, but kept as the text that applications read. */
export const gasPricesText = checked((text: string): string => {
  parseGasPrices(text);
  return text;
});

/** Turns a TypeError of a parser into one that commander shows with the flag. */
export function checked<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new InvalidArgumentError(error.message);
    }
  };
}
