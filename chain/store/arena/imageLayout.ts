/**
 * The image of a saved version: chunks of bytes from which its tree can be used at once, without hashing. All numbers
 * are little endian. The first chunk is the header: "DTRE", the layout (4 bytes), the tree's version (8), how many
 * nodes it has (4), zero (4), its root hash (32). Each further chunk holds nodes in post-order: their number (4) and
 * that of the leaves among them (4); for each node its version (low 4 bytes; high 3) and height (1); for each node
 * its hash (32); for each leaf the length of its value (4); for each leaf the block of its key and the block of its
 * value, unless that is empty, as they lie in the arena: the key's users, 1 (4), and its length (4) before it, zeros
 * behind both up to the sizes that blocks.ts gives.
 */
export const IMAGE_MAGIC = 0x4552_5444;
export const IMAGE_LAYOUT = 1;
export const HEADER_BYTES = 56;
export const CHUNK_HEADER_BYTES = 8;
/** Version, height and hash. */
export const NODE_IMAGE_BYTES = 40;
export const VALUE_LENGTH_BYTES = 4;
/** A chunk is closed when it has reached this; only one with a long value is much longer. */
export const CHUNK_TARGET_BYTES = 1 << 18;

/** What the header says. */
export interface ImageHeader {
  readonly version: number;
  readonly nodes: number;
  readonly rootHash: Uint8Array;
}
