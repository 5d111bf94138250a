/** A verifier that asks another one once for each signature. */
import { equalBytes, toHex } from '../wire/bytes.ts';
import type { KeyType, SignatureVerifier, VerifySignature } from '../wire/signature.ts';
import type { AnyVerifier } from './settle.ts';

/** Verdicts kept; one is a few hundred bytes. */
const MAX_REMEMBERED = 20_000;

/** What a verdict on a signature depends on besides. */
interface Asked {
  readonly message: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly verdict: boolean | Promise<boolean>;
}

/**
 * The same verdicts, without paying twice for a signature that counts for trusted power, for the power of
 * its own set, and for the whole commit.
 */
export function rememberingVerifier(inner: SignatureVerifier): SignatureVerifier;
export function rememberingVerifier(inner: AnyVerifier): AnyVerifier;
export function rememberingVerifier(inner: AnyVerifier): AnyVerifier {
  const known = new Map<string, Asked>();
  const forget = (name: string, asked: Asked) => {
    if (known.get(name) === asked) known.delete(name);
  };
  const remember = (type: KeyType) => {
    return (...[signature, message, publicKey]: Parameters<VerifySignature>) => {
      const name = `${type} ${toHex(signature)}`;
      const before = known.get(name);
      if (
        before &&
        equalBytes(before.publicKey, publicKey) &&
        equalBytes(before.message, message)
      ) {
        return before.verdict;
      }
      const verdict = inner[type](signature, message, publicKey);
      if (known.size >= MAX_REMEMBERED) known.clear();
      // Copies: what is asked with may be part of a whole answer, or be written to later.
      const asked = { message: message.slice(), publicKey: publicKey.slice(), verdict };
      known.set(name, asked);
      // Who could not answer may answer the next time: a thread that ended must not refuse this signature for ever.
      if (typeof verdict !== 'boolean') verdict.catch(() => forget(name, asked));
      return verdict;
    };
  };
  return {
    ed25519: remember('ed25519'),
    secp256k1: remember('secp256k1'),
    p256: remember('p256'),
  };
}
