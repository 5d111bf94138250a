/**
 * The equation that many signatures fulfil together (cofactored, as ZIP-215 has it):
 * 8 · (Σ zᵢsᵢ · B − Σ zᵢ · Rᵢ − Σ zᵢkᵢ · Aᵢ) = 0.
 */

import { DOUBLING, SUBTRACTION } from './batchKernel.ts';
import { BatchMemory } from './batchMemory.ts';
import { BASE_POINT } from './curve.ts';
import { Decompressor } from './decompressor.ts';
import { LANES } from './fieldElements.ts';
import { ELEMENT_BYTES } from './fieldMultiply.ts';
import { KEY_ADDENDS, KEY_WIDTH, KeyAddends, OddMultiples } from './keyAddends.ts';
import { nonAdjacentForm } from './scalars.ts';

/** Signatures of one equation. */
export const MAX_BATCH = 256;
/** Keys whose multiples are remembered: several sets of validators, 10 kB each. */
const MAX_KEYS = 1024;
const BASE_WIDTH = 8;
const BASE_ADDENDS = 2 ** (BASE_WIDTH - 2);
/** R's multiples are used once: a wider table would cost more than it saves. */
const R_WIDTH = 4;
const R_ADDENDS = 2 ** (R_WIDTH - 2);

/** Digits of R's 128 bits and A's 253, each at least `width` places apart; B's; and a doubling for each place. */
const MAX_STEPS =
  MAX_BATCH * (Math.ceil(130 / R_WIDTH) + Math.ceil(257 / KEY_WIDTH)) +
  Math.ceil(257 / BASE_WIDTH) +
  257 +
  3;
const PLACES = 258;

/** What a signature brings to the equation. */
export interface Summand {
  /** Encoding of A. */
  readonly publicKey: Uint8Array;
  /** Encoding of R. */
  readonly r: Uint8Array;
  /** z, below 2^128. */
  readonly z: bigint;
  /** z · k modulo the group order. */
  readonly zk: bigint;
}

export class BatchEquation {
  readonly #memory: BatchMemory;
  readonly #decompressor: Decompressor;
  readonly #multiples: OddMultiples;
  readonly #keys: KeyAddends;
  readonly #base: number;
  readonly #points: readonly number[];
  readonly #rAddends: number;
  readonly #sum: number;
  readonly #stepsAt: number;
  readonly #steps: Uint32Array;
  /** Addends with the places of their digits. */
  readonly #addends = new Uint32Array(MAX_STEPS);
  readonly #places = new Uint16Array(MAX_STEPS);
  #count = 0;

  /** @throws Error where WebAssembly or its vectors are missing. */
  constructor() {
    const elements = MAX_KEYS * KEY_ADDENDS + MAX_BATCH * R_ADDENDS + BASE_ADDENDS + 32;
    this.#memory = new BatchMemory(elements * ELEMENT_BYTES + 4 * MAX_STEPS);
    const memory = this.#memory;
    this.#decompressor = new Decompressor(memory);
    this.#multiples = new OddMultiples(memory);
    const tools = { decompressor: this.#decompressor, multiples: this.#multiples };
    this.#keys = new KeyAddends(memory, { ...tools, keys: MAX_KEYS });
    this.#base = memory.take(BASE_ADDENDS);
    this.#points = Array.from({ length: LANES }, () => memory.take(1));
    this.#rAddends = memory.take(MAX_BATCH * R_ADDENDS);
    this.#sum = memory.take(1);
    this.#stepsAt = memory.takeBytes(4 * MAX_STEPS);
    this.#steps = memory.words(this.#stepsAt, MAX_STEPS);
    this.#decompressor.decompress([BASE_POINT], this.#points);
    this.#multiples.write(this.#base, this.#points[0]!, BASE_ADDENDS);
  }

  /** Whether the equation holds; false also when an encoding is no point. `zs` is Σ zs modulo the group order. */
  holds(summands: readonly Summand[], zs: bigint): boolean {
    if (summands.length > MAX_BATCH)
      throw new RangeError(`batch: at most ${MAX_BATCH} signatures, got ${summands.length}`);
    this.#count = 0;
    nonAdjacentForm(zs, BASE_WIDTH, (place, digit) => this.#put(this.#base, place, digit));
    for (const { publicKey, zk } of summands) {
      const at = this.#keys.of(publicKey);
      if (at === undefined) return false;
      nonAdjacentForm(zk, KEY_WIDTH, (place, digit) => this.#put(at, place, -digit));
    }
    for (let from = 0; from < summands.length; from += LANES) {
      const some = summands.slice(from, from + LANES);
      const points = this.#points.slice(0, some.length);
      if (
        !this.#decompressor.decompress(
          some.map(({ r }) => r),
          points,
        )
      )
        return false;
      some.forEach(({ z }, lane) => {
        const at = this.#rAddends + (from + lane) * R_ADDENDS * ELEMENT_BYTES;
        this.#multiples.write(at, points[lane]!, R_ADDENDS);
        nonAdjacentForm(z, R_WIDTH, (place, digit) => this.#put(at, place, -digit));
      });
    }
    return this.#sumIsZero();
  }

  /** An odd digit times the point whose addends begin at an address, at a place. */
  #put(addends: number, place: number, digit: number): void {
    const at = addends + (Math.abs(digit) >> 1) * ELEMENT_BYTES;
    this.#addends[this.#count] = digit < 0 ? at + SUBTRACTION : at;
    this.#places[this.#count] = place;
    this.#count += 1;
  }

  /** From the highest place to the lowest: doubles, and adds what is at the place (Straus). */
  #sumIsZero(): boolean {
    const { elements, functions, constants } = this.#memory;
    const sum = this.#sum;
    const steps = this.#layOut();
    for (const [lane, isOne] of [false, true, true, false].entries()) {
      if (isOne) elements.copyLane({ at: sum, lane }, { at: constants.one, lane });
      else elements.setNumber(sum, lane, 0n);
    }
    functions.sum(sum, this.#stepsAt, this.#stepsAt + 4 * steps);
    return this.#isIdentity(sum);
  }

  #layOut(): number {
    const ends = new Uint32Array(PLACES + 1);
    for (let i = 0; i < this.#count; i++) ends[this.#places[i]!]! += 1;
    let at = 0;
    for (let place = PLACES - 1; place >= 0; place--) {
      this.#steps[at++] = DOUBLING;
      const count = ends[place]!;
      ends[place] = at;
      at += count;
    }
    for (let i = 0; i < this.#count; i++)
      this.#steps[ends[this.#places[i]!]!++] = this.#addends[i]!;
    // The cofactor of 8.
    for (let i = 0; i < 3; i++) this.#steps[at++] = DOUBLING;
    return at;
  }

  /** Whether X = 0 and Y = Z; Y − Z is computed where the sum was. */
  #isIdentity(sum: number): boolean {
    const { elements, functions } = this.#memory;
    if (!elements.isZero({ at: sum, lane: 0 })) return false;
    // No point has Z = 0: should ever one come out, it must not pass for the identity.
    if (elements.isZero({ at: sum, lane: 2 })) return false;
    const [y, z] = this.#points;
    elements.copyLane({ at: y!, lane: 0 }, { at: sum, lane: 1 });
    elements.copyLane({ at: z!, lane: 0 }, { at: sum, lane: 2 });
    functions.subtractEach(y!, y!, z!);
    return elements.isZero({ at: y!, lane: 0 });
  }
}
