/** Reading the fields of JSON objects strictly: every error names the field, what was given and what was expected. */
import { fromBase64, fromHex } from '../wire/bytes.ts';
import { parseTime } from '../wire/time.ts';

const MAX_INT64 = (1n << 63n) - 1n;

/** One object with the name that its errors carry. */
export class Fields {
  readonly title: string;
  readonly #object: Readonly<Record<string, unknown>>;

  private constructor(object: Readonly<Record<string, unknown>>, title: string) {
    this.#object = object;
    this.title = title;
  }

  /** @throws TypeError for anything but an object, or one with a field that is not in `known`. */
  static of(value: unknown, title: string, known: readonly string[]): Fields {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new TypeError(`${title}: expected an object, got ${shown(value)}`);
    }
    for (const name of Object.keys(value)) {
      if (!known.includes(name)) {
        throw new TypeError(`${title}.${name}: unknown field, expected ${known.join(', ')}`);
      }
    }
    return new Fields({ ...value }, title);
  }

  /** The value, or undefined when it is missing or null. */
  raw(name: string): unknown {
    return Object.hasOwn(this.#object, name) ? (this.#object[name] ?? undefined) : undefined;
  }

  has(name: string): boolean {
    return this.raw(name) !== undefined;
  }

  fail(name: string, expected: string): TypeError {
    return new TypeError(
      `${this.title}.${name}: expected ${expected}, got ${shown(this.raw(name))}`,
    );
  }

  text(name: string, fallback?: string): string {
    const value = this.raw(name) ?? fallback;
    if (typeof value !== 'string') throw this.fail(name, 'a text');
    return value;
  }

  /** A 64-bit integer, as CometBFT writes them: a text of decimal digits; a JSON integer is taken too. */
  integer(name: string, fallback?: bigint): bigint {
    const value = this.raw(name) ?? fallback;
    if (typeof value === 'bigint') return value;
    const isNumber = typeof value === 'number' && Number.isSafeInteger(value);
    const isText = typeof value === 'string' && /^-?\d{1,19}$/.test(value);
    if (!isNumber && !isText) throw this.fail(name, 'an integer in quotes');
    const integer = BigInt(value);
    if (integer > MAX_INT64 || integer < -MAX_INT64 - 1n) throw this.fail(name, 'a 64-bit integer');
    return integer;
  }

  /** @throws TypeError or RangeError naming the field when it is not RFC 3339. Nanoseconds since 1970. */
  time(name: string): bigint {
    return parseTime(this.text(name), `${this.title}.${name}`);
  }

  hex(name: string): Uint8Array {
    return fromHex(this.text(name, ''), `${this.title}.${name}`);
  }

  base64(name: string): Uint8Array {
    return fromBase64(this.text(name), `${this.title}.${name}`);
  }

  list(name: string): readonly unknown[] {
    const value = this.raw(name) ?? [];
    if (!Array.isArray(value)) throw this.fail(name, 'a list');
    return value;
  }

  object(name: string, known: readonly string[]): Fields {
    return Fields.of(this.raw(name), `${this.title}.${name}`, known);
  }
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  return (JSON.stringify(value) ?? String(value)).slice(0, 80);
}
