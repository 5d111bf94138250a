/** Functions that write scalars as digits, and sum what stands at each place (Straus). */
import { I32, MEMORY_OP, OP, WasmCode, type WasmFunctionBody } from '../../wasm/wasmBinary.ts';
import { CALL } from './calls.ts';
import { ELEMENT_BYTES } from './fieldSizes.ts';
import { DIGIT_BYTES, PLACES, TABLES } from './layout.ts';

/** Added to an addend's address when it is to be subtracted. */
const SUBTRACTION = 1;

/**
 * Function `recode(scalar, width, addends, sign, places, free)`: puts the digits of a scalar that are not 0 before
 * those that their places have: odd, between −2^(width−1) and 2^(width−1), with at least `width` places from one to
 * the next. `sign` is 1 when the point is to be subtracted; the first `places` places hold all digits, and 4 bytes
 * behind those are 0. Digits are written from `free` on; gives where they end.
 */
export function recodeFunction(): WasmFunctionBody {
  const [scalar, width, addends, sign, places, free] = [0, 1, 2, 3, 4, 5];
  const [place, carry, digit, isNegative, head] = [6, 7, 8, 9, 10];
  const code = new WasmCode();
  const full = () => code.i32(1).get(width).op(OP.i32ShiftLeft);
  code.repeatWhile(() => {
    code.get(scalar).get(place).i32(3).op(OP.i32ShiftRight).op(OP.i32Add).memory(MEMORY_OP.i32Load);
    code.get(place).i32(7).op(OP.i32And).op(OP.i32ShiftRight);
    full().i32(1).op(OP.i32Subtract).op(OP.i32And).get(carry).op(OP.i32Add).tee(digit);
    code.i32(1).op(OP.i32And).op(OP.i32EqualZero);
    code.when(() => code.get(place).i32(1).op(OP.i32Add).set(place));
    code.get(digit).i32(1).op(OP.i32And);
    code.when(() => {
      code.get(digit);
      full().i32(1).op(OP.i32ShiftRight).op(OP.i32GreaterUnsigned).tee(carry).set(isNegative);
      code.get(carry).when(() => {
        full().get(digit).op(OP.i32Subtract).set(digit);
      });
      code.i32(TABLES.heads).get(place).i32(2).op(OP.i32ShiftLeft).op(OP.i32Add).set(head);
      // The addend of the digit, and the one that was the last of the place.
      code.get(free).get(digit).i32(1).op(OP.i32ShiftRight).i32(ELEMENT_BYTES).op(OP.i32Multiply);
      code.get(addends).op(OP.i32Add).get(isNegative).get(sign).op(OP.i32Xor).op(OP.i32Add);
      code.memory(MEMORY_OP.i32Store).get(free).get(head).memory(MEMORY_OP.i32Load);
      code.memory(MEMORY_OP.i32Store, 4).get(head).get(free).memory(MEMORY_OP.i32Store);
      code.get(free).i32(DIGIT_BYTES).op(OP.i32Add).set(free);
      code.get(place).get(width).op(OP.i32Add).set(place);
    });
    code.get(place).get(places).op(OP.i32LessUnsigned);
  });
  code.get(free);
  const parameters = [I32, I32, I32, I32, I32, I32];
  return { name: 'recode', parameters, results: [I32], locals: [[5, I32]], code };
}

/** Function `sum(point)`: from the highest place to the lowest doubles, and adds what is there; forgets the digits. */
export function sumFunction(): WasmFunctionBody {
  const [point, place, digit, addend] = [0, 1, 2, 3];
  const code = new WasmCode();
  code.i32(PLACES).set(place);
  code.repeatWhile(() => {
    code.get(place).i32(1).op(OP.i32Subtract).set(place);
    code.get(point).call(CALL.double);
    headOf(code, place).memory(MEMORY_OP.i32Load).tee(digit);
    code.when(() => {
      code.repeatWhile(() => {
        code.get(digit).memory(MEMORY_OP.i32Load).set(addend);
        addOrSubtract(code, { point, addend });
        code.get(digit).memory(MEMORY_OP.i32Load, 4).tee(digit);
      });
      headOf(code, place).i32(0).memory(MEMORY_OP.i32Store);
    });
    code.get(place);
  });
  return { name: 'sum', parameters: [I32], results: [], locals: [[3, I32]], code };
}

const headOf = (code: WasmCode, place: number): WasmCode =>
  code.get(place).i32(2).op(OP.i32ShiftLeft).i32(TABLES.heads).op(OP.i32Add);

function addOrSubtract(code: WasmCode, { point, addend }: { point: number; addend: number }): void {
  const isSubtraction = () => code.get(addend).i32(SUBTRACTION).op(OP.i32And);
  isSubtraction()
    .op(OP.i32EqualZero)
    .when(() => code.get(point).get(addend).call(CALL.add));
  isSubtraction().when(() => {
    code.get(point).get(addend).i32(SUBTRACTION).op(OP.i32Subtract).call(CALL.subtract);
  });
}
