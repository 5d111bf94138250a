/** Where things lie in the memory of the kernel, in bytes. */
import { ELEMENT_BYTES, MULTIPLY_SCRATCH_BYTES, SQUARE_SCRATCH_BYTES } from './fieldSizes.ts';

/** Signatures of one equation. */
export const MAX_BATCH = 256;
/** Numbers that are worked at side by side. */
export const LANES = 4;

/** R's multiples are used once: a wider table would cost more than it saves. */
export const R_WIDTH = 4;
/** B's are always there. */
export const BASE_WIDTH = 8;
/** Keys' digits have so many bits when a key is new, and when it has come often. */
export const KEY_WIDTHS = { few: 5, many: 8 } as const;

/** Addends for digits of so many bits: the odd multiples below 2^(width − 1). */
export const addendsOf = (width: number): number => 2 ** (width - 2);

/** A scalar of 256 bits, and zeros behind it. */
export const SCALAR_BYTES = 40;
/** k, of 64 bytes, and s. */
export const TRANSCRIPT_BYTES = 96;
export const Z_BYTES = 16;
export const POINT_BYTES = 32;
/** A key's point, and its addends. */
export const KEY_BYTES = (1 + addendsOf(KEY_WIDTHS.many)) * ELEMENT_BYTES;
/** What the equation needs of a key: address and width of its addends. */
export const KEY_ENTRY_BYTES = 8;
/** Digits have places from 0 to 256: a scalar of 256 bits may carry into the last. */
export const PLACES = 257;
/** An addend, and the next one of its place. */
export const DIGIT_BYTES = 8;

/** Digits of R's 128 bits and A's 253, each at least `width` places apart, and B's. */
const MAX_DIGITS =
  MAX_BATCH * (Math.ceil(130 / R_WIDTH) + Math.ceil(257 / KEY_WIDTHS.few)) +
  Math.ceil(257 / BASE_WIDTH);

/** Addresses from 16 on: 0 stands for none. */
class Places {
  #next = 16;

  take(bytes: number): number {
    const at = this.#next;
    this.#next += Math.ceil(bytes / 16) * 16;
    return at;
  }

  get end(): number {
    return this.#next;
  }
}

const places = new Places();
const element = (count = 1): number => places.take(count * ELEMENT_BYTES);
const words = (count: number): number => places.take(4 * count);

/** Constants, in this order: their bytes come with the kernel. */
export const CONSTANTS = {
  one: element(),
  d: element(),
  rootOfMinusOne: element(),
  /** 1, 1, 2 and 2d. */
  addendFactors: element(),
  /** The neutral point: 0, 1, 1 and 0. */
  identity: element(),
  /** Encoding of the base point, four times. */
  base: places.take(LANES * POINT_BYTES),
  /** The group order, in 9 words. */
  order: words(9),
  /** 2^512 divided by it, in 9 words. */
  reciprocal: words(9),
} as const;
export const CONSTANTS_AT = CONSTANTS.one;
export const CONSTANTS_END = places.end;

/** What functions work in. */
export const SCRATCH = {
  multiply: places.take(MULTIPLY_SCRATCH_BYTES),
  square: places.take(SQUARE_SCRATCH_BYTES),
  left: element(),
  right: element(),
  x: element(),
  y: element(),
  t: element(),
  u: element(),
  v: element(),
  a: element(),
  b: element(),
  c: element(),
  other: element(),
  /** Masks: which of four numbers are zero, and which odd. */
  zero: places.take(16),
  odd: places.take(16),
  /** Words whose highest bits are the signs of four encodings. */
  signs: places.take(16),
  points: element(LANES),
  double: element(),
  sum: element(),
  /** Of a division by the order: words from the 10th on are the quotient, and how often the order is taken off. */
  quotient: words(20),
  product: words(20),
  /** z · k, and Σ z · s. */
  wide: words(20),
  sumOfScalars: words(20),
  /** k modulo the order, and what is written as digits. */
  challenge: places.take(SCALAR_BYTES),
  scalar: places.take(SCALAR_BYTES),
  /** z, with zeros behind it. */
  z: places.take(SCALAR_BYTES),
  difference: words(9),
} as const;

/** The base point's addends, the equation's digits, and by place the last of them. */
export const TABLES = {
  base: element(addendsOf(BASE_WIDTH)),
  r: element(MAX_BATCH * addendsOf(R_WIDTH)),
  digits: places.take(MAX_DIGITS * DIGIT_BYTES),
  heads: words(PLACES),
} as const;

/** What is given to the functions. */
export const INPUT = {
  r: places.take(MAX_BATCH * POINT_BYTES),
  transcript: places.take(MAX_BATCH * TRANSCRIPT_BYTES),
  z: places.take(MAX_BATCH * Z_BYTES),
  keys: places.take(MAX_BATCH * KEY_ENTRY_BYTES),
  /** Encodings of keys, and where their points and addends go. */
  newKeys: places.take(LANES * POINT_BYTES),
  newKeyPlaces: words(LANES),
} as const;

/** Memory that nobody uses begins here. */
export const FREE_AT = places.end;
