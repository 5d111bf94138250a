/** Which of four numbers are zero modulo 2^255 − 19, and which are odd when they are taken from 0 to 2^255 − 20. */
import { I32, OP, SIMD_OP, V128, WasmCode, type WasmFunctionBody } from '../../wasm/wasmBinary.ts';
import { LIMB_BITS, LIMB_MASK, LIMBS, TOP_BITS, VECTORS } from './fieldSizes.ts';

const TOP_MASK = 2 ** TOP_BITS - 1;
/** The prime has this lowest limb, and only ones in its other bits. */
const PRIME_LIMB = 2 ** LIMB_BITS - 19;
/**
 * The first takes what lies beyond 2^255 in numbers of some products, the second what that carries: one more is to be
 * sure.
 */
const ROUNDS = 3;

const NUMBER = 0;
const ROUND = 1;
const LIMB = 2;
const CARRY = LIMB + LIMBS;
const ALL = CARRY + 1;
const HIGH = ALL + 1;
const VECTOR_LOCALS = LIMBS + 3;

/** Where the masks go: 16 bytes each, whose four words have only ones or only zeros. */
interface Masks {
  readonly zero: number;
  readonly odd: number;
}

/** Function `judge(number)`: of numbers whose limbs are at most those of six products. */
export function judgeFunction(masks: Masks): WasmFunctionBody {
  const code = new WasmCode();
  unpack(code);
  code.i32(ROUNDS).set(ROUND);
  code.repeatWhile(() => {
    carryAll(code);
    code.get(ROUND).i32(1).op(OP.i32Subtract).tee(ROUND);
  });
  writeMasks(code, masks);
  const locals = [
    [1, I32],
    [VECTOR_LOCALS, V128],
  ] as const;
  return { name: 'judge', parameters: [I32], results: [], locals, code };
}

/** Each limb in a vector of its own. */
function unpack(code: WasmCode): void {
  for (let i = 0; i < VECTORS; i++) {
    code
      .get(NUMBER)
      .loadVector(16 * i)
      .tee(LIMB + 2 * i + 1)
      .i32(16)
      .simd(SIMD_OP.shiftLeft32)
      .i32(16)
      .simd(SIMD_OP.shiftRightSigned32)
      .set(LIMB + 2 * i);
    code
      .get(LIMB + 2 * i + 1)
      .i32(16)
      .simd(SIMD_OP.shiftRightSigned32)
      .set(LIMB + 2 * i + 1);
  }
}

/** Leaves 13 bits in each limb, 8 in the last, and 19 times what goes beyond in the first. */
function carryAll(code: WasmCode): void {
  for (let limb = 0; limb < LIMBS; limb++) {
    const isLast = limb === LIMBS - 1;
    code.get(LIMB + limb);
    if (limb > 0) code.get(CARRY).simd(SIMD_OP.add32);
    code
      .tee(LIMB + limb)
      .i32(isLast ? TOP_BITS : LIMB_BITS)
      .simd(SIMD_OP.shiftRightSigned32)
      .set(CARRY);
    code
      .get(LIMB + limb)
      .splat(isLast ? TOP_MASK : LIMB_MASK)
      .simd(SIMD_OP.and)
      .set(LIMB + limb);
  }
  code.get(CARRY).splat(19).simd(SIMD_OP.multiply32).get(LIMB).simd(SIMD_OP.add32).set(LIMB);
}

/** The numbers lie from 0 to 2^255 − 1 now: those from the prime on have all bits but the lowest ones. */
function writeMasks(code: WasmCode, { zero, odd }: Masks): void {
  code.get(LIMB + 1).set(ALL);
  code.get(LIMB + 1).set(HIGH);
  for (let limb = 2; limb < LIMBS - 1; limb++) {
    code
      .get(ALL)
      .get(LIMB + limb)
      .simd(SIMD_OP.or)
      .set(ALL);
    code
      .get(HIGH)
      .get(LIMB + limb)
      .simd(SIMD_OP.and)
      .set(HIGH);
  }
  const last = LIMB + LIMBS - 1;
  const equals = (word: number) => code.splat(word).simd(SIMD_OP.equal32);
  code.get(HIGH);
  equals(LIMB_MASK).get(last);
  equals(TOP_MASK).simd(SIMD_OP.and).set(HIGH);
  // The lowest limb of the prime or more, where the others are its own.
  code.i32(0).get(ALL).get(last).simd(SIMD_OP.or).get(LIMB).simd(SIMD_OP.or);
  equals(0).get(HIGH).get(LIMB);
  equals(PRIME_LIMB).simd(SIMD_OP.and).simd(SIMD_OP.or).storeVector(zero);
  code.i32(0).get(LIMB).splat(1).simd(SIMD_OP.and);
  equals(1)
    .get(HIGH)
    .get(LIMB)
    .splat(PRIME_LIMB - 1)
    .simd(SIMD_OP.greater32);
  code.simd(SIMD_OP.and).simd(SIMD_OP.xor).storeVector(odd);
}
