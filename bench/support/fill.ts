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

/** How many keys the first block after a restart changes: keys spread over the whole state. */
export const UPDATES = 10_000;

/** What the update of a number puts under its key. */
export function changedValue(number: number): Uint8Array {
  return concatBytes(toBigEndian(BigInt(number + 1), 8), new Uint8Array(VALUE_BYTES - 8));
}
