/** The WebAssembly module that sums multiples of points, and its memory. */
import {
  I32,
  MEMORY_OP,
  OP,
  SIMD_OP,
  WasmCode,
  type WasmFunctionBody,
  wasmBinary,
} from '../../wasm/wasmBinary.ts';
import { ELEMENT_BYTES, multiplyFunction, SCRATCH_BYTES, VECTORS } from './fieldMultiply.ts';
import {
  ADD,
  addFunction,
  DOUBLE,
  doubleFunction,
  MULTIPLY,
  SUBTRACT,
  toAddendFunction,
} from './pointKernel.ts';

const MULTIPLY_SCRATCH = 16;
const LEFT = MULTIPLY_SCRATCH + SCRATCH_BYTES;
const RIGHT = LEFT + ELEMENT_BYTES;
/** Memory that the functions do not use themselves begins here. */
export const FREE_AT = RIGHT + ELEMENT_BYTES;

/** Step of a sum that doubles what is summed so far. */
export const DOUBLING = 0;
/** Added to an addend's address when it is to be subtracted. */
export const SUBTRACTION = 1;

/** The binary of the module. */
export function batchKernel(): Uint8Array {
  const scratch = { left: LEFT, right: RIGHT };
  return wasmBinary([
    multiplyFunction(MULTIPLY_SCRATCH),
    doubleFunction(scratch),
    addFunction(scratch, false),
    addFunction(scratch, true),
    toAddendFunction(scratch),
    squareFunction(),
    eachLane('addEach', SIMD_OP.add16),
    eachLane('subtractEach', SIMD_OP.subtract16),
    copyFunction(),
    sumFunction(),
  ]);
}

/** Function `square(numbers, times)`: squares four numbers so often, in place. */
function squareFunction(): WasmFunctionBody {
  const [numbers, times] = [0, 1];
  const code = new WasmCode();
  code.repeatWhile(() => {
    code.get(numbers).get(numbers).get(numbers).call(MULTIPLY);
    code.get(times).i32(1).op(OP.i32Subtract).tee(times);
  });
  return { name: 'square', parameters: [I32, I32], results: [], locals: [], code };
}

/** Function `name(output, left, right)`: sums or differences of four numbers, which are as many products. */
function eachLane(name: string, operation: number): WasmFunctionBody {
  const [output, left, right] = [0, 1, 2];
  const code = new WasmCode();
  for (let i = 0; i < VECTORS; i++) {
    code.get(output);
    for (const factor of [left, right]) code.get(factor).loadVector(16 * i);
    code.simd(operation).storeVector(16 * i);
  }
  return { name, parameters: [I32, I32, I32], results: [], locals: [], code };
}

/** Function `copy(output, input)`: an element. */
function copyFunction(): WasmFunctionBody {
  const [output, input] = [0, 1];
  const code = new WasmCode();
  for (let at = 0; at < ELEMENT_BYTES; at += 16) {
    code.get(output).get(input).loadVector(at).storeVector(at);
  }
  return { name: 'copy', parameters: [I32, I32], results: [], locals: [], code };
}

/** Function `sum(point, steps, end)`: goes through the words from `steps` to `end`, which are DOUBLING or addends. */
function sumFunction(): WasmFunctionBody {
  const [point, steps, end, step] = [0, 1, 2, 3];
  const code = new WasmCode();
  code.repeatWhile(() => {
    code
      .get(steps)
      .memory(MEMORY_OP.i32Load)
      .tee(step)
      .when(() => {
        code
          .get(step)
          .i32(SUBTRACTION)
          .op(OP.i32And)
          .when(() => {
            code.get(point).get(step).i32(SUBTRACTION).op(OP.i32Subtract).call(SUBTRACT);
          });
        code
          .get(step)
          .i32(SUBTRACTION)
          .op(OP.i32And)
          .i32(SUBTRACTION)
          .op(OP.i32Xor)
          .when(() => {
            code.get(point).get(step).call(ADD);
          });
      });
    code
      .get(step)
      .i32(0)
      .op(OP.i32Equal)
      .when(() => {
        code.get(point).call(DOUBLE);
      });
    code.get(steps).i32(4).op(OP.i32Add).tee(steps).get(end).op(OP.i32NotEqual);
  });
  return { name: 'sum', parameters: [I32, I32, I32], results: [], locals: [[1, I32]], code };
}
