/** Byte arrays: joining, comparing, and the text forms that Cosmos formats use. */

/** The two digits of each byte. */
const HEX_PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
/** Shorter parts are copied sooner byte by byte than by a call. */
const SHORT_PART = 12;
const textEncoder = new TextEncoder();
const strictUtf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** What each character code is worth as a digit; -1 for none. */
const HEX_VALUES = /* @__PURE__ */ valuesOf('0123456789abcdef', '0123456789ABCDEF');
const BASE64_VALUES = /* @__PURE__ */ valuesOf(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
);

function valuesOf(...alphabets: readonly string[]): Int8Array {
  const values = new Int8Array(128).fill(-1);
  for (const alphabet of alphabets) {
    for (let digit = 0; digit < alphabet.length; digit++)
      values[alphabet.charCodeAt(digit)] = digit;
  }
  return values;
}

/** One array holding all the parts in order. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  return joinBytes(parts);
}

/** The same for a list of any length, which would not fit into the arguments of a call. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    if (part.length > SHORT_PART) out.set(part, offset);
    else for (let i = 0; i < part.length; i++) out[offset + i] = part[i]!;
    offset += part.length;
  }
  return out;
}

/** Whether both arrays hold the same bytes. Not constant time: for public data only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Lexicographic order, as Go's bytes.Compare: negative, zero or positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Lower-case hex without a prefix. */
export function toHex(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i++) out += HEX_PAIRS[bytes[i]!]!;
  return out;
}

/**
 * Bytes of a hex text in either case.
 * @throws TypeError naming `title` when the text has an odd length or another character.
 */
export function fromHex(text: string, title = 'hex'): Uint8Array {
  const out = new Uint8Array(text.length >> 1);
  let worst = 0;
  for (let i = 0; i < out.length; i++) {
    const pair = (valueIn(HEX_VALUES, text, 2 * i) << 4) | valueIn(HEX_VALUES, text, 2 * i + 1);
    worst |= pair;
    out[i] = pair;
  }
  if (text.length % 2 === 0 && worst >= 0) return out;
  throw new TypeError(`${title}: expected hex digits in pairs, got "${text.slice(0, 80)}"`);
}

/** What the digit at a place is worth; -1 for another character, so that what it is joined to is negative. */
function valueIn(values: Int8Array, text: string, place: number): number {
  return values[text.charCodeAt(place)] ?? -1;
}

/** Standard base64 with padding (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x2000) {
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x2000));
  }
  return btoa(binary);
}

/**
 * Bytes of a standard, padded, canonical base64 text.
 * @throws TypeError naming `title` for anything else, also for non-zero spare bits.
 */
export function fromBase64(text: string, title = 'base64'): Uint8Array {
  const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='));
  const digits = text.length - padding;
  const out = new Uint8Array(Math.max(0, (digits * 3) >> 2));
  let worst = 0;
  let bits = 0;
  let spare = 0;
  for (let i = 0, at = 0; i < digits; i++) {
    const value = valueIn(BASE64_VALUES, text, i);
    worst |= value;
    bits = (bits << 6) | value;
    spare += 6;
    if (spare < 8) continue;
    spare -= 8;
    out[at++] = bits >> spare;
  }
  if (text.length % 4 !== 0 || worst < 0) {
    throw new TypeError(`${title}: expected standard base64, got "${text.slice(0, 80)}"`);
  }
  if ((bits & ((1 << spare) - 1)) === 0) return out;
  throw new TypeError(`${title}: base64 has non-zero spare bits`);
}

/** For shorter texts the call of an encoder takes longer than the text. */
const SHORT_TEXT = 32;

/** UTF-8 bytes of a text. */
export function toUtf8(text: string): Uint8Array {
  const { length } = text;
  if (length > SHORT_TEXT) return textEncoder.encode(text);
  const out = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return textEncoder.encode(text);
    out[i] = code;
  }
  return out;
}

/**
 * Text of UTF-8 bytes.
 * @throws TypeError naming `title` when they are not valid UTF-8.
 */
export function fromUtf8(bytes: Uint8Array, title = 'text'): string {
  try {
    return strictUtf8Decoder.decode(bytes);
  } catch (cause) {
    throw new TypeError(`${title}: expected valid UTF-8`, { cause });
  }
}

/** An unsigned integer as big-endian bytes of a fixed width. @throws RangeError when it does not fit. */
export function toBigEndian(value: bigint, widthBytes: number): Uint8Array {
  if (value < 0n || value >> BigInt(8 * widthBytes) !== 0n) {
    throw new RangeError(`expected an unsigned integer of ${widthBytes} bytes, got ${value}`);
  }
  const out = new Uint8Array(widthBytes);
  let rest = value;
  for (let i = widthBytes - 1; i >= 0; i--) {
    out[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return out;
}

/** The unsigned integer that big-endian bytes hold. */
export function fromBigEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}
