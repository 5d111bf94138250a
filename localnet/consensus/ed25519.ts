/** Ed25519 with node:crypto for speed; where OpenSSL refuses, the ZIP-215 rules of wire/ decide. */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { concatBytes, fromHex } from '../../wire/bytes.ts';
import { nobleVerifier } from '../../wire/signature.ts';

const PKCS8_PREFIX = fromHex('302e020100300506032b657004220420');
const SPKI_PREFIX = fromHex('302a300506032b6570032100');
const MAX_CACHED_KEYS = 1024;

const publicKeys = new Map<string, KeyObject>();

/** A signing key from its 32-byte seed. */
export interface Ed25519Key {
  readonly publicKey: Uint8Array;
  /** The 64-byte signature of a message. */
  sign(message: Uint8Array): Uint8Array;
}

/** The key of a 32-byte seed. @throws TypeError for another length. */
export function ed25519Key(seed: Uint8Array): Ed25519Key {
  if (seed.length !== 32) throw new TypeError(`seed: expected 32 bytes, got ${seed.length}`);
  const key = createPrivateKey({
    key: Buffer.from(concatBytes(PKCS8_PREFIX, seed)),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const publicKey = new Uint8Array(spki.subarray(SPKI_PREFIX.length));
  return { publicKey, sign: (message) => new Uint8Array(sign(null, message, key)) };
}

/** Whether a signature is valid by ZIP-215, the rules of CometBFT. */
export function verifyEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  // What OpenSSL accepts ZIP-215 accepts too; it refuses some non-canonical points that ZIP-215 takes.
  if (verifyStrict(publicKey, message, signature)) return true;
  return nobleVerifier.ed25519(signature, message, publicKey);
}

function verifyStrict(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(null, message, publicKeyObject(publicKey), signature);
  } catch {
    // A key that OpenSSL cannot load is for the ZIP-215 rules to judge.
    return false;
  }
}

function publicKeyObject(bytes: Uint8Array): KeyObject {
  const name = Buffer.from(bytes).toString('latin1');
  const known = publicKeys.get(name);
  if (known) return known;
  const key = createPublicKey({
    key: Buffer.from(concatBytes(SPKI_PREFIX, bytes)),
    format: 'der',
    type: 'spki',
  });
  if (publicKeys.size >= MAX_CACHED_KEYS) publicKeys.clear();
  publicKeys.set(name, key);
  return key;
}
