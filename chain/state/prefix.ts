/** Prefixes: the bytes in front of every key of a collection. They are consensus data and never used again for another. */

/** One byte or several; written in front of every key of a collection. */
export type Prefix = number | Uint8Array;

/** The bytes of a prefix. */
export const prefixBytes = (prefix: Prefix): Uint8Array =>
  typeof prefix === 'number' ? Uint8Array.of(prefix) : prefix;

/** The first key behind all keys with this prefix; undefined when there is none. */
export function prefixEnd(prefix: Uint8Array): Uint8Array | undefined {
  const end = prefix.slice();
  for (let i = end.length - 1; i >= 0; i--) {
    if (end[i] !== 0xff) {
      end[i]!++;
      return end.subarray(0, i + 1);
    }
  }
  return undefined;
}
