/** The key inside a device: made from its seed, so that a restarted fleet has the same hardware. */
import { createPrivateKey, sign } from 'node:crypto';
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

/** What stands before the 32 bytes of an ed25519 key in PKCS #8 (RFC 8410). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
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
    sign: keyType === 'ed25519' ? ed25519Signer(secret) : ecdsaSigner(keyType, secret),
  };
}

/** OpenSSL, which is some twenty times as fast; ed25519 has only one signature of a message. */
function ed25519Signer(secret: Uint8Array): DeviceKey['sign'] {
  const der = Buffer.concat([PKCS8_ED25519, secret]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return (bytes) => new Uint8Array(sign(null, bytes, key));
}

/** OpenSSL draws its nonces at random, so these are made by noble. */
function ecdsaSigner(keyType: 'secp256k1' | 'p256', secret: Uint8Array): DeviceKey['sign'] {
  return (bytes) => CURVES[keyType].sign(bytes, secret, { lowS: true, prehash: true });
}
