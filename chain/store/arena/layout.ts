/**
 * How a node lies in the arena's memory: 16 words of 4 bytes, one line of the processor's cache. A node is named by
 * the index of its first word; so are the blocks of keys and values. 0 names none.
 */
export const NODE_WORDS = 16;
export const NODE_BYTES = 64;

/** An inner node's children. */
export const LEFT = 0;
export const RIGHT = 1;
/** A leaf's value: its block, 0 when it is empty, and its length in bytes. */
export const VALUE = 0;
export const VALUE_BYTES = 1;
/** The block of the key. An inner node has that of the smallest leaf on its right. */
export const KEY = 2;
/** The first four bytes of the key, such that signed numbers compare as the bytes do. */
export const PREFIX = 3;
/** Leaves underneath, the leaf itself included. */
export const SIZE = 4;
/** The low 32 bits of the version that made the node. */
export const VERSION_LOW = 5;
/** The height, 8 bits, above the high 24 bits of the version. */
export const SHAPE = 6;
/** Who may see the node: see workingNodes.ts. */
export const MARK = 7;
/** 32 bytes. */
export const HASH = 8;
export const HASH_WORDS = 8;
export const HASH_BYTES = 32;

/** Bits of SHAPE below the height. */
export const VERSION_HIGH_MASK = 0xff_ffff;
export const HEIGHT_SHIFT = 24;

/** A key's block: how many leaves use it, its length in bytes, then its bytes. */
export const KEY_USERS = 0;
export const KEY_BYTES = 1;
export const KEY_HEADER_BYTES = 8;

/** Versions stay exact as doubles, also when doubled for a zig-zag varint. */
export const MAX_VERSION = 2 ** 51;
export const TWO_32 = 2 ** 32;
