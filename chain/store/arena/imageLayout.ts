/**
 * The image of a saved version: chunks of bytes from which its tree can be used at once, without hashing. All numbers
 * are little endian. The first chunk is the header: "DTRE", the layout (4 bytes), the tree's version (8), how many
 * nodes it has (4), zero (4), its root hash (32). Each further chunk holds nodes in post-order: their number (4) and
 * that of the leaves among them (4); for each node its version (low 4 bytes; high 3) and height (1); for each node
 * its hash (32); for each leaf the lengths of key and value (4, 4); for each leaf its key and its value.
 */
export const IMAGE_MAGIC = 0x4552_5444;
export const IMAGE_LAYOUT = 1;
export const HEADER_BYTES = 56;
export const CHUNK_HEADER_BYTES = 8;
/** Version, height and hash. */
export const NODE_IMAGE_BYTES = 40;
export const LEAF_LENGTHS_BYTES = 8;
/** A chunk is closed when it has reached this; only one with a long value is much longer. */
export const CHUNK_TARGET_BYTES = 1 << 20;

/** What the header says. */
export interface ImageHeader {
  readonly version: number;
  readonly nodes: number;
  readonly rootHash: Uint8Array;
}
