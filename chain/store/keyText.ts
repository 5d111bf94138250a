/** Bytes as text with one character a byte: text sorts as the bytes do, and a Map finds it quickly. */

/** Joins what a Map is asked for many times a transaction: as fast as any way that Node has. */
export function latin1(bytes: Uint8Array): string {
  if (bytes.length > MAX_ARGUMENTS) return Buffer.from(bytes).toString('latin1');
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}

/** More would fill the stack of the call. */
const MAX_ARGUMENTS = 1024;
