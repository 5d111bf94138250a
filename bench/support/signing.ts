/** Making keys and signatures for benchmarks: with libsecp256k1 where it loads, since noble takes seconds for a pile. */
import { createRequire } from 'node:module';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '../../wire/hash.ts';

/** Both give the same bytes: signatures are deterministic (RFC 6979) with low S. */
interface Signing {
  publicKeyOf(secret: Uint8Array): Uint8Array;
  /** 64 bytes, over the SHA-256 of the message. */
  sign(message: Uint8Array, secret: Uint8Array): Uint8Array;
}

interface NativeSigning {
  publicKeyCreate(secret: Uint8Array, compressed: boolean): Uint8Array;
  ecdsaSign(digest: Uint8Array, secret: Uint8Array): { readonly signature: Uint8Array };
}

/** What accounts of benchmarks sign with. */
export const signing: Signing = nativeSigning() ?? {
  publicKeyOf: (secret) => secp256k1.getPublicKey(secret, true),
  sign: (message, secret) => secp256k1.sign(message, secret, { lowS: true, prehash: true }),
};

function nativeSigning(): Signing | undefined {
  try {
    const native = createRequire(import.meta.url)('secp256k1/bindings.js') as NativeSigning;
    return {
      publicKeyOf: (secret) => native.publicKeyCreate(secret, true),
      sign: (message, secret) => native.ecdsaSign(sha256(message), secret).signature,
    };
  } catch {
    return undefined;
  }
}
