/** A verifier that asks another one once for each signature. */
import { toHex } from '../wire/bytes.ts';
import type { KeyType, SignatureVerifier, VerifySignature } from '../wire/signature.ts';
import type { AnyVerifier } from './settle.ts';

/** Verdicts kept; one is a few hundred bytes. */
const MAX_REMEMBERED = 20_000;

/**
 * The same verdicts, without paying twice for a signature that counts for trusted power, for the power of
 * its own set, and for the whole commit.
 */
export function rememberingVerifier(inner: SignatureVerifier): SignatureVerifier;
export function rememberingVerifier(inner: AnyVerifier): AnyVerifier;
export function rememberingVerifier(inner: AnyVerifier): AnyVerifier {
  const known = new Map<string, boolean | Promise<boolean>>();
  const remember = (type: KeyType) => {
    return (...[signature, message, publicKey]: Parameters<VerifySignature>) => {
      const name = `${type} ${toHex(publicKey)} ${toHex(signature)} ${toHex(message)}`;
      const before = known.get(name);
      if (before !== undefined) return before;
      const verdict = inner[type](signature, message, publicKey);
      if (known.size >= MAX_REMEMBERED) known.clear();
      known.set(name, verdict);
      return verdict;
    };
  };
  return {
    ed25519: remember('ed25519'),
    secp256k1: remember('secp256k1'),
    p256: remember('p256'),
  };
}
