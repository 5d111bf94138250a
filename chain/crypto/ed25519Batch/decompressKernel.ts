/** Points from their encodings as ZIP-215 reads them, four at a time (RFC 8032, section 5.1.3). */
import {
  I32,
  MEMORY_OP,
  OP,
  SIMD_OP,
  V128,
  WasmCode,
  type WasmFunctionBody,
} from '../../wasm/wasmBinary.ts';
import { CALL } from './calls.ts';
import { ELEMENT_BYTES, LIMB_BITS, LIMB_MASK, LIMBS, TOP_BITS, VECTORS } from './fieldSizes.ts';
import { CONSTANTS, LANES, POINT_BYTES, SCRATCH } from './layout.ts';

const { x, y, t, u, v, a, b, c, other, zero, odd, signs } = SCRATCH;

const multiply = (code: WasmCode, to: number, left: number, right: number): WasmCode =>
  left === right
    ? code.i32(to).i32(left).call(CALL.square)
    : code.i32(to).i32(left).i32(right).call(CALL.multiply);

/** Function `raise()`: raises the numbers at `a` to (p − 5)/8 = 2^252 − 3. */
export function raiseFunction(): WasmFunctionBody {
  const code = new WasmCode();
  const power = (to: number, from: number, times: number): void => {
    multiply(code, to, from, from);
    if (times > 1)
      code
        .i32(to)
        .i32(times - 1)
        .call(CALL.squareTimes);
  };
  power(t, a, 1);
  power(b, t, 2);
  multiply(code, b, b, a);
  multiply(code, t, t, b);
  power(t, t, 1);
  // The exponents of b, c and t are 2^n − 1 from here on, with n = 5, 10, 20, 40, 50, 100, 200, 250.
  multiply(code, b, b, t);
  power(t, b, 5);
  multiply(code, b, b, t);
  power(t, b, 10);
  multiply(code, c, b, t);
  power(t, c, 20);
  multiply(code, t, t, c);
  power(t, t, 10);
  multiply(code, b, b, t);
  power(t, b, 50);
  multiply(code, c, b, t);
  power(t, c, 100);
  multiply(code, t, t, c);
  power(t, t, 50);
  multiply(code, t, t, b);
  power(t, t, 2);
  multiply(code, a, a, t);
  return { name: 'raise', parameters: [], results: [], locals: [], code };
}

const [ENCODINGS, POINTS] = [0, 1];
const [FROM, TO, COUNT] = [2, 3, 4];
const [IS_ROOT, NEGATIVE] = [5, 6];

/**
 * Function `decompress(encodings, points)`: writes the points of four encodings that lie one behind the other; 1 when
 * all are on the curve, or else 0. An encoding whose y is the prime or more is read modulo the prime, and x of 0 may
 * have either sign.
 */
export function decompressFunction(): WasmFunctionBody {
  const code = new WasmCode();
  readAll(code);
  candidates(code);
  chooseRoots(code);
  chooseSigns(code);
  multiply(code, t, x, y);
  writePoints(code);
  code.i32(1);
  const locals = [
    [3, I32],
    [2, V128],
  ] as const;
  return { name: 'decompress', parameters: [I32, I32], results: [I32], locals, code };
}

/** Does something for each lane, with FROM growing from a start and TO from another. */
function eachLane(
  code: WasmCode,
  { fromStep, toStep }: { fromStep: number; toStep: number },
  body: () => void,
): void {
  code.i32(LANES).set(COUNT);
  code.repeatWhile(() => {
    body();
    code.get(FROM).i32(fromStep).op(OP.i32Add).set(FROM);
    code.get(TO).i32(toStep).op(OP.i32Add).set(TO);
    code.get(COUNT).i32(1).op(OP.i32Subtract).tee(COUNT);
  });
}

