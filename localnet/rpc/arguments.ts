/**
 * The arguments of an RPC call, in either form: JSON params (an object, or a list in the order of the names)
 * or a query string. Each reader says what it expects and names the argument.
 */
import { fromBase64, fromHex, fromUtf8, toUtf8 } from '../../wire/bytes.ts';
import { invalidParams, type RpcError } from './errors.ts';

const MAX_INT64 = (1n << 63n) - 1n;

export interface Arguments {
  /** A 64-bit integer, or undefined when it is not given. */
  integer(name: string): bigint | undefined;
  /** "" when it is not given. */
  text(name: string): string;
  /** Bytes: base64 in JSON, 0x-hex or quoted text in a query string. Empty when not given. */
  bytes(name: string): Uint8Array;
  /** Bytes: hex in JSON, 0x-hex or quoted text in a query string. Empty when not given. */
  hexBytes(name: string): Uint8Array;
  /** False when it is not given. */
  flag(name: string): boolean;
  /** Any JSON; undefined when it is not given. */
  json(name: string): unknown;
}

/** Arguments from JSON params. @throws RpcError for params that are neither an object nor a fitting list. */
export function jsonArguments(params: unknown, names: readonly string[]): Arguments {
  const values = namedValues(params, names);
  const get = (name: string): unknown => values.get(name) ?? undefined;
  const text = (name: string): string => {
    const value = get(name) ?? '';
    if (typeof value !== 'string') throw wrong(name, 'a text', value);
    return value;
  };
  return {
    text,
    json: get,
    integer(name) {
      const value = get(name);
      if (value === undefined) return undefined;
      if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
      return integerOf(name, typeof value === 'string' ? value : '', value);
    },
    bytes: (name) => decoded(() => fromBase64(text(name), name)),
    hexBytes: (name) => decoded(() => fromHex(text(name), name)),
    flag(name) {
      const value = get(name) ?? false;
      if (typeof value !== 'boolean') throw wrong(name, 'true or false', value);
      return value;
    },
  };
}

function namedValues(params: unknown, names: readonly string[]): ReadonlyMap<string, unknown> {
  if (params === undefined || params === null) return new Map();
  if (Array.isArray(params)) {
    if (params.length !== names.length) {
      throw conversionError(
        `expected ${names.length} parameters ([${names.join(' ')}]), got ${params.length}`,
      );
    }
    return new Map(names.map((name, index) => [name, params[index]]));
  }
  if (typeof params !== 'object') {
    throw conversionError(
      `unknown type for JSON params: expected map or array, got ${typeof params}`,
    );
  }
  return new Map(Object.entries(params));
}

/** Arguments from a query string. */
export function uriArguments(query: URLSearchParams): Arguments {
  const get = (name: string): string => query.get(name) ?? '';
  const bytes = (name: string): Uint8Array => {
    const value = get(name);
    if (value === '') return new Uint8Array(0);
    if (/^0x/i.test(value)) return decoded(() => fromHex(value.slice(2), name));
    return toUtf8(quoted(name, value));
  };
  return {
    bytes,
    hexBytes: bytes,
    integer(name) {
      const value = get(name);
      return value === '' ? undefined : integerOf(name, value.replace(/^"(.*)"$/, '$1'), value);
    },
    text(name) {
      const value = get(name);
      if (value === '') return '';
      if (/^0x/i.test(value)) return decoded(() => fromUtf8(fromHex(value.slice(2), name), name));
      return quoted(name, value);
    },
    flag(name) {
      const value = get(name);
      if (value === '' || value === 'false') return false;
      if (value === 'true') return true;
      throw wrong(name, 'true or false', value);
    },
    json: (name) => (get(name) === '' ? undefined : parsed(name, get(name))),
  };
}

function quoted(name: string, value: string): string {
  const expected = 'a text in double quotes, or hex behind 0x';
  const text = parsed(name, value, expected);
  if (typeof text === 'string') return text;
  throw wrong(name, expected, value);
}

function parsed(name: string, value: string, expected = 'JSON'): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw wrong(name, expected, value);
  }
}

function integerOf(name: string, text: string, given: unknown): bigint {
  if (!/^-?\d{1,19}$/.test(text)) throw wrong(name, 'an integer', given);
  const integer = BigInt(text);
  if (integer > MAX_INT64 || integer < -MAX_INT64 - 1n)
    throw wrong(name, 'a 64-bit integer', given);
  return integer;
}

function decoded<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw conversionError(error instanceof Error ? error.message : String(error));
  }
}

function wrong(name: string, expected: string, given: unknown): RpcError {
  const shown = (JSON.stringify(given) ?? String(given)).slice(0, 80);
  return conversionError(`${name}: expected ${expected}, got ${shown}`);
}

function conversionError(reason: string): RpcError {
  return invalidParams(`error converting params to arguments: ${reason}`);
}
