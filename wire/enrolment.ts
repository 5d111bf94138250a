/**
 * Enrolment: what a device signs with a new key, to prove that it holds the key and means this owner on this chain.
 * 124 bytes, big endian: domain 16 · chain id length 1 · chain id padded to 50 · owner length 1 · owner address
 * padded to 32 · device id 20, and 4 zero bytes kept for a version to come.
 */
import { concatBytes, fromHex, toUtf8 } from './bytes.ts';

const DOMAIN = toUtf8('depind/enrol/v1\0');
const CHAIN_ID_BYTES = 50;
const OWNER_BYTES = 32;

function padded(bytes: Uint8Array, width: number, title: string): Uint8Array {
  if (bytes.length === 0 || bytes.length > width) {
    throw new TypeError(`${title}: expected 1 to ${width} bytes, got ${bytes.length}`);
  }
  const out = new Uint8Array(1 + width);
  out[0] = bytes.length;
  out.set(bytes, 1);
  return out;
}

/**
 * The bytes to sign.
 * @throws TypeError naming the argument when the chain id is not 1 to 50 bytes, the owner not 1 to 32, or the id not 40 hex digits.
 */
export function enrolmentBytes(chainId: string, owner: Uint8Array, deviceId: string): Uint8Array {
  const id = fromHex(deviceId, 'deviceId');
  if (id.length !== 20) throw new TypeError(`deviceId: expected 20 bytes, got ${id.length}`);
  return concatBytes(
    DOMAIN,
    padded(toUtf8(chainId), CHAIN_ID_BYTES, 'chainId'),
    padded(owner, OWNER_BYTES, 'owner'),
    id,
    new Uint8Array(4),
  );
}
