/**
 * Addition and doubling of points of edwards25519, all four coordinates at once (Hisil, Wong, Carter, Dawson,
 * "Twisted Edwards Curves Revisited", section 4: two rounds of four multiplications).
 *
 * A point is an element whose four numbers are X, Y, Z and T. A point to add, an addend, is kept as Y − X, Y + X, 2Z
 * and 2dT, which are products all four: the sizes of fieldMultiply.ts are named behind each factor below.
 */
import { I32, SIMD_OP, V128, WasmCode, type WasmFunctionBody } from '../../wasm/wasmBinary.ts';
import { CALL } from './calls.ts';
import { VECTORS } from './fieldSizes.ts';

type Four = readonly [number, number, number, number];
/** A number of each of four lanes times −1, 0 or 1. */
interface Term {
  readonly lanes: Four;
  readonly signs: Four;
}

/** Addresses where functions keep factors. */
export interface PointScratch {
  readonly left: number;
  readonly right: number;
}

/** Lanes of a point. */
const [X, Y, Z, T] = [0, 1, 2, 3];
const [A, B, C, D] = [0, 1, 2, 3];
const POINT = 0;
const PLUS: Four = [1, 1, 1, 1];

/** Function `double(point)`, in place. */
export function doubleFunction({ left, right }: PointScratch): WasmFunctionBody {
  const [vector, e] = [1, 3];
  const code = new WasmCode();
  // A = X², B = Y², C = 2Z², e = −2XY
  combine(code, vector, [
    [left, [{ lanes: [X, Y, Z, X], signs: [1, 1, 1, -1] }]],
    [
      right,
      [
        { lanes: [X, Y, Z, Y], signs: PLUS },
        { lanes: [X, Y, Z, Y], signs: [0, 0, 1, 1] },
      ],
    ],
  ]);
  code.get(POINT).i32(left).i32(right).call(CALL.multiply);
  // With g = A − B (2), f = C + g (3), h = A + B (2): e·f, g·h, f·g, e·h
  combine(code, vector, [
    [
      left,
      [
        { lanes: [e, A, C, e], signs: PLUS },
        { lanes: [B, B, A, B], signs: [0, -1, 1, 0] },
        { lanes: [B, B, B, B], signs: [0, 0, -1, 0] },
      ],
    ],
    [
      right,
      [
        { lanes: [C, A, A, A], signs: PLUS },
        { lanes: [A, B, B, B], signs: [1, 1, -1, 1] },
        { lanes: [B, B, B, B], signs: [-1, 0, 0, 0] },
      ],
    ],
  ]);
  code.get(POINT).i32(left).i32(right).call(CALL.multiply);
  const locals = [[1, V128]] as const;
  return { name: 'double', parameters: [I32], results: [], locals, code };
}

/** Function `add(point, addend)`, or `subtract`: changes the point. It is complete: no two points are an exception. */
export function addFunction(
  { left, right }: PointScratch,
  isSubtraction: boolean,
): WasmFunctionBody {
  const [addend, vector] = [1, 2];
  const code = new WasmCode();
  const sign = isSubtraction ? -1 : 1;
  // Of −Q the first two numbers are those of Q in turn, and the last is negative: so the products here are B, A, C, −D.
  combine(code, vector, [
    [
      left,
      [
        { lanes: [Y, Y, Z, T], signs: [1, 1, 1, sign] },
        { lanes: [X, X, X, X], signs: [-sign, sign, 0, 0] as Four },
      ],
    ],
  ]);
  code.get(POINT).i32(left).get(addend).call(CALL.multiply);
  const [a, b] = isSubtraction ? [B, A] : [A, B];
  // E = B − A, F = C − D, G = C + D, H = B + A, each (2): E·F, G·H, F·G, E·H
  combine(code, vector, [
    [
      left,
      [
        { lanes: [b, C, C, b], signs: PLUS },
        { lanes: [a, D, D, a], signs: [-1, 1, -1, -1] },
      ],
    ],
    [
      right,
      [
        { lanes: [C, b, C, b], signs: PLUS },
        { lanes: [D, a, D, a], signs: [-1, 1, 1, 1] },
      ],
    ],
  ]);
  code.get(POINT).i32(left).i32(right).call(CALL.multiply);
  const name = isSubtraction ? 'subtract' : 'add';
  return { name, parameters: [I32, I32], results: [], locals: [[1, V128]], code };
}

/** Function `toAddend(output, point, factors)`: `factors` is the place of 1, 1, 2 and 2d. */
export function toAddendFunction({ left }: PointScratch): WasmFunctionBody {
  const [output, point, factors, vector] = [0, 1, 2, 3];
  const code = new WasmCode();
  for (let i = 0; i < VECTORS; i++) {
    code
      .get(point)
      .loadVector(16 * i)
      .set(vector)
      .i32(left);
    sum(code, vector, [
      { lanes: [Y, Y, Z, T], signs: PLUS },
      { lanes: [X, X, X, X], signs: [-1, 1, 0, 0] },
    ]);
    code.storeVector(16 * i);
  }
  code.get(output).i32(left).get(factors).call(CALL.multiply);
  const locals = [[1, V128]] as const;
  return { name: 'toAddend', parameters: [I32, I32, I32], results: [], locals, code };
}

/** Stores factors made of the lanes of the point. */
function combine(
  code: WasmCode,
  vector: number,
  factors: readonly (readonly [place: number, terms: readonly Term[]])[],
): void {
  for (let i = 0; i < VECTORS; i++) {
    code
      .get(POINT)
      .loadVector(16 * i)
      .set(vector);
    for (const [place, terms] of factors) {
      code.i32(place);
      sum(code, vector, terms);
      code.storeVector(16 * i);
    }
  }
}

function sum(code: WasmCode, vector: number, terms: readonly Term[]): void {
  terms.forEach(({ lanes, signs }, index) => {
    const bytes = lanes.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]);
    code.get(vector).get(vector).shuffle(bytes);
    if (signs.some((sign) => sign !== 1)) {
      const [first, second, third, fourth] = signs.map((sign) => (sign & 0xffff) | (sign << 16));
      code.words([first!, second!, third!, fourth!]).simd(SIMD_OP.multiply16);
    }
    if (index > 0) code.simd(SIMD_OP.add16);
  });
}
