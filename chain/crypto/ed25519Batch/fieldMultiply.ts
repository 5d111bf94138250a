/**
 * Multiplication in the field of 2^255 − 19, of four pairs at once in vectors of 128 bits.
 *
 * A number is 20 limbs of 13 bits, which may be negative: two neighbours share a 32-bit lane as 16-bit halves, and the
 * four lanes of a vector belong to four numbers, so that ten vectors hold four numbers. i32x4.dot_i16x8 then gives two
 * products a lane, already added: of all instructions that Node's WebAssembly has it multiplies most. (It has none for
 * 64-bit products without two shuffles each.)
 *
 * Sizes: a product's limbs are at most LIMB_BOUND away from 0. Sums of products may be multiplied as long as the
 * numbers of products in the two factors, multiplied, are at most 6: 20 · 6 · LIMB_BOUND² and what is folded in stay
 * below 2^31.
 */
import { I32, SIMD_OP, V128, WasmCode, type WasmFunctionBody } from '../../wasm/wasmBinary.ts';
import { REDUCE_LOCALS, reduceAndPack } from './fieldReduce.ts';
import { COLUMNS, MULTIPLY_SCRATCH_BYTES, SHIFTED, VECTORS } from './fieldSizes.ts';

/** Sums that are computed side by side: more do not fit into the registers. */
const GROUP = 4;

/** The halves of each lane in the other order. */
const SWAPPED = [2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13];
/** The low halves of the first vector, and the high halves of the second. */
const BLENDED = [0, 1, 18, 19, 4, 5, 22, 23, 8, 9, 26, 27, 12, 13, 30, 31];
/** Factors for both halves, or for the low one. */
const TWICE = 0x00020002;
const LOW_TWICE = 0x00010002;
const LOW_ONLY = 0x00000001;

/** Both functions have three numbers first: the parameters, and for a square one that is not used. */
const [OUTPUT, LEFT, RIGHT] = [0, 1, 2];
const FACTOR = 3;
const WINDOW = FACTOR + 1;
const SUMS = WINDOW + GROUP;
const LIMB = SUMS + GROUP;
const VECTOR_LOCALS = 1 + 2 * GROUP + REDUCE_LOCALS;

/** A vector that is multiplied with shifted ones, for the sums that these belong to. */
interface Step {
  /** Loads it. */
  readonly load: (code: WasmCode) => WasmCode;
  readonly users: readonly { readonly sum: number; readonly shifted: number }[];
}

/**
 * Function `multiply(output, left, right)`: four products. The output may be one of the factors; it must not lie at 0.
 * `scratch` is the place of MULTIPLY_SCRATCH_BYTES.
 */
export function multiplyFunction(scratch: number): WasmFunctionBody {
  const code = new WasmCode();
  shift(code, RIGHT, scratch);
  sumAll(code, scratch, productSteps);
  const locals = [[VECTOR_LOCALS, V128]] as const;
  return { name: 'multiply', parameters: [I32, I32, I32], results: [], locals, code };
}

/** Function `square(output, number)`: four squares, of numbers up to the size of two products. */
export function squareFunction(scratch: number): WasmFunctionBody {
  const code = new WasmCode();
  shift(code, LEFT, scratch);
  const variantsAt = scratch + MULTIPLY_SCRATCH_BYTES;
  for (const [variant, factors] of [TWICE, LOW_TWICE, LOW_ONLY].entries()) {
    for (let i = 0; i < VECTORS; i++) {
      code
        .i32(0)
        .get(LIMB + i)
        .splat(factors)
        .simd(SIMD_OP.multiply16)
        .storeVector(variantsAt + 16 * (variant * VECTORS + i));
    }
  }
  sumAll(code, scratch, (columns) => squareSteps(columns, variantsAt));
  const locals = [
    [1, I32],
    [VECTOR_LOCALS, V128],
  ] as const;
  return { name: 'square', parameters: [I32, I32], results: [], locals, code };
}

