/** From proto3 JSON to the bytes that Go's codec would write, refusing everything that is not exactly declared. */
import { concatBytes, fromBase64, joinBytes, toUtf8 } from '../../wire/bytes.ts';
import { customFromJson } from './customTypes.ts';
import { type Descriptors, messageNameOf } from './descriptors.ts';
import { encodeField, encodeNumber, rangeOf } from './fieldValues.ts';
import type { FieldSchema, MessageSchema } from './schema.ts';
import {
  ANY,
  DURATION,
  encodeInstant,
  GO_ZERO_SECONDS,
  parseDuration,
  parseTimestamp,
  TIMESTAMP,
} from './wellKnown.ts';

/** Messages inside messages: as strict decoding of what comes out. */
const MAX_JSON_DEPTH = 32;
const NO_BYTES = new Uint8Array(0);
const WHOLE = /^-?(0|[1-9]\d{0,19})$/;

/**
 * The bytes of a message given as JSON, in field order, defaults left out. What Go holds as a value
 * (`gogoproto.nullable = false`) is written always, as Go does. Names may be snake_case or lowerCamelCase,
 * integers may be text or numbers, enums names or numbers; null means absent.
 * @param path how errors name the outermost value; default the message's full name
 * @throws TypeError naming the path, what was given and what is expected.
 */
export function fromJson(
  descriptors: Descriptors,
  fullName: string,
  json: unknown,
  path: string = fullName,
): Uint8Array {
  return new JsonReader(descriptors).message(fullName, json, { path, depth: 1 });
}

interface Place {
  readonly path: string;
  readonly depth: number;
}

class JsonReader {
  readonly #descriptors: Descriptors;

  constructor(descriptors: Descriptors) {
    this.#descriptors = descriptors;
  }

  message(fullName: string, json: unknown, place: Place): Uint8Array {
    if (place.depth > MAX_JSON_DEPTH) {
      throw new TypeError(`${place.path}: messages are nested more than ${MAX_JSON_DEPTH} deep`);
    }
    if (fullName === ANY) return this.#any(json, place);
    if (fullName === TIMESTAMP) {
      return encodeInstant(parseTimestamp(textOf(json, 'a time as text', place.path), place.path));
    }
    if (fullName === DURATION) {
      return encodeInstant(
        parseDuration(textOf(json, 'a duration as text', place.path), place.path),
      );
    }
    const schema = this.#descriptors.schema(fullName);
    return this.#fields(schema, assign(schema, objectOf(json, place.path), place.path), place);
  }

  #fields(schema: MessageSchema, given: Map<FieldSchema, unknown>, place: Place): Uint8Array {
    const parts: Uint8Array[] = [];
    for (const field of schema.ordered) {
      const value = given.get(field);
      const at = { path: `${place.path}.${field.name}`, depth: place.depth + 1 };
      // A genesis has lists that are too long for the arguments of a call.
      parts.push(field.repeated ? this.#list(field, value, at) : this.#single(field, value, at));
    }
    return joinBytes(parts);
  }

  #list(field: FieldSchema, value: unknown, place: Place): Uint8Array {
    if (value === undefined) return NO_BYTES;
    if (!Array.isArray(value)) throw unexpected(place.path, 'a list', value);
    const bodies = value.map((item: unknown, index) =>
      this.#body(field, item, { path: `${place.path}[${index}]`, depth: place.depth }),
    );
    if (!field.packed) {
      return joinBytes(bodies.map((body) => encodeField(field.number, field.kind, body)));
    }
    return bodies.length === 0 ? NO_BYTES : encodeField(field.number, 'bytes', joinBytes(bodies));
  }

  #single(field: FieldSchema, value: unknown, place: Place): Uint8Array {
    const body = value === undefined ? this.#absent(field, place) : this.#body(field, value, place);
    if (body === undefined) return NO_BYTES;
    const always = field.kind === 'message' || field.custom !== undefined || field.oneof !== '';
    const empty = body.length === 0 || (isNumber(field) && body.every((byte) => byte === 0));
    if (empty && !always) return NO_BYTES;
    return encodeField(field.number, field.kind, body);
  }

  #absent(field: FieldSchema, place: Place): Uint8Array | undefined {
    if (field.nullable || field.oneof !== '') return undefined;
    if (field.custom) return toUtf8('0');
    if (field.kind !== 'message') return undefined;
    if (field.typeName === TIMESTAMP) return encodeInstant({ seconds: GO_ZERO_SECONDS, nanos: 0 });
    if (field.typeName === DURATION || field.typeName === ANY) return new Uint8Array(0);
    return this.message(field.typeName, {}, place);
  }

  #body(field: FieldSchema, value: unknown, place: Place): Uint8Array {
    if (field.kind === 'message') return this.message(field.typeName, value, place);
    if (field.custom) {
      const text = textOf(value, 'a number as text', place.path);
      return toUtf8(customFromJson(field.custom, text, place.path));
    }
    if (field.kind === 'string') return toUtf8(wellFormed(value, place.path));
    if (field.kind === 'bytes') {
      return fromBase64(textOf(value, 'base64 text', place.path), place.path);
    }
    return encodeNumber(field.kind, numberOf(field, value, place.path));
  }

  #any(json: unknown, place: Place): Uint8Array {
    const { '@type': typeUrl, ...content } = objectOf(json, place.path);
    const title = `${place.path}.@type`;
    const text = textOf(typeUrl, 'a type URL', title);
    const name = messageNameOf(text, title);
    if (!this.#descriptors.has(name)) throw new TypeError(`${title}: type "${text}" is unknown`);
    const inner = { path: place.path, depth: place.depth + 1 };
    const special = name === TIMESTAMP || name === DURATION || name === ANY;
    const value = this.message(name, special ? content.value : content, inner);
    const body = value.length === 0 ? value : encodeField(2, 'bytes', value);
    return concatBytes(encodeField(1, 'string', toUtf8(text)), body);
  }
}

