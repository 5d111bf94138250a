/** SHA-256 (FIPS 180-4) of four messages at once: one 32-bit lane of a vector belongs to each. */
import { I32, OP, SIMD_OP, V128, WasmCode, type WasmFunctionBody } from './wasmBinary.ts';

const BLOCK_BYTES = 64;
const ROUNDS = 64;

/** Parameters: address of the first message, its blocks, bytes from message to message, address of the digests. */
const [INPUT, BLOCKS, STRIDE, OUTPUT] = [0, 1, 2, 3];
/** Addresses of the second to the fourth message. */
const [SECOND, THIRD, FOURTH] = [4, 5, 6];
const STATE = 7;
const WORKING = 15;
const SCHEDULE = 23;
const SPARE = 39;
const VECTOR_LOCALS = 36;

const scheduleLocal = (round: number): number => SCHEDULE + (round & 15);

/**
 * Function `sha256x4(input, blocks, stride, output)`: the digests, 4 × 32 bytes, of four padded messages
 * of equally many blocks.
 */
export function sha256x4(): WasmFunctionBody {
  const code = new WasmCode();
  squareRootFractions(8).forEach((word, i) => {
    code.splat(word).set(STATE + i);
  });
  code.repeatWhile(() => {
    loadBlock(code);
    compress(code);
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
      .simd(SIMD_OP.add32)
      .set(STATE + i);
  }
}

/** W[t] = σ1(W[t-2]) + W[t-7] + σ0(W[t-15]) + W[t-16]; section 6.2.2, step 1. */
function extendSchedule(code: WasmCode, round: number): void {
  const word = scheduleLocal(round);
  code.get(word);
  smallSigma(code, scheduleLocal(round - 15), [7, 18, 3]);
  code
    .simd(SIMD_OP.add32)
    .get(scheduleLocal(round - 7))
    .simd(SIMD_OP.add32);
  smallSigma(code, scheduleLocal(round - 2), [17, 19, 10]);
  code.simd(SIMD_OP.add32).set(word);
}

/** Section 6.2.2, step 3: the new `a` replaces `h`, the new `e` replaces `d`; the caller turns the names. */
function doRound(
  code: WasmCode,
  names: readonly number[],
  { constant, word }: { readonly constant: number; readonly word: number },
): void {
  const [a, b, c, d, e, f, g, h] = names as [
    ...[number, number, number, number],
    ...[number, number, number, number],
  ];
  code.get(h);
  bigSigma(code, e, [6, 11, 25]);
  code.simd(SIMD_OP.add32);
  code.get(f).get(g).get(e).simd(SIMD_OP.bitSelect).simd(SIMD_OP.add32); // Ch(e, f, g)
  code.get(word).splat(constant).simd(SIMD_OP.add32).simd(SIMD_OP.add32).set(h);
  code.get(d).get(h).simd(SIMD_OP.add32).set(d);
  code.get(h);
  bigSigma(code, a, [2, 13, 22]);
  code.simd(SIMD_OP.add32);
  // Maj(a, b, c): where a and b differ, c decides.
  code.get(c).get(b).get(a).get(b).simd(SIMD_OP.xor).simd(SIMD_OP.bitSelect);
  code.simd(SIMD_OP.add32).set(h);
}

type Three = readonly [number, number, number];

function bigSigma(code: WasmCode, local: number, [x, y, z]: Three): void {
  rotateRight(code, local, x);
  rotateRight(code, local, y);
  code.simd(SIMD_OP.xor);
  rotateRight(code, local, z);
  code.simd(SIMD_OP.xor);
}

function smallSigma(code: WasmCode, local: number, [x, y, shift]: Three): void {
  rotateRight(code, local, x);
  rotateRight(code, local, y);
  code.simd(SIMD_OP.xor).get(local).i32(shift).simd(SIMD_OP.shiftRight32).simd(SIMD_OP.xor);
}

function rotateRight(code: WasmCode, local: number, bits: number): void {
  code.get(local).i32(bits).simd(SIMD_OP.shiftRight32);
  code
    .get(local)
    .i32(32 - bits)
    .simd(SIMD_OP.shiftLeft32)
    .simd(SIMD_OP.or);
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

/** The first 32 bits of the fractional parts of the square roots of the first primes (section 5.3.3). */
export function squareRootFractions(count: number): number[] {
  return primes(count).map((prime) => rootFraction(prime, 2n));
}

/** The same of the cube roots (section 4.2.2). */
export function cubeRootFractions(count: number): number[] {
  return primes(count).map((prime) => rootFraction(prime, 3n));
}

function primes(count: number): bigint[] {
  const found: bigint[] = [];
  for (let n = 2n; found.length < count; n++) {
    if (found.every((prime) => n % prime !== 0n)) found.push(n);
  }
  return found;
}

/** The low 32 bits of the largest r with r^degree <= prime · 2^(32 · degree). */
function rootFraction(prime: bigint, degree: bigint): number {
  const power = prime << (32n * degree);
  let low = 0n;
  for (let bit = 1n << 40n; bit > 0n; bit >>= 1n) {
    if ((low + bit) ** degree <= power) low += bit;
  }
  return Number(low & 0xffff_ffffn);
}
