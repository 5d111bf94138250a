/**
 * Verifying signatures by the rules that the chain and its clients must share: ed25519 by ZIP-215, as
 * CometBFT; secp256k1 and P-256 over SHA-256 with 64-byte r ‖ s and low S only, as the Cosmos SDK.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';

/** The kinds of key that accounts, validators and devices hold. */
export const KEY_TYPES = ['ed25519', 'secp256k1', 'p256'] as const;
export type KeyType = (typeof KEY_TYPES)[number];

/** Bytes of a signature of any kind. */
export const SIGNATURE_BYTES = 64;
/** Bytes of a public key: ed25519 as it is, the others compressed. */
export const PUBLIC_KEY_BYTES: Readonly<Record<KeyType, number>> = {
  ed25519: 32,
  secp256k1: 33,
  p256: 33,
};

/** Whether `signature` over `message` is by `publicKey`. */
export type VerifySignature = (
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
) => boolean;

/**
 * Synchronous verification of every kind. `message` is whole: the verifier hashes it.
 * An implementation answers false to any malformed input and never throws; it may be faster than
 * noble, but must give the same answers.
 */
export type SignatureVerifier = Readonly<Record<KeyType, VerifySignature>>;

/** The verifier on @noble/curves: runs everywhere, and settles what a faster one must answer. */
export const nobleVerifier: SignatureVerifier = {
  ed25519: /* @__PURE__ */ guarded('ed25519', (signature, message, publicKey) =>
    ed25519.verify(signature, message, publicKey, { zip215: true }),
  ),
  secp256k1: /* @__PURE__ */ guarded('secp256k1', (signature, message, publicKey) =>
    secp256k1.verify(signature, message, publicKey, { lowS: true, prehash: true }),
  ),
  p256: /* @__PURE__ */ guarded('p256', (signature, message, publicKey) =>
    p256.verify(signature, message, publicKey, { lowS: true, prehash: true }),
  ),
};

/**
 * Whether `publicKey` may be registered: of the right length, canonical, on the curve. An ed25519
 * key of small order is refused, since under ZIP-215 it verifies signatures that nobody made.
 */
export function isValidPublicKey(type: KeyType, publicKey: Uint8Array): boolean {
  if (publicKey.length !== PUBLIC_KEY_BYTES[type]) return false;
  try {
    if (type === 'ed25519') return !ed25519.Point.fromBytes(publicKey, false).isSmallOrder();
    const curve = type === 'secp256k1' ? secp256k1 : p256;
    curve.Point.fromBytes(publicKey).assertValidity();
    return true;
  } catch {
    return false;
  }
}

/** noble throws on malformed input; a verifier answers false. */
function guarded(type: KeyType, verify: VerifySignature): VerifySignature {
  return (signature, message, publicKey) => {
    if (signature.length !== SIGNATURE_BYTES) return false;
    if (publicKey.length !== PUBLIC_KEY_BYTES[type]) return false;
    try {
      return verify(signature, message, publicKey);
    } catch {
      return false;
    }
  };
}
