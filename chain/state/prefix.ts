/** Prefixes: the bytes in front of every key of a collection. They are consensus data and never used again for another. */

/** One byte or several; written in front of every key of a collection. */
export type Prefix = number | Uint8Array;

/**
 * The bytes of a prefix.
 * @throws TypeError for a number that is no byte, and for no bytes.
 */
export function prefixBytes(prefix: Prefix): Uint8Array {
  if (typeof prefix !== 'number') {
    if (prefix.length > 0) return prefix;
    throw new TypeError('prefix: expected at least one byte, got none');
  }
  if (Number.isInteger(prefix) && prefix >= 0 && prefix <= 0xff) return Uint8Array.of(prefix);
  throw new TypeError(`prefix: expected a byte from 0 to 255, got ${prefix}`);
}
