/** SHA-256 (FIPS 180-4) of four messages at once: one 32-bit lane of a vector belongs to each. */

import { I32, OP, SIMD_OP, V128, WasmCode, type WasmFunctionBody } from '../../wasm/wasmBinary.ts';
import { BLOCK_BYTES, compress, type Layout, setInitialState, type Words } from './sha256Rounds.ts';

/** Parameters: address of the first message, its blocks, bytes from message to message, address of the digests. */
const [INPUT, BLOCKS, STRIDE, OUTPUT] = [0, 1, 2, 3];
/** Addresses of the second to the fourth message. */
const [SECOND, THIRD, FOURTH] = [4, 5, 6];
const STATE = 7;
const WORKING = 15;
const SCHEDULE = 23;
const SPARE = 39;
const VECTOR_LOCALS = 36;

const WORDS: Words = {
  constant(code, word) {
    code.splat(word);
  },
  add(code) {
    code.simd(SIMD_OP.add32);
  },
  xor(code) {
    code.simd(SIMD_OP.xor);
  },
  shiftRight(code, local, bits) {
    code.get(local).i32(bits).simd(SIMD_OP.shiftRight32);
  },
  rotateRight(code, local, bits) {
    code.get(local).i32(bits).simd(SIMD_OP.shiftRight32);
    const left = 32 - bits;
    code.get(local).i32(left).simd(SIMD_OP.shiftLeft32).simd(SIMD_OP.or);
  },
  choose(code, e, f, g) {
    code.get(f).get(g).get(e).simd(SIMD_OP.bitSelect);
  },
  // Where a and b differ, c decides.
  majority(code, a, b, c) {
    code.get(c).get(b).get(a).get(b).simd(SIMD_OP.xor).simd(SIMD_OP.bitSelect);
  },
};
const LAYOUT: Layout = { words: WORDS, state: STATE, working: WORKING, schedule: SCHEDULE };

/**
 * Function `sha256x4(input, blocks, stride, output)`: the digests, 4 × 32 bytes, of four padded messages
 * of equally many blocks.
 */
export function sha256x4(): WasmFunctionBody {
  const code = new WasmCode();
  setInitialState(code, LAYOUT);
  code.repeatWhile(() => {
    loadBlock(code);
    compress(code, LAYOUT);
    code.get(INPUT).i32(BLOCK_BYTES).op(OP.i32Add).set(INPUT);
    code.get(BLOCKS).i32(1).op(OP.i32Subtract).tee(BLOCKS);
  });
  storeDigests(code);
  return {
    name: 'sha256x4',
    parameters: [I32, I32, I32, I32],
    results: [],
    locals: [
      [3, I32],
      [VECTOR_LOCALS, V128],
    ],
    code,
  };
}

/** Reads 16 words of each message into the schedule, word by word across the messages. */
function loadBlock(code: WasmCode): void {
  const rows = [INPUT, SECOND, THIRD, FOURTH] as const;
  for (let row = 1; row < 4; row++) {
    code
      .get(rows[row - 1]!)
      .get(STRIDE)
      .op(OP.i32Add)
      .set(rows[row]!);
  }
  for (let group = 0; group < 4; group++) {
    const locals = [0, 1, 2, 3].map((i) => SCHEDULE + 4 * group + i);
    locals.forEach((local, row) => {
      code
        .get(rows[row]!)
        .loadVector(16 * group)
        .set(local);
    });
    transpose(code, locals, locals);
  }
}

/** Turns four rows of words into columns and each word's bytes around; its own inverse. */
function transpose(code: WasmCode, from: readonly number[], to: readonly number[]): void {
  const swapped = (word: number, row: number) => [3, 2, 1, 0].map((i) => i + 4 * word + 16 * row);
  const pair = (first: number, rows: readonly [number, number], into: number) => {
    const words = [first, first + 1];
    const lanes = words.flatMap((word) => [...swapped(word, 0), ...swapped(word, 1)]);
    code.get(rows[0]).get(rows[1]).shuffle(lanes).set(into);
  };
  pair(0, [from[0]!, from[1]!], SPARE);
  pair(2, [from[0]!, from[1]!], SPARE + 1);
  pair(0, [from[2]!, from[3]!], SPARE + 2);
  pair(2, [from[2]!, from[3]!], SPARE + 3);
  const low = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
  const high = low.map((lane) => lane + 8);
  [low, high].forEach((lanes, i) => {
    code
      .get(SPARE)
      .get(SPARE + 2)
      .shuffle(lanes)
      .set(to[i]!);
    code
      .get(SPARE + 1)
      .get(SPARE + 3)
      .shuffle(lanes)
      .set(to[i + 2]!);
  });
}

function storeDigests(code: WasmCode): void {
  const low = [0, 1, 2, 3].map((i) => STATE + i);
  const high = [4, 5, 6, 7].map((i) => STATE + i);
  transpose(code, low, low);
  transpose(code, high, high);
  for (let message = 0; message < 4; message++) {
    code
      .get(OUTPUT)
      .get(low[message]!)
      .storeVector(32 * message);
    code
      .get(OUTPUT)
      .get(high[message]!)
      .storeVector(32 * message + 16);
  }
}
