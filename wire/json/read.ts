/**
 * Reading values out of parsed JSON that came from strangers. Each reader takes the value and its
 * path, and either returns what was asked for or throws a TypeError that names the path, what was
 * expected and what was given. Only own properties are read.
 */
import { fromBase64, fromHex } from '../bytes.ts';
import { parseTime } from '../time.ts';

/** Turns the JSON value at `path` into a T, or throws a TypeError. */
export type Read<T> = (json: unknown, path: string) => T;

const MAX_SHOWN = 60;
const MAX_TEXT_LENGTH = 1024;
const DECIMAL = /^(?:0|-?[1-9][0-9]*)$/;

/** The error for a value that is not what was expected; long values are clipped. */
export function mismatch(path: string, expected: string, json: unknown): TypeError {
  return new TypeError(`${path}: expected ${expected}, got ${describe(json)}`);
}

function describe(json: unknown): string {
  if (json === undefined) return 'nothing';
  if (Array.isArray(json)) return `an array of ${json.length}`;
  if (typeof json === 'object' && json !== null) return 'an object';
  if (typeof json !== 'string') return String(json).slice(0, MAX_SHOWN);
  return json.length <= MAX_SHOWN
    ? JSON.stringify(json)
    : `${JSON.stringify(json.slice(0, MAX_SHOWN))}… (${json.length} characters)`;
}

/** One field of an object, by its first name that is there; `read` sees undefined when none is. */
export type FieldReader = <T>(name: string, read: Read<T>, otherName?: string) => T;

/** A reader for the fields of the object at `path`. */
export function readObject(json: unknown, path: string): FieldReader {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw mismatch(path, 'an object', json);
  }
  const values = json as Readonly<Record<string, unknown>>;
  return (name, read, otherName) => {
    const isOther = otherName !== undefined && !Object.hasOwn(values, name);
    const key = isOther && Object.hasOwn(values, otherName) ? otherName : name;
    return read(Object.hasOwn(values, key) ? values[key] : undefined, `${path}.${key}`);
  };
}

/** Up to `max` items. */
export function readList<T>(read: Read<T>, max: number): Read<T[]> {
  return (json, path) => {
    if (!Array.isArray(json)) throw mismatch(path, 'an array', json);
    if (json.length > max) throw mismatch(path, `at most ${max} items`, json);
    return Array.from(json, (item, index) => read(item, `${path}[${index}]`));
  };
}

/** The same, but `none` where the value is missing or null. */
export function readOptional<T>(read: Read<T>, none: T): Read<T> {
  return (json, path) => (json === undefined || json === null ? none : read(json, path));
}

/** A text of up to 1024 UTF-16 units. */
export const readText: Read<string> = (json, path) => {
  if (typeof json !== 'string' || json.length > MAX_TEXT_LENGTH) {
    throw mismatch(path, `a text of up to ${MAX_TEXT_LENGTH} characters`, json);
  }
  return json;
};

/** A 64-bit integer: always a decimal string, as JavaScript's numbers would round it. */
export function readInteger(min: bigint, max: bigint): Read<bigint> {
  return (json, path) => {
    const isText = typeof json === 'string' && json.length <= 20 && DECIMAL.test(json);
    const value = isText ? BigInt(json) : undefined;
    if (value === undefined || value < min || value > max) {
      throw mismatch(path, `an integer from ${min} to ${max} as a string`, json);
    }
    return value;
  };
}

/** An int64. */
export const readInt64: Read<bigint> = readInteger(-(1n << 63n), (1n << 63n) - 1n);
/** A uint64. */
export const readUint64: Read<bigint> = readInteger(0n, (1n << 64n) - 1n);

/** An integer of up to 32 bits: a JSON number, or the same as a decimal string. */
export function readSmallInteger(min: number, max: number): Read<number> {
  return (json, path) => {
    const isText = typeof json === 'string' && json.length <= 11 && DECIMAL.test(json);
    const value = isText ? Number(json) : json;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
      throw mismatch(path, `an integer from ${min} to ${max}`, json);
    }
    return value;
  };
}

/** Hex of one of the given lengths in bytes. */
export function readHex(...lengths: readonly number[]): Read<Uint8Array> {
  const longest = Math.max(...lengths);
  const expected = `${lengths.join(' or ')} bytes in hex`;
  return (json, path) => {
    if (typeof json !== 'string' || json.length > 2 * longest) throw mismatch(path, expected, json);
    const bytes = fromHex(json, path);
    if (!lengths.includes(bytes.length)) throw mismatch(path, expected, json);
    return bytes;
  };
}

/** Hex of up to `max` bytes. */
export function readHexUpTo(max: number): Read<Uint8Array> {
  return (json, path) => {
    if (typeof json !== 'string' || json.length > 2 * max) {
      throw mismatch(path, `up to ${max} bytes in hex`, json);
    }
    return fromHex(json, path);
  };
}

/** Base64 of up to `max` bytes. */
export function readBase64(max: number): Read<Uint8Array> {
  return (json, path) => {
    if (typeof json !== 'string' || json.length > 4 * Math.ceil(max / 3)) {
      throw mismatch(path, `up to ${max} bytes in base64`, json);
    }
    const bytes = fromBase64(json, path);
    if (bytes.length > max) throw mismatch(path, `up to ${max} bytes in base64`, json);
    return bytes;
  };
}

/** An RFC 3339 time in nanoseconds since the Unix epoch. */
export const readTime: Read<bigint> = (json, path) => {
  if (typeof json !== 'string') throw mismatch(path, 'an RFC 3339 time', json);
  try {
    return parseTime(json, path);
  } catch (cause) {
    // Readers of JSON complain by TypeErrors alone.
    if (!(cause instanceof RangeError)) throw cause;
    throw new TypeError(cause.message, { cause });
  }
};
