/** The key inside a device: made from its seed, so that a restarted fleet has the same hardware. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { toHex } from '../../wire/bytes.ts';
import { type DevicePublicKey, deviceIdOf } from '../../wire/report.ts';
import type { KeyType } from '../../wire/signature.ts';
import type { Random } from './random.ts';

export interface DeviceKey extends DevicePublicKey {
  /** 20 bytes. */
  readonly deviceId: Uint8Array;
  /** The same, 40 hex digits. */
  readonly id: string;
  /** 64 bytes as `wire/` verifies them; the same for the same bytes (RFC 8032, RFC 6979). */
  sign(bytes: Uint8Array): Uint8Array;
}

const CURVES = { ed25519, secp256k1, p256 } as const;

/** The key of a device from a stream of its own. */
export function makeDeviceKey(keyType: KeyType, random: Random): DeviceKey {
  const curve = CURVES[keyType];
  let secret = random.bytes(32);
  while (!curve.utils.isValidSecretKey(secret)) secret = random.bytes(32);
  const publicKey = curve.getPublicKey(secret);
  const deviceId = deviceIdOf(keyType, publicKey);
  return {
    keyType,
    publicKey,
    deviceId,
    id: toHex(deviceId),
    sign: (bytes) => signWith(keyType, secret, bytes),
  };
}

function signWith(keyType: KeyType, secret: Uint8Array, bytes: Uint8Array): Uint8Array {
  if (keyType === 'ed25519') return ed25519.sign(bytes, secret);
  const curve = keyType === 'secp256k1' ? secp256k1 : p256;
  return curve.sign(bytes, secret, { lowS: true, prehash: true });
}
