/** A bundle as text, for links and messages. */
import { fromBase64, toBase64 } from '../../wire/bytes.ts';
import { MAX_BUNDLE_BYTES } from './format.ts';

/** The most bytes of a bundle that one QR code holds, as `bundleToCode` writes them (ISO/IEC 18004, version 40-L). */
export const QR_CODE_BYTES = 2_855;

const BASE64_URL = /^[A-Za-z0-9_-]*$/;

/** A bundle as text of letters, digits, `-` and `_` (RFC 4648 base64url, no padding), for links and messages. */
export function bundleToText(bytes: Uint8Array): string {
  return toBase64(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** The bytes of such a text. @throws TypeError for another text. */
export function bundleFromText(text: string): Uint8Array {
  if (!BASE64_URL.test(text) || text.length > (MAX_BUNDLE_BYTES * 4) / 3 + 4) {
    throw new TypeError('bundle: expected base64url');
  }
  const padding = '='.repeat((4 - (text.length % 4)) % 4);
  return fromBase64(text.replace(/-/g, '+').replace(/_/g, '/') + padding, 'bundle');
}