/** Which field each property means. Null counts as absent. */
function assign(
  schema: MessageSchema,
  json: Readonly<Record<string, unknown>>,
  path: string,
): Map<FieldSchema, unknown> {
  const given = new Map<FieldSchema, unknown>();
  const oneofs = new Map<string, string>();
  for (const [name, value] of Object.entries(json)) {
    const field = schema.byName.get(name);
    if (field === undefined) throw unknownField(schema, name, path);
    if (value === null || value === undefined) continue;
    if (given.has(field)) throw new TypeError(`${path}.${field.name}: given twice`);
    const other = field.oneof === '' ? undefined : oneofs.get(field.oneof);
    if (other !== undefined) throw new TypeError(`${path}: both ${other} and ${name} are given`);
    if (field.oneof !== '') oneofs.set(field.oneof, name);
    given.set(field, value);
  }
  return given;
}

function unknownField(schema: MessageSchema, name: string, path: string): TypeError {
  const known = schema.declared.map((field) => field.name).join(', ') || 'no fields';
  return new TypeError(
    `${path}.${name.slice(0, 60)}: unknown field, ${schema.fullName} has ${known}`,
  );
}

function objectOf(json: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw unexpected(path, 'an object', json);
  }
  return json as Readonly<Record<string, unknown>>;
}

function textOf(json: unknown, expected: string, path: string): string {
  if (typeof json !== 'string') throw unexpected(path, expected, json);
  return json;
}

function wellFormed(json: unknown, path: string): string {
  const text = textOf(json, 'text', path);
  if (/\p{Surrogate}/u.test(text)) throw unexpected(path, 'well-formed Unicode', json);
  return text;
}

function isNumber(field: FieldSchema): boolean {
  return field.kind !== 'message' && field.kind !== 'string' && field.kind !== 'bytes';
}

function numberOf(field: FieldSchema, json: unknown, path: string): bigint {
  if (field.kind === 'bool') {
    if (typeof json !== 'boolean') throw unexpected(path, 'true or false', json);
    return json ? 1n : 0n;
  }
  if (field.enumeration !== undefined) return enumNumber(field.enumeration, json, path);
  const exact = typeof json === 'number' && Number.isSafeInteger(json);
  if (!exact && !(typeof json === 'string' && WHOLE.test(json))) {
    throw unexpected(path, `a whole number (${field.kind})`, json);
  }
  const value = BigInt(json);
  const [low, high] = rangeOf(field.kind);
  if (value < low || value > high) {
    throw unexpected(path, `a number from ${low} to ${high}`, json);
  }
  return value;
}

function enumNumber(
  enumeration: NonNullable<FieldSchema['enumeration']>,
  json: unknown,
  path: string,
): bigint {
  const number = typeof json === 'string' ? enumeration.numbers.get(json) : json;
  if (typeof number !== 'number' || !enumeration.names.has(number)) {
    const names = [...enumeration.numbers.keys()].slice(0, 12).join(', ');
    throw unexpected(path, `one of ${names}`, json);
  }
  return BigInt(number);
}

function unexpected(path: string, expected: string, given: unknown): TypeError {
  const text = given === undefined ? 'nothing' : JSON.stringify(given);
  return new TypeError(`${path}: expected ${expected}, got ${text.slice(0, 80)}`);
}
