/** Bytes as text with one character a byte: text sorts as the bytes do, and a Map finds it quickly. */

/** What Node calls for `toString('latin1')`: it takes any bytes, and needs no Buffer made for them. */
const { latin1Slice } = Buffer.prototype as unknown as {
  latin1Slice(this: Uint8Array, start: number, end: number): string;
};

/**
 * The text of bytes, or of those from `start` to before `end`. Asked for many times a transaction: 0.06 µs for 28 bytes,
 * where String.fromCharCode takes 0.14.
 */
export function latin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return latin1Slice.call(bytes, start, end);
}
