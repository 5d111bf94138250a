/**
 * ed25519 and P-256 with OpenSSL. It is stricter on ed25519 than ZIP-215, so only its yes counts; on P-256 it lets
 * high S pass, which is checked here.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { fromBigEndian } from '../../wire/bytes.ts';
import {
  nobleVerifier,
  PUBLIC_KEY_BYTES,
  SIGNATURE_BYTES,
  type VerifySignature,
} from '../../wire/signature.ts';
import { RecentMap } from '../store/recentMap.ts';

/** RFC 8410 and RFC 5480 headers of a SubjectPublicKeyInfo with the raw key behind them. */
const SPKI = {
  ed25519: Buffer.from('302a300506032b6570032100', 'hex'),
  p256: Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex'),
} as const;

/** Half of the order of P-256 (SEC 2): S above it is the twin of a valid signature. */
const P256_HALF_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n >> 1n;

const MAX_KEYS = 20_000;

/** Reading a key takes OpenSSL as long as verifying with it: keys are kept. */
function keysOf(type: keyof typeof SPKI): (publicKey: Uint8Array) => KeyObject {
  const kept = new RecentMap<KeyObject>(MAX_KEYS);
  return (publicKey) => {
    const text = Buffer.from(publicKey).toString('latin1');
    const before = kept.get(text);
    if (before !== undefined) return before;
    const der = Buffer.concat([SPKI[type], publicKey]);
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    kept.set(text, key);
    return key;
  };
}

/** As ZIP-215 has it: what OpenSSL refuses noble decides. */
export function openSslEd25519(): VerifySignature {
  const keyOf = keysOf('ed25519');
  return (signature, message, publicKey) => {
    const sized =
      signature.length === SIGNATURE_BYTES && publicKey.length === PUBLIC_KEY_BYTES.ed25519;
    if (!sized) return false;
    try {
      if (verify(null, message, keyOf(publicKey), signature)) return true;
    } catch {
      // OpenSSL refuses some encodings that ZIP-215 takes: noble decides below.
    }
    return nobleVerifier.ed25519(signature, message, publicKey);
  };
}

/** Over SHA-256, low S only. */
export function openSslP256(): VerifySignature {
  const keyOf = keysOf('p256');
  return (signature, message, publicKey) => {
    const sized =
      signature.length === SIGNATURE_BYTES && publicKey.length === PUBLIC_KEY_BYTES.p256;
    if (!sized || fromBigEndian(signature.subarray(32)) > P256_HALF_ORDER) return false;
    try {
      const key = keyOf(publicKey);
      return verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
    } catch {
      return false;
    }
  };
}
