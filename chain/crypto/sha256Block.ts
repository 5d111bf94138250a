/** SHA-256 (FIPS 180-4) of one message in WebAssembly: its code. */
import {
  BLOCK_BYTES,
  compress,
  type Layout,
  scheduleLocal,
  setInitialState,
  type Words,
} from '../store/arena/sha256Rounds.ts';
import { I32, MEMORY_OP, OP, WasmCode, type WasmFunctionBody } from '../wasm/wasmBinary.ts';

/** Parameters: address of the padded message, its blocks, address of the digest. */
const [INPUT, BLOCKS, OUTPUT] = [0, 1, 2];
const STATE = 3;
const WORKING = 11;
const SCHEDULE = 19;
const SPARE = 35;
const LOCALS = 33;

const WORDS: Words = {
  constant(code, word) {
    code.i32(word);
  },
  add(code) {
    code.op(OP.i32Add);
  },
  xor(code) {
    code.op(OP.i32Xor);
  },
  shiftRight(code, local, bits) {
    code.get(local).i32(bits).op(OP.i32ShiftRight);
  },
  rotateRight(code, local, bits) {
    code.get(local).i32(bits).op(OP.i32RotateRight);
  },
  choose(code, e, f, g) {
    code.get(f).get(g).op(OP.i32Xor).get(e).op(OP.i32And).get(g).op(OP.i32Xor);
  },
  // b, with c where a and b differ.
  majority(code, a, b, c) {
    code.get(a).get(b).op(OP.i32Xor).get(b).get(c).op(OP.i32Xor).op(OP.i32And);
    code.get(b).op(OP.i32Xor);
  },
};
const LAYOUT: Layout = { words: WORDS, state: STATE, working: WORKING, schedule: SCHEDULE };

/** Function `sha256(input, blocks, output)`: the 32 bytes of the digest of a padded message. */
export function sha256Function(): WasmFunctionBody {
  const code = new WasmCode();
  setInitialState(code, LAYOUT);
  code.repeatWhile(() => {
    for (let i = 0; i < 16; i++) {
      code
        .get(INPUT)
        .memory(MEMORY_OP.i32Load, 4 * i)
        .set(SPARE);
      turnBytes(code, SPARE);
      code.set(scheduleLocal(LAYOUT, i));
    }
    compress(code, LAYOUT);
    code.get(INPUT).i32(BLOCK_BYTES).op(OP.i32Add).set(INPUT);
    code.get(BLOCKS).i32(1).op(OP.i32Subtract).tee(BLOCKS);
  });
  for (let i = 0; i < 8; i++) {
    code.get(OUTPUT);
    turnBytes(code, STATE + i);
    code.memory(MEMORY_OP.i32Store, 4 * i);
  }
  const locals = [[LOCALS, I32]] as const;
  return { name: 'sha256', parameters: [I32, I32, I32], results: [], locals, code };
}

/** The word of a local with its bytes the other way round: words of the standard are big-endian. */
function turnBytes(code: WasmCode, local: number): void {
  code.get(local).i32(24).op(OP.i32RotateRight).i32(0x00ff00ff).op(OP.i32And);
  code.get(local).i32(8).op(OP.i32RotateRight).i32(0xff00ff00).op(OP.i32And).op(OP.i32Or);
}
