/** The keys of a large state: those of interop/sdkrace. */
import { concatBytes, toBigEndian } from '../../wire/bytes.ts';
import { sha256 } from '../../wire/hash.ts';

/** The store that they stand in. */
export const FILL_STORE = 'bank';
const VALUE_BYTES = 40;

/** The key of a number: 32 bytes without order. */
export const fillKey = (number: number): Uint8Array => sha256(toBigEndian(BigInt(number), 8));

/** What stands under it. */
export function fillValue(number: number): Uint8Array {
  const key = fillKey(number);
  return concatBytes(key, key.subarray(0, VALUE_BYTES - key.length));
}
