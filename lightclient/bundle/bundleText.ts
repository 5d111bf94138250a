/** A bundle as text: for links and messages, and for QR codes. */
import { fromBase64, toBase64 } from '../../wire/bytes.ts';
import { fromBase45, toBase45 } from './base45.ts';
import { MAX_BUNDLE_BYTES } from './format.ts';

/** How the text of a QR code with a bundle begins. */
const CODE_START = 'DEPIND:PROOF:';
/** Characters of base45 that one QR code holds (ISO/IEC 18004, version 40-L, alphanumeric). */
const CODE_LENGTH = 4_296;
/** The most bytes of a bundle that one QR code holds: three characters for two of them. */
export const QR_CODE_BYTES = Math.floor(((CODE_LENGTH - CODE_START.length) * 2) / 3);

const BASE64_URL = /^[A-Za-z0-9_-]*$/;

/** A bundle as text of letters, digits, `-` and `_` (RFC 4648 base64url, no padding), for links and messages. */
export function bundleToText(bytes: Uint8Array): string {
  return toBase64(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** A bundle as the text of a QR code, which holds up to `QR_CODE_BYTES`: `DEPIND:PROOF:` and base45 (RFC 9285). */
export function bundleToCode(bytes: Uint8Array): string {
  return CODE_START + toBase45(bytes);
}

/** The bytes of either text. @throws TypeError for another text. */
export function bundleFromText(text: string): Uint8Array {
  if (text.length > MAX_BUNDLE_BYTES * 1.5 + CODE_START.length) {
    throw new TypeError(`bundle: expected one of at most ${MAX_BUNDLE_BYTES} bytes, got more`);
  }
  if (text.startsWith(CODE_START)) return fromBase45(text.slice(CODE_START.length), 'bundle');
  if (!BASE64_URL.test(text)) throw new TypeError('bundle: expected base64url');
  const padding = '='.repeat((4 - (text.length % 4)) % 4);
  return fromBase64(text.replace(/-/g, '+').replace(/_/g, '/') + padding, 'bundle');
}
