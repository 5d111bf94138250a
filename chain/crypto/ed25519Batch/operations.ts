/** Instructions that the kernel has beyond those of `chain/wasm/` (WebAssembly 2.0, section 5.4). */

/** On numbers of 32 and 64 bits. */
export const WORD_OP = {
  drop: 0x1a,
  i32EqualZero: 0x45,
  i32GreaterUnsigned: 0x4b,
  i64Add: 0x7c,
  i64Subtract: 0x7d,
  i64Multiply: 0x7e,
  i64And: 0x83,
} as const;

/** Loads and stores of 32 bits of a number of 64. */
export const LONG_OP = { load32: 0x35, store32: 0x3e } as const;

/** On vectors. */
export const VECTOR_OP = {
  equal32: 0x37,
  greater32: 0x3b,
  not: 0x4d,
  allTrue32: 0xa3,
  splat32: 0x11,
} as const;
