import { latin1 } from '../store/keyText.ts';
import { PlainReader } from './plainReader.ts';

/**
 * The ASCII text of the only field with this number; undefined when it is not there, stands twice, is empty or is
 * anything else, and when the bytes hold what is not a varint or length-delimited.
 */
export function plainTextOf(bytes: Uint8Array, number: number): string | undefined {
  const reader = new PlainReader(bytes);
  let from = 0;
  let to = 0;
  while (reader.at < bytes.length) {
    const tag = reader.varint();
    const length = reader.varint();
    if (tag < 0 || length < 0 || (tag & 7) === 1 || (tag & 7) > 2) return undefined;
    if ((tag & 7) === 0) continue;
    if (reader.at + length > bytes.length) return undefined;
    if (tag >>> 3 === number) {
      if (to > 0 || length === 0) return undefined;
      from = reader.at;
      to = from + length;
    }
    reader.at += length;
  }
  for (let i = from; i < to; i++) if (bytes[i]! > 0x7f) return undefined;
  return to === 0 ? undefined : latin1(bytes, from, to);
}
