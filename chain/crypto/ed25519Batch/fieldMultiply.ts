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

export const LIMBS = 20;
export const LIMB_BITS = 13;
export const VECTORS = LIMBS / 2;
/** Bytes of four numbers. */
export const ELEMENT_BYTES = 16 * VECTORS;
/** The largest limb of a product: 2^12, and a carry. */
export const LIMB_BOUND = 4099;

const LIMB_MASK = 2 ** LIMB_BITS - 1;
/** Taken off each limb at the end, so that they lie around 0. */
const CENTRE = 2 ** (LIMB_BITS - 1);
/** 2^260 = 2^5 · 19 in the field. */
const FOLD = 608;
/** The vectors of one factor as they lie, and between them the odd limbs beside the next even ones. */
const SHIFTED = 2 * VECTORS + 1;
const COLUMNS = 2 * LIMBS - 1;
/** Sums that are computed side by side: more do not fit into the registers. */
const GROUP = 4;

/** Bytes of memory that the multiplication works in. */
export const SCRATCH_BYTES = 16 * (SHIFTED + COLUMNS);

/** The halves of each lane in the other order. */
const SWAPPED = [2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13];
/** The low halves of the first vector, and the high halves of the second. */
const BLENDED = [0, 1, 18, 19, 4, 5, 22, 23, 8, 9, 26, 27, 12, 13, 30, 31];

const [OUTPUT, LEFT, RIGHT] = [0, 1, 2];
const FIRST_VECTOR = 3;
const FACTOR = FIRST_VECTOR;
const WINDOW = FACTOR + 1;
const SUMS = WINDOW + GROUP;
const LIMB = SUMS + GROUP;
const [MASK, FOLDING, CARRY, SUM] = [
  LIMB + LIMBS,
  LIMB + LIMBS + 1,
  LIMB + LIMBS + 2,
  LIMB + LIMBS + 3,
];
const SECOND_CARRY = SUM + 1;
const VECTOR_LOCALS = SECOND_CARRY + 1 - FIRST_VECTOR;

/**
 * Function `multiply(output, left, right)`: four products. The output may be one of the factors; it must not lie at 0.
 * `scratch` is the place of SCRATCH_BYTES.
 */
export function multiplyFunction(scratch: number): WasmFunctionBody {
  const code = new WasmCode();
  shiftRightFactor(code, scratch);
  const columnsAt = scratch + 16 * SHIFTED;
  for (const parity of [0, 1]) {
    for (let from = parity; from < COLUMNS; from += 2 * GROUP) {
      const columns = Array.from({ length: GROUP }, (_, i) => from + 2 * i);
      const those = columns.filter((column) => column < COLUMNS);
      // A block of its own, always entered: the compiler then mixes no more sums than there are registers.
      code.get(OUTPUT).when(() => sumColumns(code, those, { shiftedAt: scratch, columnsAt }));
    }
  }
  reduce(code, columnsAt);
  pack(code);
  return {
    name: 'multiply',
    parameters: [I32, I32, I32],
    results: [],
    locals: [[VECTOR_LOCALS, V128]],
    code,
  };
}

/** Vector j of the right factor's has the limbs j and j − 1 in its low and high halves. */
function shiftRightFactor(code: WasmCode, at: number): void {
  const limb = (i: number): number => LIMB + i;
  for (let i = 0; i < VECTORS; i++)
    code
      .get(RIGHT)
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

/** The sums of all products of limbs whose places add up to the column's. */
function sumColumns(
  code: WasmCode,
  columns: readonly number[],
  { shiftedAt, columnsAt }: { shiftedAt: number; columnsAt: number },
): void {
  const isBegun = columns.map(() => false);
  const inWindow = new Map<number, number>();
  for (let i = 0; i < VECTORS; i++) {
    const users = columns
      .map((column, sum) => ({ sum, shifted: column - 2 * i }))
      .filter(({ shifted }) => shifted >= 0 && shifted < SHIFTED);
    if (users.length === 0) continue;
    code
      .get(LEFT)
      .loadVector(16 * i)
      .set(FACTOR);
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
      if (isBegun[sum]) code.get(SUMS + sum).simd(SIMD_OP.add32);
      isBegun[sum] = true;
      code.set(SUMS + sum);
    }
  }
  columns.forEach((column, sum) => {
    code
      .i32(0)
      .get(SUMS + sum)
      .storeVector(columnsAt + 16 * column);
  });
}

/** Folds the columns from the 20th on into those below, and carries. */
function reduce(code: WasmCode, columnsAt: number): void {
  const column = (k: number): WasmCode => code.i32(0).loadVector(columnsAt + 16 * k);
  code.splat(LIMB_MASK).set(MASK).splat(FOLD).set(FOLDING);
  // A high column is split at 13 bits instead of carried on: FOLD times all of it does not fit into 32 bits.
  for (let k = 0; k < LIMBS; k++) {
    if (k > 0) code.get(SUM).i32(LIMB_BITS).simd(SIMD_OP.shiftRightSigned32);
    if (k < LIMBS - 1) {
      column(LIMBS + k)
        .tee(SUM)
        .get(MASK)
        .simd(SIMD_OP.and);
      if (k > 0) code.simd(SIMD_OP.add32);
    }
    code.get(FOLDING).simd(SIMD_OP.multiply32);
    column(k)
      .simd(SIMD_OP.add32)
      .splat(CENTRE)
      .simd(SIMD_OP.add32)
      .set(LIMB + k);
  }
  // Two halves at once: none waits for the other's carries.
  const half = LIMBS / 2;
  for (let k = 0; k < half; k++) {
    carry(code, LIMB + k, { into: LIMB + k + 1, by: CARRY });
    if (k < half - 1) carry(code, LIMB + half + k, { into: LIMB + half + k + 1, by: SECOND_CARRY });
  }
  const last = LIMB + LIMBS - 1;
  code.get(last).i32(LIMB_BITS).simd(SIMD_OP.shiftRightSigned32);
  code.get(FOLDING).simd(SIMD_OP.multiply32).get(LIMB).simd(SIMD_OP.add32).set(LIMB);
  code.get(last).get(MASK).simd(SIMD_OP.and).set(last);
  for (const k of [half, 0, half + 1, 1]) carry(code, LIMB + k, { into: LIMB + k + 1, by: CARRY });
}

/** Leaves 13 bits of a limb, and adds the rest to the next. */
function carry(code: WasmCode, limb: number, { into, by }: { into: number; by: number }): void {
  code.get(limb).i32(LIMB_BITS).simd(SIMD_OP.shiftRightSigned32).set(by);
  code.get(limb).get(MASK).simd(SIMD_OP.and).set(limb);
  code.get(into).get(by).simd(SIMD_OP.add32).set(into);
}

/** Two limbs to a lane. A limb that took the last carry may be −1 before it is centred: its sign must not spill over. */
function pack(code: WasmCode): void {
  for (let i = 0; i < VECTORS; i++) {
    code
      .get(OUTPUT)
      .get(LIMB + 2 * i)
      .splat(0xffff)
      .simd(SIMD_OP.and);
    code
      .get(LIMB + 2 * i + 1)
      .i32(16)
      .simd(SIMD_OP.shiftLeft32)
      .simd(SIMD_OP.or);
    code
      .splat((CENTRE << 16) | CENTRE)
      .simd(SIMD_OP.subtract16)
      .storeVector(16 * i);
  }
}
