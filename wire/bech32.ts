/** Bech32 (BIP-173), the text form of addresses. Cosmos allows longer texts than Bitcoin does. */

/** Most characters of a text: the limit of the Cosmos SDK. */
export const MAX_BECH32_LENGTH = 1023;

const MAX_PREFIX_LENGTH = 83;
/** Checked before any change of case: letters beyond ASCII may fold into ASCII ones. */
const PRINTABLE = /^[\x21-\x7e]+$/;
const CHECKSUM_LENGTH = 6;
/** Digit of each 5-bit value (BIP-173, section "Bech32"). */
const CHARSET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/**
 * The bech32 text of `bytes`, lower case.
 * @throws TypeError when the prefix is not 1 to 83 printable lower-case characters or the text is too long.
 */
export function encodeBech32(prefix: string, bytes: Uint8Array): string {
  checkPrefix(prefix);
  const words = regroup(bytes, 8, 5);
  if (words === undefined) throw new TypeError('bech32: expected bytes');
  const data = [...words, ...checksumOf(prefix, words)].map((word) => CHARSET[word]!).join('');
  const text = `${prefix}1${data}`;
  if (text.length > MAX_BECH32_LENGTH) {
    throw new TypeError(
      `bech32: expected at most ${MAX_BECH32_LENGTH}, got ${text.length} characters`,
    );
  }
  return text;
}

/**
 * The prefix and bytes of a bech32 text, given in one case; the prefix comes out in lower case.
 * @throws TypeError naming `title` and what is wrong: length, case, character, checksum or padding.
 */
export function decodeBech32(
  text: string,
  title = 'bech32',
): { readonly prefix: string; readonly bytes: Uint8Array } {
  const refuse = (reason: string) =>
    new TypeError(`${title}: ${reason}, got "${text.slice(0, 100)}"`);
  if (text.length > MAX_BECH32_LENGTH) {
    throw refuse(`expected at most ${MAX_BECH32_LENGTH} characters`);
  }
  if (!PRINTABLE.test(text)) throw refuse('expected printable ASCII characters');
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) throw refuse('expected one case');
  const separator = lower.lastIndexOf('1');
  const prefix = lower.slice(0, Math.max(0, separator));
  if (!isPrefix(prefix)) throw refuse('expected a prefix and the separator 1');
  const words = Array.from(lower.slice(separator + 1), (digit) => CHARSET.indexOf(digit));
  if (words.length < CHECKSUM_LENGTH) throw refuse('expected a checksum of 6 characters');
  if (words.includes(-1)) throw refuse('expected bech32 digits after the separator');
  if (polymod([...expand(prefix), ...words]) !== 1) throw refuse('expected a right checksum');
  const bytes = regroup(words.slice(0, -CHECKSUM_LENGTH), 5, 8);
  if (bytes === undefined) throw refuse('expected whole bytes and zero padding');
  return { prefix, bytes: Uint8Array.from(bytes) };
}

/**
 * Values of `from` bits as values of `to` bits. Towards 5 bits the end is padded with zeros; towards
 * 8 bits fewer than 5 spare bits, all zero, must remain: undefined otherwise.
 */
function regroup(values: Iterable<number>, from: number, to: number): number[] | undefined {
  const out: number[] = [];
  let held = 0;
  let bits = 0;
  for (const value of values) {
    held = ((held << from) | value) & 0xfff;
    bits += from;
    while (bits >= to) {
      bits -= to;
      out.push((held >> bits) & ((1 << to) - 1));
    }
  }
  const spare = held & ((1 << bits) - 1);
  if (to === 8) return bits < 5 && spare === 0 ? out : undefined;
  if (bits > 0) out.push((spare << (to - bits)) & ((1 << to) - 1));
  return out;
}

function checksumOf(prefix: string, words: readonly number[]): number[] {
  const rest = polymod([...expand(prefix), ...words, 0, 0, 0, 0, 0, 0]) ^ 1;
  return Array.from({ length: CHECKSUM_LENGTH }, (_, i) => (rest >> (5 * (5 - i))) & 31);
}

function expand(prefix: string): number[] {
  const codes = Array.from(prefix, (character) => character.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

function polymod(words: readonly number[]): number {
  let sum = 1;
  for (const word of words) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ word;
    GENERATOR.forEach((generator, i) => {
      if ((top >> i) & 1) sum ^= generator;
    });
  }
  return sum;
}

function isPrefix(prefix: string): boolean {
  return prefix.length <= MAX_PREFIX_LENGTH && PRINTABLE.test(prefix);
}

function checkPrefix(prefix: string): void {
  if (!isPrefix(prefix) || prefix !== prefix.toLowerCase()) {
    throw new TypeError(
      `prefix: expected 1 to ${MAX_PREFIX_LENGTH} printable lower-case characters, got "${prefix}"`,
    );
  }
}
