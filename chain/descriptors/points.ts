/** Which P-256 keys are points: the SDK's decoder looks, and so does this one. */
import { toHex } from '../../wire/bytes.ts';
import { isValidPublicKey } from '../../wire/signature.ts';

/** To find that out takes longer than to verify a signature, and accounts come again. */
const MAX_REMEMBERED = 4096;
const remembered = new Map<string, boolean>();

/** Whether these bytes are a compressed point of P-256. */
export function isP256Point(bytes: Uint8Array): boolean {
  const key = toHex(bytes);
  const before = remembered.get(key);
  if (before !== undefined) return before;
  const isPoint = isValidPublicKey('p256', bytes);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(key, isPoint);
  return isPoint;
}