/** Vector j of a factor's has the limbs j and j − 1 in its low and high halves. Its own ones stay at LIMB. */
function shift(code: WasmCode, factor: number, at: number): void {
  const limb = (i: number): number => LIMB + i;
  for (let i = 0; i < VECTORS; i++)
    code
      .get(factor)
      .loadVector(16 * i)
      .set(limb(i));
  for (let i = 0; i < VECTORS; i++) {
    code.i32(0).get(limb(i));
    if (i === 0) code.splat(0xffff).simd(SIMD_OP.and);
    else code.get(limb(i - 1)).shuffle(BLENDED);
    code.storeVector(at + 32 * i);
    code
      .i32(0)
      .get(limb(i))
      .get(limb(i))
      .shuffle(SWAPPED)
      .storeVector(at + 32 * i + 16);
  }
  code
    .i32(0)
    .get(limb(VECTORS - 1))
    .splat(0xffff0000)
    .simd(SIMD_OP.and);
  code.storeVector(at + 32 * VECTORS);
}

/** All columns, and what becomes of them. */
function sumAll(
  code: WasmCode,
  scratch: number,
  stepsOf: (columns: readonly number[]) => readonly Step[],
): void {
  const columnsAt = scratch + 16 * SHIFTED;
  for (const parity of [0, 1]) {
    for (let from = parity; from < COLUMNS; from += 2 * GROUP) {
      const columns = Array.from({ length: GROUP }, (_, i) => from + 2 * i);
      const those = columns.filter((column) => column < COLUMNS);
      // A block of its own, always entered: the compiler then mixes no more sums than there are registers.
      code.get(OUTPUT).when(() => {
        sumColumns(code, stepsOf(those), scratch);
        those.forEach((column, sum) => {
          code
            .i32(0)
            .get(SUMS + sum)
            .storeVector(columnsAt + 16 * column);
        });
      });
    }
  }
  reduceAndPack(code, { columnsAt, output: OUTPUT, firstLocal: LIMB });
}

/** Sums of all products of limbs whose places add up to a column's. */
function productSteps(columns: readonly number[]): readonly Step[] {
  return Array.from({ length: VECTORS }, (_, i) => ({
    load: (code: WasmCode) => code.get(LEFT).loadVector(16 * i),
    users: usersOf(columns, (column) => column - 2 * i),
  }));
}

/**
 * The same of a number with itself, where products that come twice are taken once of the doubled number. A shifted
 * vector gives the products of limbs 2i and 2i + 1 of a vector i with the limbs that they lack to the column.
 */
function squareSteps(columns: readonly number[], variantsAt: number): readonly Step[] {
  const stored = (variant: number, i: number) => (code: WasmCode) =>
    code.i32(0).loadVector(variantsAt + 16 * (variant * VECTORS + i));
  const steps: Step[] = [];
  for (let i = 0; i < VECTORS; i++) {
    // Both limbs are lower than their partners.
    const isTwice = (column: number) =>
      2 * i < (column % 2 === 0 ? column / 2 - 1 : (column - 1) / 2);
    steps.push({
      load: stored(0, i),
      users: usersOf(columns, (column) => (isTwice(column) ? column - 2 * i : -1)),
    });
    const middle = (load: Step['load'], remainder: number, place: number) =>
      steps.push({
        load,
        users: usersOf(columns, (column) =>
          column % 4 === remainder && column === place ? column - 2 * i : -1,
        ),
      });
    // The two are each other's partners; the high one is its own; the low one is its own.
    middle((code) => code.get(LEFT).loadVector(16 * i), 1, 4 * i + 1);
    middle(stored(1, i), 2, 4 * i + 2);
    middle(stored(2, i), 0, 4 * i);
  }
  return steps;
}

function usersOf(columns: readonly number[], shiftedOf: (column: number) => number): Step['users'] {
  return columns
    .map((column, sum) => ({ sum, shifted: shiftedOf(column) }))
    .filter(({ shifted }) => shifted >= 0 && shifted < SHIFTED);
}

function sumColumns(code: WasmCode, steps: readonly Step[], shiftedAt: number): void {
  const begun = new Set<number>();
  const inWindow = new Map<number, number>();
  for (const { load, users } of steps) {
    if (users.length === 0) continue;
    load(code).set(FACTOR);
    for (const { sum, shifted } of users) {
      const slot = WINDOW + ((shifted >> 1) % GROUP);
      if (inWindow.get(slot) !== shifted) {
        code
          .i32(0)
          .loadVector(shiftedAt + 16 * shifted)
          .set(slot);
        inWindow.set(slot, shifted);
      }
      code.get(FACTOR).get(slot).simd(SIMD_OP.dot16);
      if (begun.has(sum)) code.get(SUMS + sum).simd(SIMD_OP.add32);
      begun.add(sum);
      code.set(SUMS + sum);
    }
  }
}
