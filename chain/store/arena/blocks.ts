/** Sizes of the blocks that hold keys and values, in units of 8 bytes, and the class of each size. */

import { KEY_HEADER_BYTES } from './layout.ts';

/** Units that have a class each; above them eight classes share each doubling, so at most an eighth is wasted. */
const EXACT_UNITS = 64;
const EXACT_BITS = 6;
const STEP_BITS = 3;

/** Classes up to 2^31 bytes, which is 2^28 units. */
export const BLOCK_CLASSES = EXACT_UNITS + 1 + (29 - EXACT_BITS) * 2 ** STEP_BITS;

/** The units of the block for so many bytes. */
export function blockUnits(bytes: number): number {
  const units = (bytes + 7) >>> 3;
  if (units <= EXACT_UNITS) return units;
  const step = 2 ** (31 - Math.clz32(units) - STEP_BITS);
  return Math.ceil(units / step) * step;
}

/** Bytes of the block of a key. */
export function keyBlockBytes(keyBytes: number): number {
  return blockUnits(KEY_HEADER_BYTES + keyBytes) * 8;
}

/** Bytes of the block of a value; an empty one has none. */
export function valueBlockBytes(valueBytes: number): number {
  return blockUnits(valueBytes) * 8;
}

/** The class of a block of `units`, which `blockUnits` gave. */
export function blockClass(units: number): number {
  if (units <= EXACT_UNITS) return units;
  const exponent = 31 - Math.clz32(units);
  const step = (units >>> (exponent - STEP_BITS)) - 2 ** STEP_BITS;
  return EXACT_UNITS + 1 + ((exponent - EXACT_BITS) << STEP_BITS) + step;
}

/** The largest units that have a class of their own. */
export const LARGEST_EXACT_UNITS = EXACT_UNITS;
