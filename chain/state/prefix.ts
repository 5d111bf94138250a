/** Prefixes: the bytes in front of every key of a collection. They are consensus data and never used again for another. */

/** One byte or several; written in front of every key of a collection. */
export type Prefix = number | Uint8Array;

/** The bytes of a prefix. */
export const prefixBytes = (prefix: Prefix): Uint8Array =>
  typeof prefix === 'number' ? Uint8Array.of(prefix) : prefix;
