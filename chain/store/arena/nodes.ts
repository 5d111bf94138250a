/** Reading nodes: what several parts of a tree need to know of one. */
import type { Arena } from './arena.ts';
import {
  HASH,
  HASH_BYTES,
  HEIGHT_SHIFT,
  KEY,
  KEY_BYTES,
  KEY_HEADER_BYTES,
  PREFIX,
  SHAPE,
  TWO_32,
  VALUE,
  VALUE_BYTES,
  VERSION_HIGH_MASK,
  VERSION_LOW,
} from './layout.ts';

/** The first four bytes, zeros for those it lacks, such that signed numbers compare as the bytes do. */
export function prefixOf(key: Uint8Array): number {
  if (key.length >= 4) {
    return ((key[0]! << 24) | (key[1]! << 16) | (key[2]! << 8) | key[3]!) ^ 0x8000_0000;
  }
  let prefix = 0;
  for (let i = 0; i < key.length; i++) prefix |= key[i]! << (24 - 8 * i);
  return prefix ^ 0x8000_0000;
}

/** Lexicographic order of a key, whose prefix is given, and a node's: negative, zero or positive. */
export function compareWithNode(
  arena: Arena,
  node: number,
  key: Uint8Array,
  prefix: number,
): number {
  const { words } = arena;
  const own = words[node + PREFIX]!;
  if (prefix !== own) return prefix < own ? -1 : 1;
  return compareWithKey(arena, words[node + KEY]!, key);
}

/** Lexicographic order of a key and the one in a block. */
export function compareWithKey(arena: Arena, block: number, key: Uint8Array): number {
  const { words, bytes } = arena;
  const length = words[block + KEY_BYTES]!;
  const start = block * 4 + KEY_HEADER_BYTES;
  const common = Math.min(key.length, length);
  for (let i = 0; i < common; i++) {
    const difference = key[i]! - bytes[start + i]!;
    if (difference !== 0) return difference;
  }
  return key.length - length;
}

/** Lexicographic order of the keys in two blocks. */
export function compareKeys(arena: Arena, a: number, b: number): number {
  const { words, bytes } = arena;
  const aBytes = words[a + KEY_BYTES]!;
  const bBytes = words[b + KEY_BYTES]!;
  const aStart = a * 4 + KEY_HEADER_BYTES;
  const bStart = b * 4 + KEY_HEADER_BYTES;
  const common = Math.min(aBytes, bBytes);
  let i = 0;
  // Blocks begin with whole words, which are looked at four bytes at a time as long as they are equal.
  while (i + 4 <= common && words[(aStart + i) >>> 2] === words[(bStart + i) >>> 2]) i += 4;
  for (; i < common; i++) {
    const difference = bytes[aStart + i]! - bytes[bStart + i]!;
    if (difference !== 0) return difference;
  }
  return aBytes - bBytes;
}

/** The prefix of the key in a block, as `prefixOf` gives it. */
export function prefixAt(arena: Arena, block: number): number {
  const { words, bytes } = arena;
  const start = block * 4 + KEY_HEADER_BYTES;
  const end = start + words[block + KEY_BYTES]!;
  let prefix = 0;
  for (let i = 0; i < 4; i++) {
    prefix = (prefix << 8) | (start + i < end ? bytes[start + i]! : 0);
  }
  return prefix ^ 0x8000_0000;
}

/** 0 for a leaf. */
export function heightOf(words: Int32Array, node: number): number {
  return words[node + SHAPE]! >>> HEIGHT_SHIFT;
}

/** The version that made a saved node. */
export function versionOf(words: Int32Array, node: number): number {
  const high = words[node + SHAPE]! & VERSION_HIGH_MASK;
  return high * TWO_32 + (words[node + VERSION_LOW]! >>> 0);
}

/** Sets the version and leaves the height. */
export function setVersion(words: Int32Array, node: number, version: number): void {
  const height = words[node + SHAPE]! & ~VERSION_HIGH_MASK;
  words[node + SHAPE] = height | (version / TWO_32);
  words[node + VERSION_LOW] = version | 0;
}

/** A copy of a node's key. */
export function keyOf(arena: Arena, node: number): Uint8Array {
  return arena.keyAt(arena.words[node + KEY]!);
}

/** A copy of a leaf's value. */
export function leafValue(arena: Arena, leaf: number): Uint8Array {
  const { words } = arena;
  return arena.valueAt(words[leaf + VALUE]!, words[leaf + VALUE_BYTES]!);
}

/** A copy of a node's hash, 32 bytes. */
export function hashOf(arena: Arena, node: number): Uint8Array {
  const start = (node + HASH) * 4;
  return arena.bytes.slice(start, start + HASH_BYTES);
}
