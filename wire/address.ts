/** Addresses: the hash of a key or of a module's name, written in bech32. */
import { decodeBech32, encodeBech32 } from './bech32.ts';
import { concatBytes, toUtf8 } from './bytes.ts';
import { ripemd160, sha256 } from './hash.ts';
import { type KeyType, PUBLIC_KEY_BYTES } from './signature.ts';

/** Bytes of the address of an ed25519 or secp256k1 key and of a module. */
export const ADDRESS_BYTES = 20;
/** Bytes of the address of a P-256 key. */
export const LONG_ADDRESS_BYTES = 32;

/** The protobuf name that the SDK mixes into P-256 addresses (cosmos.crypto.secp256r1). */
const P256_KEY_NAME = toUtf8('cosmos.crypto.secp256r1.PubKey');

/** First 20 bytes of sha256(key): validators in CometBFT. @throws TypeError unless the key has 32 bytes. */
export function addressOfEd25519(publicKey: Uint8Array): Uint8Array {
  checkLength('ed25519', publicKey);
  return sha256(publicKey).slice(0, ADDRESS_BYTES);
}

/** ripemd160(sha256(key)): accounts of the SDK. @throws TypeError unless the key has 33 bytes. */
export function addressOfSecp256k1(publicKey: Uint8Array): Uint8Array {
  checkLength('secp256k1', publicKey);
  return ripemd160(sha256(publicKey));
}

/** sha256(sha256(name of the key type) ‖ key), 32 bytes (SDK ADR-028). @throws TypeError unless the key has 33 bytes. */
export function addressOfP256(publicKey: Uint8Array): Uint8Array {
  checkLength('p256', publicKey);
  return sha256(concatBytes(sha256(P256_KEY_NAME), publicKey));
}

/** Every transaction asks for the same few. */
const moduleAddresses = new Map<string, Uint8Array>();
const MAX_MODULES = 256;

/** The account of a module: first 20 bytes of sha256(name). The array is shared: it must not be changed. */
export function moduleAddress(name: string): Uint8Array {
  let address = moduleAddresses.get(name);
  if (address === undefined) {
    address = sha256(toUtf8(name)).slice(0, ADDRESS_BYTES);
    if (moduleAddresses.size < MAX_MODULES) moduleAddresses.set(name, address);
  }
  return address;
}

/** The text of an address. @throws TypeError unless it has 20 or 32 bytes. */
export function formatAddress(prefix: string, address: Uint8Array): string {
  if (!isAddressLength(address.length)) {
    throw new TypeError(`address: expected 20 or 32 bytes, got ${address.length}`);
  }
  return encodeBech32(prefix, address);
}

/**
 * The bytes, 20 or 32, of an address under `prefix`.
 * @throws TypeError naming `title`, what was expected and the text given.
 */
export function parseAddress(prefix: string, text: string, title = 'address'): Uint8Array {
  if (typeof text !== 'string' || text.length === 0) {
    throw new TypeError(`${title}: expected an address that starts with ${prefix}1, got none`);
  }
  const { prefix: given, bytes } = decodeBech32(text, title);
  const refuse = (expected: string) =>
    new TypeError(`${title}: expected ${expected}, got "${text}"`);
  if (given !== prefix) throw refuse(`prefix ${prefix}`);
  if (!isAddressLength(bytes.length)) throw refuse('an address of 20 or 32 bytes');
  return bytes;
}

function isAddressLength(length: number): boolean {
  return length === ADDRESS_BYTES || length === LONG_ADDRESS_BYTES;
}

function checkLength(type: KeyType, publicKey: Uint8Array): void {
  const expected = PUBLIC_KEY_BYTES[type];
  if (publicKey.length !== expected) {
    throw new TypeError(`publicKey: expected ${expected} bytes (${type}), got ${publicKey.length}`);
  }
}
