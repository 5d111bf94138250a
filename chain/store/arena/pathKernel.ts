/** Reading the paths to many keys side by side. */

import { I32, MEMORY_OP, OP, WasmCode, type WasmFunctionBody } from '../../wasm/wasmBinary.ts';
import { HEIGHT_SHIFT, KEY, KEY_BYTES, KEY_HEADER_BYTES, PREFIX, SHAPE } from './layout.ts';

/** What stands in the list of each path: the node it has come to, the key's prefix, the key's block, and nothing. */
export const PATH_BYTES = 16;

/** `compareKeys(a, b)`, addresses of keys' blocks: 1 if the first key is not below the second, otherwise 0. */
export function compareKeys(): WasmFunctionBody {
  const [a, b, left, difference] = [0, 1, 2, 3];
  const code = new WasmCode();
  const length = (block: number) => code.get(block).memory(MEMORY_OP.i32Load, 4 * KEY_BYTES);
  length(a);
  length(b);
  length(a);
  length(b).op(OP.i32LessUnsigned).op(OP.select).set(left);
  length(a);
  length(b).op(OP.i32GreaterOrEqualUnsigned).set(difference);
  code.repeatWhile(() => {
    for (const block of [a, b]) code.get(block).memory(MEMORY_OP.i32Load8, KEY_HEADER_BYTES);
    code.op(OP.i32NotEqual).when(() => {
      for (const block of [a, b]) code.get(block).memory(MEMORY_OP.i32Load8, KEY_HEADER_BYTES);
      code.op(OP.i32GreaterOrEqualUnsigned).op(OP.return);
    });
    for (const block of [a, b]) code.get(block).i32(1).op(OP.i32Add).set(block);
    code.get(left).i32(1).op(OP.i32Subtract).tee(left);
  });
  code.get(difference);
  return {
    name: 'compareKeys',
    parameters: [I32, I32],
    results: [I32],
    locals: [[2, I32]],
    code,
  };
}

/**
 * `readPaths(list, count, rounds)`: each round takes each path of the list to the child that its key lies under, or leaves
 * it at its leaf. The reads of a round do not depend on one another, so that they wait for memory together; there is no
 * branch but for equal prefixes, since a branch that was guessed wrong would wait for its own read.
 */
export function readPaths(compareKeysIndex: number): WasmFunctionBody {
  const [list, count, rounds, path, left, node, side, prefix] = [0, 1, 2, 3, 4, 5, 6, 7];
  const code = new WasmCode();
  const field = (word: number) => code.get(node).memory(MEMORY_OP.i32Load, 4 * word);
  const address = () => code.i32(2).op(OP.i32ShiftLeft);
  code.repeatWhile(() => {
    code.get(list).set(path).get(count).set(left);
    code.repeatWhile(() => {
      code.get(path).memory(MEMORY_OP.i32Load);
      address().set(node);
      code.get(path).memory(MEMORY_OP.i32Load, 4).tee(prefix);
      field(PREFIX).op(OP.i32Greater).set(side);
      code.get(prefix);
      field(PREFIX)
        .op(OP.i32Equal)
        .when(() => {
          code.get(path).memory(MEMORY_OP.i32Load, 8);
          address();
          field(KEY);
          address().call(compareKeysIndex).set(side);
        });
      code.get(path);
      code.get(node).get(side);
      address().op(OP.i32Add).memory(MEMORY_OP.i32Load);
      code.get(node).i32(2).op(OP.i32ShiftRight);
      field(SHAPE).i32(HEIGHT_SHIFT).op(OP.i32ShiftRight).op(OP.select);
      code.memory(MEMORY_OP.i32Store);
      code.get(path).i32(PATH_BYTES).op(OP.i32Add).set(path);
      code.get(left).i32(1).op(OP.i32Subtract).tee(left);
    });
    code.get(rounds).i32(1).op(OP.i32Subtract).tee(rounds);
  });
  const parameters = [I32, I32, I32];
  return { name: 'readPaths', parameters, results: [], locals: [[5, I32]], code };
}
