/** Random numbers that follow from a seed alone: xoshiro128** (Blackman and Vigna), keyed through SHA-256. */
import { concatBytes, toUtf8 } from '../../wire/bytes.ts';
import { sha256 } from '../../wire/hash.ts';

const TWO_32 = 4_294_967_296;
const SEED_DOMAIN = 'depind/fleet/v1/';

const rotateLeft = (value: number, bits: number): number =>
  (value << bits) | (value >>> (32 - bits));

/** A stream of random numbers, and the root of further streams that do not depend on how much of it was used. */
export class Random {
  readonly #key: Uint8Array;
  readonly #state: Uint32Array;

  private constructor(key: Uint8Array) {
    this.#key = key;
    const view = new DataView(key.buffer, key.byteOffset, key.length);
    this.#state = Uint32Array.from([0, 4, 8, 12], (offset) => view.getUint32(offset));
    // The generator stands still on four zeros.
    if (this.#state.every((word) => word === 0)) this.#state[0] = 1;
  }

  /** The stream of a seed text. */
  static of(seed: string): Random {
    return new Random(sha256(toUtf8(SEED_DOMAIN + seed)));
  }

  /** An independent stream: the same for the same label, whatever was drawn before. */
  fork(label: string): Random {
    return new Random(sha256(concatBytes(this.#key, toUtf8(label))));
  }

  /** A whole number from 0 to 2^32 - 1. */
  uint32(): number {
    const s = this.#state;
    const result = Math.imul(rotateLeft(Math.imul(s[1]!, 5), 7), 9) >>> 0;
    const shifted = s[1]! << 9;
    s[2] = s[2]! ^ s[0]!;
    s[3] = s[3]! ^ s[1]!;
    s[1] = s[1]! ^ s[2]!;
    s[0] = s[0]! ^ s[3]!;
    s[2] = s[2]! ^ shifted;
    s[3] = rotateLeft(s[3]!, 11);
    return result;
  }

  /** A number from 0 up to, not including, 1. */
  unit(): number {
    return this.uint32() / TWO_32;
  }

  /** A number from `least` up to, not including, `greatest`. */
  between(least: number, greatest: number): number {
    return least + (greatest - least) * this.unit();
  }

  /** A whole number from `least` to `greatest`, both included. */
  integer(least: number, greatest: number): number {
    return least + Math.floor(this.unit() * (greatest - least + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** A normally distributed number (Box and Muller). */
  normal(mean: number, deviation: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.unit()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.unit());
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.uint32() & 0xff);
  }

  /** One of the items. @throws RangeError when there is none. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('items: expected at least one, got none');
    return items[this.integer(0, items.length - 1)]!;
  }

  /** One of the items, each as likely as its weight. @throws RangeError unless a weight is positive. */
  pickWeighted<T>(items: readonly T[], weightOf: (item: T) => number): T {
    const total = items.reduce((sum, item) => sum + weightOf(item), 0);
    if (!(total > 0)) throw new RangeError(`weights: expected a positive sum, got ${total}`);
    let rest = this.unit() * total;
    for (const item of items) {
      rest -= weightOf(item);
      if (rest < 0) return item;
    }
    return items.findLast((item) => weightOf(item) > 0)!;
  }
}
