/** Functions that copy elements, work at each of four numbers, and write the odd multiples of points. */
import { I32, OP, SIMD_OP, WasmCode, type WasmFunctionBody } from '../../wasm/wasmBinary.ts';
import { CALL } from './calls.ts';
import { ELEMENT_BYTES, VECTORS } from './fieldSizes.ts';
import { CONSTANTS, SCRATCH } from './layout.ts';

/** Function `squareTimes(numbers, times)`: squares four numbers so often, in place. */
export function squareTimesFunction(): WasmFunctionBody {
  const [numbers, times] = [0, 1];
  const code = new WasmCode();
  code.repeatWhile(() => {
    code.get(numbers).get(numbers).call(CALL.square);
    code.get(times).i32(1).op(OP.i32Subtract).tee(times);
  });
  return { name: 'squareTimes', parameters: [I32, I32], results: [], locals: [], code };
}

/** Functions `addEach` and `subtractEach(output, left, right)`: of four numbers, which are as many products. */
export function eachFunction(name: 'addEach' | 'subtractEach'): WasmFunctionBody {
  const [output, left, right] = [0, 1, 2];
  const code = new WasmCode();
  for (let i = 0; i < VECTORS; i++) {
    code.get(output);
    for (const factor of [left, right]) code.get(factor).loadVector(16 * i);
    code.simd(name === 'addEach' ? SIMD_OP.add16 : SIMD_OP.subtract16).storeVector(16 * i);
  }
  return { name, parameters: [I32, I32, I32], results: [], locals: [], code };
}

/** Function `copy(output, input)`: an element. */
export function copyFunction(): WasmFunctionBody {
  const [output, input] = [0, 1];
  const code = new WasmCode();
  for (let at = 0; at < ELEMENT_BYTES; at += 16) {
    code.get(output).get(input).loadVector(at).storeVector(at);
  }
  return { name: 'copy', parameters: [I32, I32], results: [], locals: [], code };
}

/**
 * Function `oddMultiples(at, point, count)`: the point as an addend, 3 times, 5 times it, and so on, two at least.
 * The point is changed.
 */
export function oddMultiplesFunction(): WasmFunctionBody {
  const [at, point, count] = [0, 1, 2];
  const { addendFactors } = CONSTANTS;
  const code = new WasmCode();
  code.get(at).get(point).i32(addendFactors).call(CALL.toAddend);
  // Twice the point, as an addend: the difference of each multiple and the next.
  code.i32(SCRATCH.double).get(point).call(CALL.copy);
  code.i32(SCRATCH.double).call(CALL.double);
  code.i32(SCRATCH.double).i32(SCRATCH.double).i32(addendFactors).call(CALL.toAddend);
  code.get(count).i32(1).op(OP.i32Subtract).set(count);
  code.repeatWhile(() => {
    code.get(at).i32(ELEMENT_BYTES).op(OP.i32Add).set(at);
    code.get(point).i32(SCRATCH.double).call(CALL.add);
    code.get(at).get(point).i32(addendFactors).call(CALL.toAddend);
    code.get(count).i32(1).op(OP.i32Subtract).tee(count);
  });
  return { name: 'oddMultiples', parameters: [I32, I32, I32], results: [], locals: [], code };
}
