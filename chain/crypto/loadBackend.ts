/** The back ends, each loaded only when it is wanted. */
import { hash } from 'node:crypto';
import { createRequire } from 'node:module';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import {
  isValidPublicKey,
  nobleVerifier,
  PUBLIC_KEY_BYTES,
  SIGNATURE_BYTES,
  type VerifySignature,
} from '../../wire/signature.ts';
import type { CryptoBackend, CryptoBackendName } from './backend.ts';
import { openSslEd25519, openSslP256 } from './openSsl.ts';
import { sodiumEd25519 } from './sodium.ts';

/** What differs between back ends: secp256k1 on inputs of the right length. May throw. */
interface Secp256k1 {
  verify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean;
  isPoint(publicKey: Uint8Array): boolean;
}

const DIGEST_BYTES = 32;

/** @throws Error when the package is not installed, or has no code for this machine. */
export async function loadBackend(name: CryptoBackendName): Promise<CryptoBackend> {
  const curve = await LOADERS[name]();
  if (name === 'noble') return backendOf(name, curve, nobleVerifier);
  const ed25519 = name === 'native' ? nativeEd25519() : openSslEd25519();
  return backendOf(name, curve, { ed25519, p256: openSslP256() });
}

/** libsodium's, or where it is not there OpenSSL's, which Node brings along. */
function nativeEd25519(): VerifySignature {
  try {
    return sodiumEd25519();
  } catch {
    return openSslEd25519();
  }
}

const LOADERS: Readonly<Record<CryptoBackendName, () => Secp256k1 | Promise<Secp256k1>>> = {
  native: loadNative,
  wasm: loadWasm,
  noble: () => ({
    verify: (signature, digest, publicKey) =>
      secp256k1.verify(signature, digest, publicKey, { lowS: true, prehash: false }),
    isPoint: (publicKey) => isValidPublicKey('secp256k1', publicKey),
  }),
};

function backendOf(
  name: CryptoBackendName,
  curve: Secp256k1,
  others: Pick<CryptoBackend['verifier'], 'ed25519' | 'p256'>,
): CryptoBackend {
  const verifyDigest: CryptoBackend['verifyDigest'] = (signature, digest, publicKey) => {
    const sized =
      signature.length === SIGNATURE_BYTES &&
      digest.length === DIGEST_BYTES &&
      publicKey.length === PUBLIC_KEY_BYTES.secp256k1;
    return sized && answer(() => curve.verify(signature, digest, publicKey));
  };
  return {
    name,
    verifyDigest,
    verifier: {
      ed25519: others.ed25519,
      p256: others.p256,
      secp256k1: (signature, message, publicKey) =>
        verifyDigest(signature, sha256(message), publicKey),
    },
    isPublicKey(type, publicKey) {
      if (type !== 'secp256k1') return isValidPublicKey(type, publicKey);
      return (
        publicKey.length === PUBLIC_KEY_BYTES.secp256k1 && answer(() => curve.isPoint(publicKey))
      );
    },
  };
}

/**
 * SHA-256 by OpenSSL, in an array of its own. Node gives the digest as text, one character a byte: that takes 0.5 µs
 * for the 300 bytes that are signed, where it takes 1.0 to give a buffer.
 */
export function sha256(message: Uint8Array): Uint8Array {
  const text = hash('sha256', message, 'binary');
  const digest = new Uint8Array(DIGEST_BYTES);
  for (let i = 0; i < DIGEST_BYTES; i++) digest[i] = text.charCodeAt(i);
  return digest;
}

/** Libraries throw at what they cannot read: it does not verify. */
function answer(ask: () => boolean): boolean {
  try {
    return ask();
  } catch {
    return false;
  }
}

/**
 * The binding of libsecp256k1. The package's own entry is not used: without the binary it goes over to slow code
 * silently.
 */
function loadNative(): Secp256k1 {
  const native = createRequire(import.meta.url)('secp256k1/bindings.js') as {
    ecdsaVerify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean;
    publicKeyVerify(publicKey: Uint8Array): boolean;
  };
  return {
    verify: (signature, digest, publicKey) => native.ecdsaVerify(signature, digest, publicKey),
    isPoint: (publicKey) => native.publicKeyVerify(publicKey),
  };
}

/** libsecp256k1 compiled to WebAssembly. */
async function loadWasm(): Promise<Secp256k1> {
  const { instantiateSecp256k1 } = await import('@bitauth/libauth');
  const wasm = await instantiateSecp256k1();
  return {
    verify: (signature, digest, publicKey) =>
      wasm.verifySignatureCompactLowS(signature, publicKey, digest),
    isPoint: (publicKey) => wasm.validatePublicKey(publicKey),
  };
}
