/** ed25519 with libsodium, three times as fast as OpenSSL. It is stricter than ZIP-215, so only its yes counts. */
import { createRequire } from 'node:module';
import {
  nobleVerifier,
  PUBLIC_KEY_BYTES,
  SIGNATURE_BYTES,
  type VerifySignature,
} from '../../wire/signature.ts';
import { selfTestEd25519 } from './selfTest.ts';

/** A view of bytes as the binding takes it. */
type View = readonly [buffer: ArrayBufferLike, offset: number, length: number];

interface Binding {
  crypto_sign_verify_detached(...signatureMessageKey: [...View, ...View, ...View]): unknown;
}

/**
 * As ZIP-215 has it: what libsodium refuses noble decides.
 * @throws Error when the package is not installed, has no code for this machine, or answers wrongly.
 */
export function sodiumEd25519(): VerifySignature {
  const sodium = loadSodium();
  selfTestEd25519('libsodium', sodium);
  return (signature, message, publicKey) => {
    const sized =
      signature.length === SIGNATURE_BYTES && publicKey.length === PUBLIC_KEY_BYTES.ed25519;
    if (!sized) return false;
    return (
      sodium(signature, message, publicKey) || nobleVerifier.ed25519(signature, message, publicKey)
    );
  };
}

/** Lengths must be right. The binary is read at once: the package's own entry takes 40 ms to look for it. */
function loadSodium(): VerifySignature {
  const { platform, arch } = process;
  const path = `sodium-native/prebuilds/${platform}-${arch}/sodium-native.node`;
  const native = createRequire(import.meta.url)(path) as Binding;
  return (signature, message, publicKey) =>
    // It gives no answer at all about memory that threads share.
    native.crypto_sign_verify_detached(
      ...viewOf(signature),
      ...viewOf(message),
      ...viewOf(publicKey),
    ) === true;
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): View => [
  buffer,
  byteOffset,
  byteLength,
];
