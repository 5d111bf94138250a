/** A proof in one piece as the text of a QR code. */
import { MAX_BUNDLE_BYTES } from '../bundle/index.ts';
import { fromBase45, toBase45 } from './base45.ts';

const START = 'DEPIND:PROOF:';

/** `DEPIND:PROOF:` and base45 (RFC 9285), for QR codes in alphanumeric mode: up to `QR_CODE_BYTES` fit into one. */
export function bundleToCode(bytes: Uint8Array): string {
  return START + toBase45(bytes);
}

/** The bytes of such a text. @throws TypeError for another text. */
export function bundleFromCode(text: string): Uint8Array {
  if (!text.startsWith(START))
    throw new TypeError(`bundle: expected a text that begins with ${START}`);
  if (text.length > MAX_BUNDLE_BYTES * 1.5 + START.length) {
    throw new TypeError(`bundle: expected at most ${MAX_BUNDLE_BYTES} bytes, got more`);
  }
  return fromBase45(text.slice(START.length), 'bundle');
}
