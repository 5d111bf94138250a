/** Texts that Go holds as math.Int and math.LegacyDec: whole numbers, and decimals scaled by 10^18. */

const PRECISION = 18;
const WHOLE = /^-?\d{1,78}$/;
const DECIMAL = /^(-?)(\d{1,60})(?:\.(\d{1,18}))?$/;
/** math.Int holds at most 256 bits beside its sign; LegacyDec adds the 60 bits of its scale. */
const MAX_BITS = { Int: 256n, Dec: 316n } as const;

/** The JSON text of a stored value. @throws TypeError naming `title` when it is not a whole number. */
export function customToJson(kind: 'Int' | 'Dec', stored: string, title: string): string {
  const value = stored === '' ? 0n : parseStored(kind, stored, title);
  return kind === 'Int' ? value.toString() : decimalText(value);
}

function parseStored(kind: 'Int' | 'Dec', stored: string, title: string): bigint {
  const accepted = kind === 'Int' ? WHOLE : /^-?\d{1,96}$/;
  if (!accepted.test(stored)) throw notANumber(title, stored, 'a whole number');
  return bounded(kind, BigInt(stored), title);
}

/** The stored text of a JSON value. @throws TypeError naming `title`, what was given and what is expected. */
export function customFromJson(kind: 'Int' | 'Dec', text: string, title: string): string {
  if (kind === 'Int') {
    if (!WHOLE.test(text)) throw notANumber(title, text, 'a whole number as text');
    return bounded(kind, BigInt(text), title).toString();
  }
  const match = DECIMAL.exec(text);
  if (match === null) throw notANumber(title, text, 'a decimal with at most 18 places as text');
  const [, sign, whole, places = ''] = match;
  const scaled = BigInt(`${whole}${places.padEnd(PRECISION, '0')}`);
  return bounded(kind, sign === '-' ? -scaled : scaled, title).toString();
}

function bounded(kind: 'Int' | 'Dec', value: bigint, title: string): bigint {
  const limit = 1n << MAX_BITS[kind];
  if (value >= limit || value <= -limit) {
    throw new TypeError(`${title}: number is over ${MAX_BITS[kind]} bits`);
  }
  return value;
}

function decimalText(scaled: bigint): string {
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(PRECISION + 1, '0');
  const sign = scaled < 0n ? '-' : '';
  return `${sign}${digits.slice(0, -PRECISION)}.${digits.slice(-PRECISION)}`;
}

/** Decimal, or with one of Go's prefixes, and `_` between digits: what big.Int reads as text. */
const GO_INTEGER =
  /^[+-]?(?:0[bB](?:_?[01])+|0[xX](?:_?[0-9a-fA-F])+|0[oO]?(?:_?[0-7])+|0|[1-9](?:_?[0-9])*)$/;
/** The SDK reads a LegacyDec of one bit less than it may compute with. */
const MAX_STORED_BITS = { Int: 256n, Dec: 315n } as const;
/** Binary digits of the largest number, with their underlines. */
const MAX_TEXT = 700;

/**
 * Checks a text as Go's decoder does, before anything looks at the number.
 * @throws TypeError naming `title` for a text that Go would not decode.
 */
export function checkCustom(kind: 'Int' | 'Dec', text: string, title: string): void {
  if (text === '') return;
  if (text.length > MAX_TEXT || !GO_INTEGER.test(text)) {
    throw notANumber(title, text, 'a whole number');
  }
  const plain = text.replace(/^[+-]/, '').replaceAll('_', '');
  const value = BigInt(/^0[0-7]/.test(plain) ? `0o${plain.slice(1)}` : plain.toLowerCase());
  if (value >= 1n << MAX_STORED_BITS[kind]) {
    throw new TypeError(`${title}: number is over ${MAX_STORED_BITS[kind]} bits`);
  }
}

function notANumber(title: string, given: string, expected: string): TypeError {
  return new TypeError(`${title}: expected ${expected}, got ${JSON.stringify(given.slice(0, 60))}`);
}
