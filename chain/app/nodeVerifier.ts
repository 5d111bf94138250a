/**
 * Signature verification on a server: native code where it loads, with the answers of wire/'s noble verifier.
 * OpenSSL is stricter on ed25519 than ZIP-215, so only its yes counts; on P-256 it lets high S pass, which is checked here.
 */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { createRequire } from 'node:module';
import { concatBytes, fromBigEndian } from '../../wire/bytes.ts';
import {
  nobleVerifier,
  PUBLIC_KEY_BYTES,
  SIGNATURE_BYTES,
  type SignatureVerifier,
  type VerifySignature,
} from '../../wire/signature.ts';

/** RFC 8410 and RFC 5480 headers of a SubjectPublicKeyInfo with the raw key behind them. */
const SPKI = {
  ed25519: Buffer.from('302a300506032b6570032100', 'hex'),
  p256: Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex'),
} as const;

/** Half of the order of P-256 (SEC 2): S above it is the twin of a valid signature. */
const P256_HALF_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n >> 1n;

const MAX_KEYS = 20_000;
const MAX_RESULTS = 50_000;

interface NativeSecp256k1 {
  ecdsaVerify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean;
}

/** The compiled libsecp256k1, or undefined where it does not load: its package would fall back to slow code silently. */
function loadNativeSecp256k1(): NativeSecp256k1 | undefined {
  try {
    return createRequire(import.meta.url)('secp256k1/bindings.js') as NativeSecp256k1;
  } catch {
    return undefined;
  }
}

/** Keeps what was made last; the oldest goes first. */
class Cache<V> {
  readonly #entries = new Map<string, V>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: string, make: () => V): V {
    const found = this.#entries.get(key);
    if (found !== undefined) return found;
    const value = make();
    if (this.#entries.size >= this.#capacity) {
      this.#entries.delete(this.#entries.keys().next().value!);
    }
    this.#entries.set(key, value);
    return value;
  }
}

function openSslKeys(type: keyof typeof SPKI): (publicKey: Uint8Array) => KeyObject {
  const cache = new Cache<KeyObject>(MAX_KEYS);
  return (publicKey) =>
    cache.get(Buffer.from(publicKey).toString('latin1'), () =>
      createPublicKey({
        key: Buffer.concat([SPKI[type], publicKey]),
        format: 'der',
        type: 'spki',
      }),
    );
}

function verifyEd25519(): VerifySignature {
  const keyOf = openSslKeys('ed25519');
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

function verifyP256(): VerifySignature {
  const keyOf = openSslKeys('p256');
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

function verifySecp256k1(native: NativeSecp256k1): VerifySignature {
  return (signature, message, publicKey) => {
    const sized =
      signature.length === SIGNATURE_BYTES && publicKey.length === PUBLIC_KEY_BYTES.secp256k1;
    if (!sized) return false;
    try {
      const digest = createHash('sha256').update(message).digest();
      return native.ecdsaVerify(signature, digest, publicKey);
    } catch {
      return false;
    }
  };
}

/** Remembers answers, so that CheckTx and the block, and all validators of one process, verify a signature once. */
function remembered(type: string, verifier: VerifySignature): VerifySignature {
  const answers = new Cache<boolean>(MAX_RESULTS);
  return (signature, message, publicKey) => {
    const input = concatBytes(publicKey, signature, message);
    const key = createHash('sha256').update(type).update(input).digest('base64');
    return answers.get(key, () => verifier(signature, message, publicKey));
  };
}

/** A verifier for a server, and what it verifies account signatures with. */
export function createNodeVerifier(): {
  readonly verifier: SignatureVerifier;
  readonly backend: 'libsecp256k1' | 'noble';
} {
  const native = loadNativeSecp256k1();
  return {
    backend: native === undefined ? 'noble' : 'libsecp256k1',
    verifier: {
      ed25519: remembered('ed25519', verifyEd25519()),
      p256: remembered('p256', verifyP256()),
      secp256k1: remembered(
        'secp256k1',
        native === undefined ? nobleVerifier.secp256k1 : verifySecp256k1(native),
      ),
    },
  };
}
