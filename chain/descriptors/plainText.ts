import { latin1 } from '../store/keyText.ts';

/**
 * The ASCII text of the only field with this number; undefined when it is not there, stands twice, is empty or is
 * anything else, and when the bytes hold what is not a varint or length-delimited.
 */
export function plainTextOf(bytes: Uint8Array, number: number): string | undefined {
  let at = 0;
  let found: Uint8Array | undefined;
  const varint = (): number => {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 5; i++) {
      const byte = bytes[at++];
      if (byte === undefined) return -1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return i > 0 && byte === 0 ? -1 : value;
      scale *= 128;
    }
    return -1;
  };
  while (at < bytes.length) {
    const tag = varint();
    const length = varint();
    if (tag < 0 || length < 0 || (tag & 7) === 1 || (tag & 7) > 2) return undefined;
    if ((tag & 7) === 0) continue;
    if (at + length > bytes.length) return undefined;
    if (tag >>> 3 === number) {
      if (found !== undefined || length === 0) return undefined;
      found = bytes.subarray(at, at + length);
    }
    at += length;
  }
  return found?.every((byte) => byte < 0x80) ? latin1(found) : undefined;
}
