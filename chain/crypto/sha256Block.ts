/** SHA-256 (FIPS 180-4) of one message in WebAssembly: its code. */
import { cubeRootFractions, squareRootFractions } from '../store/arena/sha256Kernel.ts';
import { I32, MEMORY_OP, OP, WasmCode, type WasmFunctionBody } from '../store/arena/wasmBinary.ts';

const BLOCK_BYTES = 64;
const ROUNDS = 64;

/** Parameters: address of the padded message, its blocks, address of the digest. */
const [INPUT, BLOCKS, OUTPUT] = [0, 1, 2];
const STATE = 3;
const WORKING = 11;
const SCHEDULE = 19;
const SPARE = 35;
const LOCALS = 33;

const scheduleLocal = (round: number): number => SCHEDULE + (round & 15);

/** Function `sha256(input, blocks, output)`: the 32 bytes of the digest of a padded message. */
export function sha256Function(): WasmFunctionBody {
  const code = new WasmCode();
  squareRootFractions(8).forEach((word, i) => {
    code.i32(word).set(STATE + i);
  });
  code.repeatWhile(() => {
    for (let i = 0; i < 16; i++) {
      code
        .get(INPUT)
        .memory(MEMORY_OP.i32Load, 4 * i)
        .set(SPARE);
      turnBytes(code, SPARE);
      code.set(scheduleLocal(i));
    }
    compress(code);
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

/** The 64 rounds over the schedule; adds the outcome to the state. */
function compress(code: WasmCode): void {
  for (let i = 0; i < 8; i++) code.get(STATE + i).set(WORKING + i);
  let names = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => WORKING + i);
  cubeRootFractions(ROUNDS).forEach((constant, round) => {
    if (round >= 16) extendSchedule(code, round);
    doRound(code, names, { constant, word: scheduleLocal(round) });
    names = [names[7]!, ...names.slice(0, 7)];
  });
  for (let i = 0; i < 8; i++) {
    code
      .get(STATE + i)
      .get(names[i]!)
      .op(OP.i32Add)
      .set(STATE + i);
  }
}

/** Section 6.2.2, step 1. */
function extendSchedule(code: WasmCode, round: number): void {
  const word = scheduleLocal(round);
  code.get(word);
  sigma(code, scheduleLocal(round - 15), [7, 18], 3);
  code
    .op(OP.i32Add)
    .get(scheduleLocal(round - 7))
    .op(OP.i32Add);
  sigma(code, scheduleLocal(round - 2), [17, 19], 10);
  code.op(OP.i32Add).set(word);
}

type Four = readonly [number, number, number, number];

/** Section 6.2.2, step 3: the new `a` replaces `h`, the new `e` replaces `d`; the caller turns the names. */
function doRound(
  code: WasmCode,
  names: readonly number[],
  { constant, word }: { readonly constant: number; readonly word: number },
): void {
  const [a, b, c, d, e, f, g, h] = names as [...Four, ...Four];
  code.get(h);
  sigma(code, e, [6, 11, 25]);
  code.op(OP.i32Add);
  // Ch(e, f, g): g, with f where e is set.
  code.get(f).get(g).op(OP.i32Xor).get(e).op(OP.i32And).get(g).op(OP.i32Xor).op(OP.i32Add);
  code.get(word).op(OP.i32Add).i32(constant).op(OP.i32Add).set(h);
  code.get(d).get(h).op(OP.i32Add).set(d);
  code.get(h);
  sigma(code, a, [2, 13, 22]);
  code.op(OP.i32Add);
  // Maj(a, b, c): b, with c where a and b differ.
  code.get(a).get(b).op(OP.i32Xor).get(b).get(c).op(OP.i32Xor).op(OP.i32And);
  code.get(b).op(OP.i32Xor).op(OP.i32Add).set(h);
}

/** The exclusive or of a local turned right by each of some numbers of bits, and shifted right by another. */
function sigma(code: WasmCode, local: number, turns: readonly number[], shift?: number): void {
  turns.forEach((bits, i) => {
    code.get(local).i32(bits).op(OP.i32RotateRight);
    if (i > 0) code.op(OP.i32Xor);
  });
  if (shift !== undefined) code.get(local).i32(shift).op(OP.i32ShiftRight).op(OP.i32Xor);
}
