/**
 * Base45 (RFC 9285): bytes in the 45 characters for which a QR code takes 5.5 bits each, so that any scanner gives
 * them as text, at 3 % more than the bytes themselves.
 */

const CHARACTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/** Three characters for two bytes, two for a last one alone. */
export function toBase45(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 2) {
    const isPair = at + 1 < bytes.length;
    let value = isPair ? (bytes[at]! << 8) | bytes[at + 1]! : bytes[at]!;
    for (let left = isPair ? 3 : 2; left > 0; left--) {
      text += CHARACTERS[value % 45];
      value = Math.floor(value / 45);
    }
  }
  return text;
}

/** @throws TypeError that begins with `title` for a text that no bytes have. */
export function fromBase45(text: string, title: string): Uint8Array {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 3) {
    const digits = [...text.slice(at, at + 3)].map((character) => CHARACTERS.indexOf(character));
    const value = digits.reduceRight((sum, digit) => sum * 45 + digit, 0);
    const isPair = digits.length === 3;
    if (digits.length === 1 || digits.includes(-1) || value > (isPair ? 0xffff : 0xff)) {
      throw new TypeError(`${title}: expected base45, got ${text.slice(at, at + 3)} at ${at}`);
    }
    if (isPair) bytes.push(value >> 8);
    bytes.push(value & 0xff);
  }
  return Uint8Array.from(bytes);
}