/** The 255 low bits of each encoding to y: limbs of the size of two products. */
function readAll(code: WasmCode): void {
  const limb = (place: number): void => {
    const bit = LIMB_BITS * place;
    code
      .get(FROM)
      .memory(MEMORY_OP.i32Load, bit >> 3)
      .i32(bit & 7)
      .op(OP.i32ShiftRight)
      .i32(place === LIMBS - 1 ? 2 ** TOP_BITS - 1 : LIMB_MASK)
      .op(OP.i32And);
  };
  code.get(ENCODINGS).set(FROM).i32(y).set(TO);
  eachLane(code, { fromStep: POINT_BYTES, toStep: 4 }, () => {
    for (let i = 0; i < VECTORS; i++) {
      code.get(TO);
      limb(2 * i);
      limb(2 * i + 1);
      code
        .i32(16)
        .op(OP.i32ShiftLeft)
        .op(OP.i32Or)
        .memory(MEMORY_OP.i32Store, 16 * i);
    }
  });
}

/** With u = y² − 1 and v = dy² + 1: x = uv³(uv⁷)^((p−5)/8), then v·x² − u, v·x² + u, and x times the root of −1. */
function candidates(code: WasmCode): void {
  const { one, d, rootOfMinusOne } = CONSTANTS;
  multiply(code, a, y, y);
  code.i32(u).i32(a).i32(one).call(CALL.subtractEach);
  multiply(code, v, a, d);
  code.i32(v).i32(v).i32(one).call(CALL.addEach);
  multiply(code, a, v, v);
  multiply(code, b, a, v);
  multiply(code, a, b, b);
  multiply(code, a, a, v);
  multiply(code, a, a, u);
  multiply(code, x, b, u);
  // The exponentiation works in b, c and t.
  code.call(CALL.raise);
  multiply(code, x, x, a);
  multiply(code, b, x, x);
  multiply(code, b, b, v);
  code.i32(a).i32(b).i32(u).call(CALL.subtractEach);
  code.i32(b).i32(b).i32(u).call(CALL.addEach);
  multiply(code, other, x, rootOfMinusOne);
}

/** Puts the roots that fit in the place of x; returns 0 when none does for one of the points. */
function chooseRoots(code: WasmCode): void {
  code.i32(a).call(CALL.judge).i32(0).loadVector(zero).set(IS_ROOT);
  code.i32(b).call(CALL.judge).i32(0).loadVector(zero);
  code.get(IS_ROOT).simd(SIMD_OP.or).simd(SIMD_OP.allTrue32).op(OP.i32EqualZero);
  code.when(() => code.i32(0).op(OP.return));
  for (let i = 0; i < VECTORS; i++) {
    code
      .i32(0)
      .i32(0)
      .loadVector(x + 16 * i);
    code.i32(0).loadVector(other + 16 * i);
    code
      .get(IS_ROOT)
      .simd(SIMD_OP.bitSelect)
      .storeVector(x + 16 * i);
  }
}

/** Puts −x in the place of x where the highest bit of the encoding is not what x's lowest is. */
function chooseSigns(code: WasmCode): void {
  code.get(ENCODINGS).set(FROM).i32(signs).set(TO);
  eachLane(code, { fromStep: POINT_BYTES, toStep: 4 }, () => {
    code.get(TO).get(FROM);
    code.memory(MEMORY_OP.i32Load, POINT_BYTES - 4).memory(MEMORY_OP.i32Store);
  });
  code.i32(x).call(CALL.judge);
  code.i32(0).loadVector(signs).i32(31).simd(SIMD_OP.shiftRightSigned32);
  code.i32(0).loadVector(odd).simd(SIMD_OP.xor).set(NEGATIVE);
  for (let i = 0; i < VECTORS; i++) {
    code.i32(0);
    code
      .i32(0)
      .loadVector(x + 16 * i)
      .get(NEGATIVE)
      .simd(SIMD_OP.xor);
    code
      .get(NEGATIVE)
      .simd(SIMD_OP.subtract16)
      .storeVector(x + 16 * i);
  }
}

/** The coordinates X, Y, Z = 1 and T of each point. */
function writePoints(code: WasmCode): void {
  code.i32(0).set(FROM).get(POINTS).set(TO);
  eachLane(code, { fromStep: 4, toStep: ELEMENT_BYTES }, () => {
    for (let i = 0; i < VECTORS; i++) {
      for (const [place, numbers] of [x, y, CONSTANTS.one, t].entries()) {
        code
          .get(TO)
          .get(FROM)
          .memory(MEMORY_OP.i32Load, numbers + 16 * i)
          .memory(MEMORY_OP.i32Store, 16 * i + 4 * place);
      }
    }
  });
}
