/** From the columns of a product to the limbs of a number. */
import { SIMD_OP, type WasmCode } from '../../wasm/wasmBinary.ts';
import { FOLD, LIMB_BITS, LIMB_MASK, LIMBS, VECTORS } from './fieldSizes.ts';

/** Taken off each limb at the end, so that they lie around 0. */
const CENTRE = 2 ** (LIMB_BITS - 1);

/** Vectors that are used from a local on: the limbs, and five more. */
export const REDUCE_LOCALS = LIMBS + 5;

interface Reduction {
  readonly columnsAt: number;
  /** Local with the address of the four numbers. */
  readonly output: number;
  readonly firstLocal: number;
}

/** Writes the numbers whose columns are given, with limbs of at most LIMB_BOUND. */
export function reduceAndPack(code: WasmCode, { columnsAt, output, firstLocal }: Reduction): void {
  const limbs = new Limbs(code, firstLocal);
  limbs.fold(columnsAt);
  limbs.carry();
  limbs.pack(output);
}

class Limbs {
  readonly #code: WasmCode;
  readonly #limb: number;
  readonly #mask: number;
  readonly #folding: number;
  readonly #carry: number;
  readonly #secondCarry: number;
  readonly #sum: number;

  constructor(code: WasmCode, firstLocal: number) {
    this.#code = code;
    this.#limb = firstLocal;
    const next = firstLocal + LIMBS;
    this.#mask = next;
    this.#folding = next + 1;
    this.#carry = next + 2;
    this.#secondCarry = next + 3;
    this.#sum = next + 4;
  }

  /** Folds the columns from the 20th on into those below. */
  fold(columnsAt: number): void {
    const code = this.#code;
    const column = (k: number): WasmCode => code.i32(0).loadVector(columnsAt + 16 * k);
    code.splat(LIMB_MASK).set(this.#mask).splat(FOLD).set(this.#folding);
    // A high column is split at 13 bits instead of carried on: FOLD times all of it does not fit into 32 bits.
    for (let k = 0; k < LIMBS; k++) {
      if (k > 0) code.get(this.#sum).i32(LIMB_BITS).simd(SIMD_OP.shiftRightSigned32);
      if (k < LIMBS - 1) {
        column(LIMBS + k)
          .tee(this.#sum)
          .get(this.#mask)
          .simd(SIMD_OP.and);
        if (k > 0) code.simd(SIMD_OP.add32);
      }
      code.get(this.#folding).simd(SIMD_OP.multiply32);
      column(k)
        .simd(SIMD_OP.add32)
        .splat(CENTRE)
        .simd(SIMD_OP.add32)
        .set(this.#limb + k);
    }
  }

  carry(): void {
    const code = this.#code;
    // Two halves at once: none waits for the other's carries.
    const half = LIMBS / 2;
    for (let k = 0; k < half; k++) {
      this.#carryOne(k, this.#carry);
      if (k < half - 1) this.#carryOne(half + k, this.#secondCarry);
    }
    const last = this.#limb + LIMBS - 1;
    code.get(last).i32(LIMB_BITS).simd(SIMD_OP.shiftRightSigned32);
    code.get(this.#folding).simd(SIMD_OP.multiply32).get(this.#limb).simd(SIMD_OP.add32);
    code.set(this.#limb).get(last).get(this.#mask).simd(SIMD_OP.and).set(last);
    for (const k of [half, 0, half + 1, 1]) this.#carryOne(k, this.#carry);
  }

  /** Leaves 13 bits of a limb, and adds the rest to the next. */
  #carryOne(place: number, by: number): void {
    const code = this.#code;
    const limb = this.#limb + place;
    code.get(limb).i32(LIMB_BITS).simd(SIMD_OP.shiftRightSigned32).set(by);
    code.get(limb).get(this.#mask).simd(SIMD_OP.and).set(limb);
    code
      .get(limb + 1)
      .get(by)
      .simd(SIMD_OP.add32)
      .set(limb + 1);
  }

  /** Two limbs to a lane. A limb that took the last carry may be −1 before it is centred: its sign must not spill over. */
  pack(output: number): void {
    const code = this.#code;
    for (let i = 0; i < VECTORS; i++) {
      code
        .get(output)
        .get(this.#limb + 2 * i)
        .splat(0xffff)
        .simd(SIMD_OP.and);
      code
        .get(this.#limb + 2 * i + 1)
        .i32(16)
        .simd(SIMD_OP.shiftLeft32)
        .simd(SIMD_OP.or);
      code
        .splat((CENTRE << 16) | CENTRE)
        .simd(SIMD_OP.subtract16)
        .storeVector(16 * i);
    }
  }
}
