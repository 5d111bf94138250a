/** The compression of SHA-256 (FIPS 180-4) as WebAssembly, for one message or for several at once. */
import type { WasmCode } from '../../wasm/wasmBinary.ts';

export const BLOCK_BYTES = 64;
const ROUNDS = 64;

/** How 32-bit words are worked on: as numbers, or as vectors of which each lane belongs to a message of its own. */
export interface Words {
  constant(code: WasmCode, word: number): void;
  add(code: WasmCode): void;
  xor(code: WasmCode): void;
  shiftRight(code: WasmCode, local: number, bits: number): void;
  rotateRight(code: WasmCode, local: number, bits: number): void;
  /** Ch(e, f, g): f where e is set, otherwise g. */
  choose(code: WasmCode, e: number, f: number, g: number): void;
  /** Maj(a, b, c): what two of them say. */
  majority(code: WasmCode, a: number, b: number, c: number): void;
}

/** The first local of each: 8 of the state, 8 that a block works on, 16 of the schedule. */
export interface Layout {
  readonly words: Words;
  readonly state: number;
  readonly working: number;
  readonly schedule: number;
}

/** Sets the state to where it begins (section 5.3.3). */
export function setInitialState(code: WasmCode, { words, state }: Layout): void {
  squareRootFractions(8).forEach((word, i) => {
    words.constant(code, word);
    code.set(state + i);
  });
}

/** The 64 rounds over the schedule; adds the outcome to the state. */
export function compress(code: WasmCode, layout: Layout): void {
  const { words, state, working } = layout;
  for (let i = 0; i < 8; i++) code.get(state + i).set(working + i);
  let names = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => working + i);
  cubeRootFractions(ROUNDS).forEach((constant, round) => {
    if (round >= 16) extendSchedule(code, layout, round);
    doRound(code, layout, { names, constant, word: scheduleLocal(layout, round) });
    names = [names[7]!, ...names.slice(0, 7)];
  });
  for (let i = 0; i < 8; i++) {
    code.get(state + i).get(names[i]!);
    words.add(code);
    code.set(state + i);
  }
}

/** Where a round's word of the schedule stands: 16 are kept at a time. */
export const scheduleLocal = ({ schedule }: Layout, round: number): number =>
  schedule + (round & 15);

/** W[t] = σ1(W[t-2]) + W[t-7] + σ0(W[t-15]) + W[t-16]; section 6.2.2, step 1. */
function extendSchedule(code: WasmCode, layout: Layout, round: number): void {
  const { words } = layout;
  const before = (rounds: number): number => scheduleLocal(layout, round - rounds);
  code.get(before(16));
  sigma(code, words, { local: before(15), turns: [7, 18], shift: 3 });
  words.add(code);
  code.get(before(7));
  words.add(code);
  sigma(code, words, { local: before(2), turns: [17, 19], shift: 10 });
  words.add(code);
  code.set(before(16));
}

type Four = readonly [number, number, number, number];

interface Round {
  /** The locals that are a to h in this round. */
  readonly names: readonly number[];
  readonly constant: number;
  /** The local of its word of the schedule. */
  readonly word: number;
}

/** Section 6.2.2, step 3: the new `a` replaces `h`, the new `e` replaces `d`; the caller turns the names. */
function doRound(code: WasmCode, { words }: Layout, { names, constant, word }: Round): void {
  const [a, b, c, d, e, f, g, h] = names as [...Four, ...Four];
  code.get(h);
  sigma(code, words, { local: e, turns: [6, 11, 25] });
  words.add(code);
  words.choose(code, e, f, g);
  words.add(code);
  code.get(word);
  words.constant(code, constant);
  words.add(code);
  words.add(code);
  code.set(h).get(d).get(h);
  words.add(code);
  code.set(d).get(h);
  sigma(code, words, { local: a, turns: [2, 13, 22] });
  words.add(code);
  words.majority(code, a, b, c);
  words.add(code);
  code.set(h);
}

interface Sigma {
  readonly local: number;
  readonly turns: readonly number[];
  readonly shift?: number;
}

/** The exclusive or of a local turned right by each of some numbers of bits, and shifted right by another. */
function sigma(code: WasmCode, words: Words, { local, turns, shift }: Sigma): void {
  turns.forEach((bits, i) => {
    words.rotateRight(code, local, bits);
    if (i > 0) words.xor(code);
  });
  if (shift === undefined) return;
  words.shiftRight(code, local, shift);
  words.xor(code);
}

/** The first 32 bits of the fractional parts of the square roots of the first primes (section 5.3.3). */
function squareRootFractions(count: number): number[] {
  return primes(count).map((prime) => rootFraction(prime, 2n));
}

/** The same of the cube roots (section 4.2.2). */
function cubeRootFractions(count: number): number[] {
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
