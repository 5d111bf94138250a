/** How numbers of the field lie in memory: see fieldMultiply.ts. */

export const LIMBS = 20;
export const LIMB_BITS = 13;
export const LIMB_MASK = 2 ** LIMB_BITS - 1;
export const VECTORS = LIMBS / 2;
/** Bytes of four numbers. */
export const ELEMENT_BYTES = 16 * VECTORS;
/** The largest limb of a product: 2^12, and a carry. */
export const LIMB_BOUND = 4099;
/** Columns of a product. */
export const COLUMNS = 2 * LIMBS - 1;
/** Bits of the highest limb below 2^255. */
export const TOP_BITS = 255 - LIMB_BITS * (LIMBS - 1);
/** 2^260 = 2^5 · 19 in the field. */
export const FOLD = 608;

/** The vectors of one factor as they lie, and between them the odd limbs beside the next even ones. */
export const SHIFTED = 2 * VECTORS + 1;
/** Bytes of memory that the multiplication works in. */
export const MULTIPLY_SCRATCH_BYTES = 16 * (SHIFTED + COLUMNS);
/** A square needs its number also doubled, with the low halves doubled, and the low halves alone. */
export const SQUARE_SCRATCH_BYTES = MULTIPLY_SCRATCH_BYTES + 3 * 16 * VECTORS;
