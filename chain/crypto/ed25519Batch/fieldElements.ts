/** Numbers modulo 2^255 − 19 in the memory of the kernel, in the form of fieldMultiply.ts. */
import { ELEMENT_BYTES, LIMB_BITS, LIMBS, VECTORS } from './fieldMultiply.ts';

export const LANES = 4;

const LIMB_MASK = 2 ** LIMB_BITS - 1;
/** Bits of the highest limb below 2^255. */
const TOP_BITS = 255 - LIMB_BITS * (LIMBS - 1);
const TOP_MASK = 2 ** TOP_BITS - 1;
/** 2^260 in the field. */
const FOLD = 608;

/** Elements, each of four numbers that belong to four lanes, at addresses in bytes. */
export class FieldElements {
  readonly #halves: Int16Array;
  readonly #words: Int32Array;
  readonly #limbs = new Int32Array(LIMBS);

  constructor(memory: ArrayBuffer) {
    this.#halves = new Int16Array(memory);
    this.#words = new Int32Array(memory);
  }

  /** Writes the 255 low bits of 32 bytes, little endian: limbs of the size of two products. */
  setBytes(at: number, lane: number, bytes: Uint8Array): void {
    let window = 0;
    let bits = 0;
    let next = 0;
    for (let limb = 0; limb < LIMBS; limb++) {
      while (bits < LIMB_BITS && next < bytes.length) {
        window |= bytes[next++]! << bits;
        bits += 8;
      }
      const mask = limb === LIMBS - 1 ? TOP_MASK : LIMB_MASK;
      this.#halves[halfOf(at, lane, limb)] = window & mask;
      window >>>= LIMB_BITS;
      bits -= LIMB_BITS;
    }
  }

  /** Writes a number from 0 to 2^255 − 20. */
  setNumber(at: number, lane: number, value: bigint): void {
    for (let limb = 0, rest = value; limb < LIMBS; limb++, rest >>= 13n) {
      this.#halves[halfOf(at, lane, limb)] = Number(rest & 0x1fffn);
    }
  }

  /** Copies one number. */
  copyLane(to: LanePlace, from: LanePlace): void {
    const words = this.#words;
    const [target, source] = [to.at / 4 + to.lane, from.at / 4 + from.lane];
    for (let i = 0; i < ELEMENT_BYTES / 4; i += LANES) words[target + i] = words[source + i]!;
  }

  /** Puts the negative number in its place. */
  negate({ at, lane }: LanePlace): void {
    const halves = this.#halves;
    for (let limb = 0; limb < LIMBS; limb++) {
      const half = halfOf(at, lane, limb);
      halves[half] = -halves[half]!;
    }
  }

  /** Whether the number is 0 modulo the prime. */
  isZero(place: LanePlace): boolean {
    const limbs = this.#reduced(place);
    for (let limb = 0; limb < LIMBS; limb++) if (limbs[limb] !== 0) return false;
    return true;
  }

  /** Whether the number, from 0 to 2^255 − 20, is odd: what RFC 8032 calls negative. */
  isOdd(place: LanePlace): boolean {
    return (this.#reduced(place)[0]! & 1) === 1;
  }

  /** Limbs of the number from 0 to 2^255 − 20. */
  #reduced({ at, lane }: LanePlace): Int32Array {
    const limbs = this.#limbs;
    for (let limb = 0; limb < LIMBS; limb++) limbs[limb] = this.#halves[halfOf(at, lane, limb)]!;
    // What is folded in may carry once more, and be negative then.
    for (let round = 0; round < 3; round++) {
      const beyond = carryAll(limbs);
      limbs[0]! += FOLD * beyond;
    }
    limbs[0]! += 19 * takeTop(limbs);
    carryAll(limbs);
    // Now below 2^255 + 2^14: the prime or more only if 19 more reach 2^255.
    limbs[0]! += 19;
    carryAll(limbs);
    if (takeTop(limbs) === 0) {
      limbs[0]! -= 19;
      carryAll(limbs);
    }
    return limbs;
  }
}

/** One number of an element. */
export interface LanePlace {
  readonly at: number;
  readonly lane: number;
}

/** Leaves 13 bits in each limb; gives what goes beyond. */
function carryAll(limbs: Int32Array): number {
  let carry = 0;
  for (let limb = 0; limb < LIMBS; limb++) {
    const sum = limbs[limb]! + carry;
    limbs[limb] = sum & LIMB_MASK;
    carry = sum >> LIMB_BITS;
  }
  return carry;
}

/** Takes off the bits from 2^255 on. */
function takeTop(limbs: Int32Array): number {
  const top = limbs[LIMBS - 1]! >> TOP_BITS;
  limbs[LIMBS - 1]! &= TOP_MASK;
  return top;
}

const halfOf = (at: number, lane: number, limb: number): number =>
  at / 2 + (limb >> 1) * (ELEMENT_BYTES / VECTORS / 2) + 2 * lane + (limb & 1);
