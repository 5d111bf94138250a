/** Functions on scalars: numbers of 32-bit words, the lowest first. */
import { I32, I64, MEMORY_OP, OP, WasmCode, type WasmFunctionBody } from '../../wasm/wasmBinary.ts';
import { CALL } from './calls.ts';
import { CONSTANTS, SCRATCH } from './layout.ts';

/** Words of the order and one more, as a remainder has before the order is taken off it. */
const WORDS = 9;
/** Where Barrett's quotient begins in x and in x times the reciprocal. */
const [QUOTIENT_FROM, PRODUCT_FROM] = [7, 9];

/** Sets a local to itself and some bytes or words more. */
const step = (code: WasmCode, local: number, by: number): WasmCode =>
  code.get(local).i32(by).op(OP.i32Add).set(local);
const countDown = (code: WasmCode, local: number): WasmCode =>
  code.get(local).i32(1).op(OP.i32Subtract).tee(local);

/**
 * Function `multiplyWords(output, left, leftWords, right, rightWords)`: adds left · right to the output, which must
 * have room for the sum. Words of the left factor that are 0 cost nothing.
 */
export function multiplyWordsFunction(): WasmFunctionBody {
  const [output, left, leftWords, right, rightWords] = [0, 1, 2, 3, 4];
  const [at, from, words, factor, carry] = [5, 6, 7, 8, 9];
  const code = new WasmCode();
  /** Adds what is on the stack and the carry to the word at `at`. */
  const addTo = (): void => {
    code.get(at).memory(MEMORY_OP.i64Load32).op(OP.i64Add);
    code.get(carry).op(OP.i64Add).set(carry);
    code.get(at).get(carry).memory(MEMORY_OP.i64Store32);
    code.get(carry).i64(32).op(OP.i64ShiftRight).set(carry);
    step(code, at, 4);
  };
  code.repeatWhile(() => {
    code.get(left).memory(MEMORY_OP.i32Load);
    code.when(() => {
      code.get(left).memory(MEMORY_OP.i64Load32).set(factor);
      code.get(output).set(at).get(right).set(from).get(rightWords).set(words);
      code.i64(0).set(carry);
      code.repeatWhile(() => {
        code.get(factor).get(from).memory(MEMORY_OP.i64Load32).op(OP.i64Multiply);
        addTo();
        step(code, from, 4);
        countDown(code, words);
      });
      code.repeatWhile(() => {
        code.i64(0);
        addTo();
        code.get(carry).op(OP.i32WrapI64);
      });
    });
    step(code, left, 4);
    step(code, output, 4);
    countDown(code, leftWords);
  });
  return {
    name: 'multiplyWords',
    parameters: [I32, I32, I32, I32, I32],
    results: [],
    locals: [
      [3, I32],
      [2, I64],
    ],
    code,
  };
}

/** Function `subtractWords(output, left, right, words)`: left − right; 1 when right is greater, or else 0. */
export function subtractWordsFunction(): WasmFunctionBody {
  const [output, left, right, words, difference] = [0, 1, 2, 3, 4];
  const code = new WasmCode();
  code.i64(0).set(difference);
  code.repeatWhile(() => {
    // What was borrowed is −1 above the lower word.
    code.get(difference).i64(63).op(OP.i64ShiftRight).set(difference);
    code.get(left).memory(MEMORY_OP.i64Load32).get(right).memory(MEMORY_OP.i64Load32);
    code.op(OP.i64Subtract).get(difference).op(OP.i64Subtract).set(difference);
    code.get(output).get(difference).memory(MEMORY_OP.i64Store32);
    for (const local of [output, left, right]) step(code, local, 4);
    countDown(code, words);
  });
  code.get(difference).i64(63).op(OP.i64ShiftRight).op(OP.i32WrapI64);
  return {
    name: 'subtractWords',
    parameters: [I32, I32, I32, I32],
    results: [I32],
    locals: [[1, I64]],
    code,
  };
}

/**
 * Function `modOrder(output, number)`: 16 words modulo the group order, in 10 words, of which two are 0 (Barrett's
 * division: Menezes and others, Handbook of Applied Cryptography, 14.42).
 */
export function modOrderFunction(): WasmFunctionBody {
  const [output, number] = [0, 1];
  const { quotient, product, difference } = SCRATCH;
  const { order, reciprocal } = CONSTANTS;
  const code = new WasmCode();
  clearWords(code, quotient, 20);
  clearWords(code, product, 20);
  code
    .i32(quotient)
    .get(number)
    .i32(4 * QUOTIENT_FROM)
    .op(OP.i32Add)
    .i32(WORDS);
  code.i32(reciprocal).i32(WORDS).call(CALL.multiplyWords);
  // The order has words of 0, which are passed over.
  code
    .i32(product)
    .i32(order)
    .i32(WORDS - 1);
  code
    .i32(quotient + 4 * PRODUCT_FROM)
    .i32(WORDS)
    .call(CALL.multiplyWords);
  // Nine words of the difference are enough: it is less than three times the order.
  code.get(output).get(number).i32(product).i32(WORDS).call(CALL.subtractWords).op(OP.drop);
  code
    .get(output)
    .i32(0)
    .memory(MEMORY_OP.i32Store, 4 * WORDS);
  for (let times = 0; times < 2; times++) {
    code.i32(difference).get(output).i32(order).i32(WORDS).call(CALL.subtractWords);
    code.op(OP.i32EqualZero).when(() => {
      for (let word = 0; word < WORDS; word++) {
        code
          .get(output)
          .i32(difference)
          .memory(MEMORY_OP.i32Load, 4 * word);
        code.memory(MEMORY_OP.i32Store, 4 * word);
      }
    });
  }
  return { name: 'modOrder', parameters: [I32, I32], results: [], locals: [], code };
}

/** Writes zeros to so many words at an address, a multiple of 4 of them. */
export function clearWords(code: WasmCode, at: number, words: number): void {
  for (let word = 0; word < words; word += 4) {
    code
      .i32(0)
      .words([0, 0, 0, 0])
      .storeVector(at + 4 * word);
  }
}
