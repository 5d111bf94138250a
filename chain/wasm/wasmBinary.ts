/** Writes WebAssembly binaries: as many instructions as the hash kernel needs (WebAssembly 2.0, chapter 5). */
import { joinBytes, toUtf8 } from '../../wire/bytes.ts';

/** Types of values. */
export const I32 = 0x7f;
export const I64 = 0x7e;
export const V128 = 0x7b;

const EMPTY_BLOCK = 0x40;
const SIMD_PREFIX = 0xfd;

/** Instructions without operands in the code. */
export const OP = {
  return: 0x0f,
  drop: 0x1a,
  select: 0x1b,
  i32EqualZero: 0x45,
  i32Equal: 0x46,
  i32NotEqual: 0x47,
  i32LessUnsigned: 0x49,
  i32LessSigned: 0x48,
  i32Greater: 0x4a,
  i32GreaterUnsigned: 0x4b,
  i32GreaterOrEqualUnsigned: 0x4f,
  i64LessUnsigned: 0x54,
  i64GreaterOrEqualUnsigned: 0x5a,
  i32LeadingZeros: 0x67,
  i32Add: 0x6a,
  i32Subtract: 0x6b,
  i32Multiply: 0x6c,
  i32And: 0x71,
  i32Or: 0x72,
  i32Xor: 0x73,
  i32ShiftLeft: 0x74,
  i32ShiftRight: 0x76,
  i32RotateRight: 0x78,
  i64Add: 0x7c,
  i64Subtract: 0x7d,
  i64Multiply: 0x7e,
  i64And: 0x83,
  i64Or: 0x84,
  i64ShiftLeft: 0x86,
  i64ShiftRight: 0x88,
  i32WrapI64: 0xa7,
  i64ExtendI32: 0xad,
} as const;

/** Loads and stores with a byte offset. */
export const MEMORY_OP = {
  i32Load: 0x28,
  i64Load: 0x29,
  i32Load8: 0x2d,
  i64Load32: 0x35,
  i32Store: 0x36,
  i32Store8: 0x3a,
  i64Store8: 0x3c,
  i64Store32: 0x3e,
} as const;

/** Vector instructions without operands in the code. */
export const SIMD_OP = {
  splat32: 0x11,
  equal32: 0x37,
  greater32: 0x3b,
  not: 0x4d,
  and: 0x4e,
  or: 0x50,
  xor: 0x51,
  bitSelect: 0x52,
  add16: 0x8e,
  subtract16: 0x91,
  multiply16: 0x95,
  allTrue32: 0xa3,
  shiftLeft32: 0xab,
  shiftRightSigned32: 0xac,
  shiftRight32: 0xad,
  add32: 0xae,
  multiply32: 0xb5,
  /** Of 16-bit numbers, products of neighbours added: i32x4.dot_i16x8_s. */
  dot16: 0xba,
} as const;

/** The instructions of one function. */
export class WasmCode {
  readonly bytes: number[] = [];

  op(code: number): this {
    this.bytes.push(code);
    return this;
  }

  get(local: number): this {
    return this.#with(0x20, unsigned(local));
  }

  set(local: number): this {
    return this.#with(0x21, unsigned(local));
  }

  /** Sets a local and leaves the value on the stack. */
  tee(local: number): this {
    return this.#with(0x22, unsigned(local));
  }

  i32(value: number): this {
    return this.#with(0x41, signed(value));
  }

  i64(value: number): this {
    return this.#with(0x42, signed(value));
  }

  call(index: number): this {
    return this.#with(0x10, unsigned(index));
  }

  memory(code: number, offset = 0): this {
    return this.#with(code, [0, ...unsigned(offset)]);
  }

  simd(code: number): this {
    return this.#with(SIMD_PREFIX, unsigned(code));
  }

  loadVector(offset: number): this {
    return this.simd(0x00).#raw([0, ...unsigned(offset)]);
  }

  storeVector(offset: number): this {
    return this.simd(0x0b).#raw([0, ...unsigned(offset)]);
  }

  /** A vector of four equal words. */
  splat(word: number): this {
    return this.words([word, word, word, word]);
  }

  /** A vector of four words. */
  words(words: readonly [number, number, number, number]): this {
    const bytes = words.flatMap((word) => [word, word >>> 8, word >>> 16, word >>> 24]);
    return this.simd(0x0c).#raw(bytes.map((byte) => byte & 0xff));
  }

  /** A vector of the bytes `lanes` of the two on the stack: 0 to 15 of the first, 16 to 31 of the second. */
  shuffle(lanes: readonly number[]): this {
    return this.simd(0x0d).#raw(lanes);
  }

  /** Repeats `body` as long as it leaves a number other than 0 on the stack. */
  repeatWhile(body: (code: this) => void): this {
    this.#raw([0x03, EMPTY_BLOCK]);
    body(this);
    return this.#raw([0x0d, 0, 0x0b]);
  }

  /** Does `body` if the number on the stack is not 0. */
  when(body: (code: this) => void): this {
    this.#raw([0x04, EMPTY_BLOCK]);
    body(this);
    return this.op(0x0b);
  }

  #with(code: number, operand: readonly number[]): this {
    this.bytes.push(code);
    return this.#raw(operand);
  }

  #raw(bytes: readonly number[]): this {
    for (const byte of bytes) this.bytes.push(byte);
    return this;
  }
}

/** A function: its type, its locals beyond the parameters as (count, type), its code. */
export interface WasmFunctionBody {
  readonly name: string;
  readonly parameters: readonly number[];
  readonly results: readonly number[];
  readonly locals: readonly (readonly [count: number, type: number])[];
  readonly code: WasmCode;
}

/** A module of functions, all exported, over the memory imported as host.memory. */
export function wasmBinary(functions: readonly WasmFunctionBody[]): Uint8Array {
  const types = functions.map(({ parameters, results }) => [
    0x60,
    ...counted(parameters),
    ...counted(results),
  ]);
  const memory = [...name('host'), ...name('memory'), 0x02, 0x00, ...unsigned(1)];
  const indexes = functions.map((_, index) => unsigned(index));
  const exported = functions.map((body, index) => [...name(body.name), 0x00, ...unsigned(index)]);
  return joinBytes([
    Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00),
    ...[section(1, types), section(2, [memory]), section(3, indexes), section(7, exported)],
    section(10, functions.map(bodyOf)),
  ]);
}

/** Code is long: it is copied as bytes, since to spread numbers takes many times as long. */
function bodyOf({ locals, code }: WasmFunctionBody): Uint8Array {
  const declared = locals.flatMap(([count, type]) => [...unsigned(count), type]);
  const head = new Uint8Array([...unsigned(locals.length), ...declared]);
  const length = unsigned(head.length + code.bytes.length + 1);
  return joinBytes([
    ...[new Uint8Array(length), head, new Uint8Array(code.bytes)],
    Uint8Array.of(0x0b),
  ]);
}

function section(id: number, entries: readonly ArrayLike<number>[]): Uint8Array {
  const content = joinBytes(
    [unsigned(entries.length), ...entries].map((part) => new Uint8Array(part)),
  );
  return joinBytes([new Uint8Array([id, ...unsigned(content.length)]), content]);
}

const name = (text: string): number[] => counted([...toUtf8(text)]);

const counted = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];

/** LEB128 of a number below 2^31. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return bytes;
}

/** Signed LEB128 of a 32-bit number. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value | 0; ; rest >>= 7) {
    const byte = rest & 0x7f;
    const isLast = rest >> 6 === 0 || rest >> 6 === -1;
    bytes.push(isLast ? byte : byte | 0x80);
    if (isLast) return bytes;
  }
}
