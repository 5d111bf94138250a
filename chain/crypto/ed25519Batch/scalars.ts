/** Scalars of signatures, and the digits that multiples of points are summed by. */

/** A number of 8 · n bytes, little endian. */
export function fromLittleEndian(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let value = 0n;
  for (let at = bytes.length - 8; at >= 0; at -= 8) {
    value = (value << 64n) | view.getBigUint64(at, true);
  }
  return value;
}

const WORD_BITS = 32;
/** One word more than a scalar has: a window may reach beyond. */
const words = new Uint32Array(10);
/** The same memory: a number stored here leaves its lowest 64 bits (little endian, as is every machine with Node). */
const longs = new BigUint64Array(words.buffer, 0, 4);

/**
 * Calls `put` with the digits of a scalar below 2^256 that are not 0, from the lowest: odd, between −2^(width−1) and
 * 2^(width−1), with at least `width` places from one to the next.
 */
export function nonAdjacentForm(
  scalar: bigint,
  width: number,
  put: (place: number, digit: number) => void,
): void {
  let rest = scalar;
  for (let i = 0; i < longs.length; i++, rest >>= 64n) longs[i] = rest;
  const full = 1 << width;
  let carry = 0;
  for (let place = 0; place <= 256; ) {
    const [word, bit] = [place >> 5, place & 31];
    let window = words[word]! >>> bit;
    if (bit > WORD_BITS - width) window |= words[word + 1]! << (WORD_BITS - bit);
    const digit = (window & (full - 1)) + carry;
    if ((digit & 1) === 0) {
      place += 1;
      continue;
    }
    carry = digit > full >> 1 ? 1 : 0;
    put(place, digit - carry * full);
    place += width;
  }
}
