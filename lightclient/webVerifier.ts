/**
 * Verifying by the cryptography that the browser, or Node, has built in (W3C Web Cryptography), several times
 * faster than noble and off the main thread. It refuses some ed25519 signatures that ZIP-215 takes, and which
 * ones differs from browser to browser: what it takes is right, and noble decides on what it does not take.
 */
import { p256 } from '@noble/curves/nist.js';
import { concatBytes, fromHex, toHex } from '../wire/bytes.ts';
import { nobleVerifier, PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from '../wire/signature.ts';
import type { AnyVerifier } from './settle.ts';

/** The part of `crypto.subtle` that is used. */
export type WebCrypto = Pick<typeof globalThis.crypto.subtle, 'importKey' | 'verify'>;

type WebKey = Awaited<ReturnType<WebCrypto['importKey']>>;
type VerifyLater = (
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
) => Promise<boolean>;

/** Imported keys that are kept: the validators of a large chain many times over. */
const MAX_KEYS = 2_000;

interface Algorithm {
  readonly ofKey: Parameters<WebCrypto['importKey']>[2];
  readonly ofSignature: Parameters<WebCrypto['verify']>[0];
}

const ED25519: Algorithm = { ofKey: { name: 'Ed25519' }, ofSignature: { name: 'Ed25519' } };
const P256: Algorithm = {
  ofKey: { name: 'ECDSA', namedCurve: 'P-256' },
  ofSignature: { name: 'ECDSA', hash: 'SHA-256' },
};

/** What verifies which type of key. */
export interface WebVerifier extends AnyVerifier {
  /** Whether ed25519 and P-256 are verified by Web Cryptography; what is not, is by noble. */
  readonly native: { readonly ed25519: boolean; readonly p256: boolean };
}

/**
 * A verifier that uses Web Cryptography for ed25519 and P-256 where it has them, found out by signatures
 * whose verdict is known, and noble for the rest. It gives noble's answers.
 * @param given default: what this browser or Node has. Pages that come neither by https nor from this machine
 * have none.
 *
 * @example
 * const verifier = await createWebVerifier();
 * const client = await LightClient.create({ chainId, primary, witnesses, trust, verifier });
 */
export async function createWebVerifier(given?: WebCrypto): Promise<WebVerifier> {
  const subtle = given ?? builtIn();
  const ed25519 = subtle && ed25519By(subtle);
  const ecdsa = subtle && p256By(subtle);
  const native = {
    ed25519: ed25519 !== undefined && (await isRight(ed25519, KNOWN_ED25519)),
    p256: ecdsa !== undefined && (await isRight(ecdsa, KNOWN_P256)),
  };
  return {
    native,
    ed25519: ed25519 && native.ed25519 ? elseNoble('ed25519', ed25519) : nobleVerifier.ed25519,
    p256: ecdsa && native.p256 ? elseNoble('p256', ecdsa) : nobleVerifier.p256,
    secp256k1: nobleVerifier.secp256k1,
  };
}

/** The verifier of who names none: that of `createWebVerifier`, found out once for this page or process. */
export function defaultVerifier(): Promise<AnyVerifier> {
  shared ??= createWebVerifier();
  return shared;
}

let shared: Promise<WebVerifier> | undefined;

function builtIn(): WebCrypto | undefined {
  return globalThis.crypto?.subtle;
}

/** Asks noble about what was not taken. */
function elseNoble(type: 'ed25519' | 'p256', verify: VerifyLater): VerifyLater {
  return async (signature, message, publicKey) => {
    if (signature.length !== SIGNATURE_BYTES) return false;
    if (publicKey.length !== PUBLIC_KEY_BYTES[type]) return false;
    const isTaken = await verify(signature, message, publicKey).catch(() => false);
    return isTaken || nobleVerifier[type](signature, message, publicKey);
  };
}

function ed25519By(subtle: WebCrypto): VerifyLater {
  const keyOf = importer(subtle, ED25519, (publicKey) => publicKey);
  return async (signature, message, publicKey) => {
    const key = await keyOf(publicKey);
    return subtle.verify(ED25519.ofSignature, key, plain(signature), plain(message));
  };
}

function p256By(subtle: WebCrypto): VerifyLater {
  // Chromium imports uncompressed points only.
  const keyOf = importer(subtle, P256, (publicKey) =>
    p256.Point.fromBytes(publicKey).toBytes(false),
  );
  return async (signature, message, publicKey) => {
    // The same signature with the other S is refused, as on chain: a report has one form.
    if (p256.Signature.fromBytes(signature, 'compact').hasHighS()) return false;
    const key = await keyOf(publicKey);
    return subtle.verify(P256.ofSignature, key, plain(signature), plain(message));
  };
}

function importer(
  subtle: WebCrypto,
  { ofKey }: Algorithm,
  rawOf: (publicKey: Uint8Array) => Uint8Array,
): (publicKey: Uint8Array) => Promise<WebKey> {
  const known = new Map<string, Promise<WebKey>>();
  return (publicKey) => {
    const name = toHex(publicKey);
    const before = known.get(name);
    if (before !== undefined) return before;
    const imported = subtle.importKey('raw', plain(rawOf(publicKey)), ofKey, false, ['verify']);
    if (known.size >= MAX_KEYS) known.clear();
    known.set(name, imported);
    return imported;
  };
}

/** A copy in memory of its own: Web Cryptography refuses memory that is shared. */
function plain(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

interface Known {
  readonly publicKey: string;
  readonly message: string;
  readonly signature: string;
}

/** RFC 8032, section 7.1, test 2. */
const KNOWN_ED25519: Known = {
  publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
  message: '72',
  signature:
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
    '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
};

/** Made with the secret 0101…01. */
const KNOWN_P256: Known = {
  publicKey: '026ff03b949241ce1dadd43519e6960e0a85b41a69a05c328103aa2bce1594ca16',
  message: '646570696e64',
  signature:
    '77183915973ac8afadb5012d86c2d98eee379b7e1cc18b9060cf588eaa07797c' +
    '379684c6ef7a038e8047e7e8247edb8a4870e52c67454660f610a5555aafe1a7',
};

/** Whether a right signature is taken, and not over another message. */
async function isRight(verify: VerifyLater, known: Known): Promise<boolean> {
  const signature = fromHex(known.signature);
  const message = fromHex(known.message);
  const publicKey = fromHex(known.publicKey);
  try {
    const isTaken = await verify(signature, message, publicKey);
    return isTaken && !(await verify(signature, concatBytes(message, message), publicKey));
  } catch {
    return false;
  }
}
