/** A secret text under a passphrase: scrypt for the key, AES-256-GCM for the text. */
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { fromBase64, fromUtf8, toBase64 } from '../../wire/bytes.ts';

/** Costs 128 MiB and some hundred milliseconds (OWASP asks for no less). Kept in each file, for later changes. */
const COST = { N: 2 ** 17, r: 8, p: 1 } as const;
const MAX_COST = 2 ** 20;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** As files hold it; binary members in base64. */
export interface EncryptedText {
  readonly kdf: 'scrypt';
  readonly n: number;
  readonly salt: string;
  readonly cipher: 'aes-256-gcm';
  readonly nonce: string;
  /** The tag stands at its end. */
  readonly data: string;
}

/** The text, readable with the passphrase only. `n` is what scrypt costs, a power of two. */
export async function encryptText(
  text: string,
  passphrase: string,
  n: number = COST.N,
): Promise<EncryptedText> {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, salt, n), nonce);
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return {
    kdf: 'scrypt',
    n,
    salt: toBase64(salt),
    cipher: 'aes-256-gcm',
    nonce: toBase64(nonce),
    data: toBase64(data),
  };
}

/** The text again. @throws Error when the passphrase is another one, or the file was changed. */
export async function decryptText(encrypted: EncryptedText, passphrase: string): Promise<string> {
  const key = await keyOf(passphrase, fromBase64(encrypted.salt, 'salt'), encrypted.n);
  const nonce = fromBase64(encrypted.nonce, 'nonce');
  const data = fromBase64(encrypted.data, 'data');
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(data.subarray(-TAG_BYTES));
  const parts = [decipher.update(data.subarray(0, -TAG_BYTES)), decipher.final()];
  return fromUtf8(Buffer.concat(parts), 'secret');
}

/** Whether it has the members of one, with a cost that this program bears. */
export function isEncryptedText(value: unknown): value is EncryptedText {
  if (typeof value !== 'object' || value === null) return false;
  const { kdf, n, cipher, ...texts } = value as Partial<Record<keyof EncryptedText, unknown>>;
  const isKnown = kdf === 'scrypt' && cipher === 'aes-256-gcm';
  const isBounded = typeof n === 'number' && Number.isInteger(Math.log2(n)) && n <= MAX_COST;
  const hasTexts = [texts.salt, texts.nonce, texts.data].every((text) => typeof text === 'string');
  return isKnown && isBounded && hasTexts;
}

function keyOf(passphrase: string, salt: Uint8Array, n: number): Promise<Buffer> {
  const options = { ...COST, N: n, maxmem: 256 * n * COST.r };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
