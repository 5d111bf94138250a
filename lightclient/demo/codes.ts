/** Drawing and reading QR codes. The page loads this file when it first needs one. */
import { encodeQR } from 'qr';
import decodeQR from 'qr/decode.js';

/** Longest text that is drawn with more redundancy than the least: it makes larger codes harder to scan. */
const SHORT_TEXT = 300;
/** How long a picture may be looked at, beyond the first look. A frame of a camera is followed by the next one. */
const PICTURE_MS = 1_500;

/** The rows of a code, dark modules being true, with the empty border that scanners need. */
export function codeRows(text: string): readonly (readonly boolean[])[] {
  return encodeQR(text, 'raw', { border: 4, ecc: text.length > SHORT_TEXT ? 'low' : 'medium' });
}

/** The text of the first code in a picture; undefined when none is seen. */
export function codeText(pixels: ImageData, isStill: boolean): string | undefined {
  try {
    return decodeQR(pixels, isStill ? { timeLimit: PICTURE_MS } : {});
  } catch {
    // It throws whatever keeps it from reading one.
    return undefined;
  }
}
