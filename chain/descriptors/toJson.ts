/** Proto3 JSON as a Cosmos chain writes it: original names, every field, 64-bit numbers as text. */
import { fromUtf8, toBase64 } from '../../wire/bytes.ts';
import { customToJson } from './customTypes.ts';
import { type Descriptors, messageNameOf } from './descriptors.ts';
import { type FieldValue, readValues } from './fieldValues.ts';
import type { FieldSchema } from './schema.ts';
import { MAX_MESSAGE_DEPTH, readAny } from './strict.ts';
import { ANY, DURATION, durationText, TIMESTAMP, timestampText } from './wellKnown.ts';

export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

export interface JsonObject {
  [name: string]: JsonValue;
}

/** Deeper than strict decoding allows, as answers wrap what was stored; still bounded. */
const MAX_JSON_DEPTH = 2 * MAX_MESSAGE_DEPTH;
const GO_ZERO_TIME = '0001-01-01T00:00:00Z';
const TEXT_NUMBERS: ReadonlySet<FieldSchema['kind']> = new Set([
  'int64',
  'uint64',
  'sint64',
  'fixed64',
  'sfixed64',
]);

/**
 * The JSON of a message's bytes. Fields that the schema does not know are left out.
 * @throws TypeError naming the path for malformed bytes or an Any of unknown type.
 */
export function toJson(descriptors: Descriptors, fullName: string, bytes: Uint8Array): JsonValue {
  return new JsonWriter(descriptors).message(fullName, bytes, { path: fullName, depth: 1 });
}

interface Place {
  readonly path: string;
  readonly depth: number;
}

class JsonWriter {
  readonly #descriptors: Descriptors;

  constructor(descriptors: Descriptors) {
    this.#descriptors = descriptors;
  }

  message(fullName: string, bytes: Uint8Array, place: Place): JsonValue {
    const { path, depth } = place;
    if (depth > MAX_JSON_DEPTH) {
      throw new TypeError(`${path}: messages are nested more than ${MAX_JSON_DEPTH} deep`);
    }
    if (fullName === ANY) return this.#any(bytes, place);
    const schema = this.#descriptors.schema(fullName);
    const values = readValues(schema, bytes, path);
    if (fullName === TIMESTAMP) return timestampText(instantOf(values), path);
    if (fullName === DURATION) return durationText(instantOf(values), path);
    const json: JsonObject = {};
    for (const field of schema.declared) {
      const found = values.get(field);
      if (found === undefined && field.oneof !== '') continue;
      json[field.name] = this.#field(field, found, { path: `${path}.${field.name}`, depth });
    }
    return json;
  }

  #field(field: FieldSchema, found: FieldValue[] | undefined, place: Place): JsonValue {
    if (field.repeated) return (found ?? []).map((value) => this.#value(field, value, place));
    const value = found?.at(-1);
    return value === undefined ? this.#absent(field, place) : this.#value(field, value, place);
  }

  #absent(field: FieldSchema, place: Place): JsonValue {
    if (field.kind === 'bytes' && field.custom === undefined) return null;
    if (field.kind !== 'message' && field.custom === undefined) {
      return this.#value(field, field.kind === 'string' ? new Uint8Array(0) : 0n, place);
    }
    if (field.nullable) return null;
    // Go holds an unset decimal as nil and prints it without places.
    if (field.custom === 'Dec') return '0';
    if (field.typeName === TIMESTAMP) return GO_ZERO_TIME;
    return this.#value(field, new Uint8Array(0), place);
  }

  #value(field: FieldSchema, value: FieldValue, place: Place): JsonValue {
    if (typeof value === 'bigint') return numberToJson(field, value);
    if (field.kind === 'message') {
      return this.message(field.typeName, value, { path: place.path, depth: place.depth + 1 });
    }
    if (field.custom) return customToJson(field.custom, fromUtf8(value, place.path), place.path);
    return field.kind === 'bytes' ? toBase64(value) : fromUtf8(value, place.path);
  }

  #any(bytes: Uint8Array, place: Place): JsonValue {
    const { typeUrl, value } = readAny(this.#descriptors, bytes, place.path);
    const name = messageNameOf(typeUrl, `${place.path}.type_url`);
    const content = this.message(name, value, { path: place.path, depth: place.depth + 1 });
    const plain = typeof content === 'object' && content !== null && !Array.isArray(content);
    return plain && name !== ANY
      ? { '@type': typeUrl, ...content }
      : { '@type': typeUrl, value: content };
  }
}

function numberToJson(field: FieldSchema, value: bigint): JsonValue {
  if (field.kind === 'bool') return value !== 0n;
  if (field.kind === 'enum') return field.enumeration?.names.get(Number(value)) ?? Number(value);
  return TEXT_NUMBERS.has(field.kind) ? value.toString() : Number(value);
}

function instantOf(values: ReadonlyMap<FieldSchema, FieldValue[]>): {
  seconds: bigint;
  nanos: number;
} {
  const instant = { seconds: 0n, nanos: 0 };
  for (const [field, found] of values) {
    const value = found.at(-1);
    if (typeof value !== 'bigint') continue;
    if (field.name === 'seconds') instant.seconds = value;
    else instant.nanos = Number(value);
  }
  return instant;
}
