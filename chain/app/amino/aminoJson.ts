/** Messages as the Cosmos SDK writes them in amino JSON, the text that old and hardware wallets show and sign. */
import { fromUtf8, toBase64 } from '../../../wire/bytes.ts';
import { customToJson } from '../../descriptors/customTypes.ts';
import { type FieldValue, readValues } from '../../descriptors/fieldValues.ts';
import { type Descriptors, type FieldSchema, messageNameOf } from '../../descriptors/index.ts';
import { MAX_MESSAGE_DEPTH } from '../../descriptors/strict.ts';
import { ANY, DURATION, TIMESTAMP, timestampText } from '../../descriptors/wellKnown.ts';
import { type AminoField, aminoSchemaOf } from './aminoSchema.ts';

/** What Go's encoding/json escapes beside the control characters. */
const ESCAPED_BY_GO = /[<>&\u2028\u2029]/g;
/** Longest duration in seconds whose nanoseconds x/tx takes. */
const MAX_DURATION_SECONDS = (2n ** 63n - 1n) / 1_000_000_000n - 1n;
const QUOTED: ReadonlySet<FieldSchema['kind']> = new Set([
  'int64',
  'uint64',
  'sint64',
  'fixed64',
  'sfixed64',
]);

/** A text in quotes, escaped as Go's encoding/json does. */
export function jsonText(text: string): string {
  return JSON.stringify(text).replace(
    ESCAPED_BY_GO,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * The JSON of an Any's content behind its amino name, `{"type":…,"value":…}`; without a name the type URL stands
 * there, as in the SDK.
 * @throws TypeError naming the path for an unknown type, a number out of its form, or a missing message that must stand.
 */
export function anyToAmino(
  descriptors: Descriptors,
  any: { readonly typeUrl: string; readonly value: Uint8Array },
  path: string,
): string {
  return new AminoWriter(descriptors).any(any.typeUrl, any.value, { path, depth: 1 });
}

interface Place {
  readonly path: string;
  readonly depth: number;
}

type Values = ReadonlyMap<FieldSchema, FieldValue[]>;

class AminoWriter {
  readonly #descriptors: Descriptors;

  constructor(descriptors: Descriptors) {
    this.#descriptors = descriptors;
  }

  any(typeUrl: string, value: Uint8Array, place: Place): string {
    const fullName = messageNameOf(typeUrl, `${place.path}.type_url`);
    const { name = typeUrl } = aminoSchemaOf(this.#descriptors, fullName);
    return `{"type":"${name}","value":${this.#message(fullName, value, place)}}`;
  }

  #message(fullName: string, bytes: Uint8Array, { path, depth }: Place): string {
    if (depth > MAX_MESSAGE_DEPTH) {
      throw new TypeError(`${path}: messages are nested more than ${MAX_MESSAGE_DEPTH} deep`);
    }
    const values = readValues(this.#descriptors.schema(fullName), bytes, path);
    const inside = { path, depth: depth + 1 };
    if (fullName === ANY) return this.any(textOf(values, 'type_url'), bytesOf(values), inside);
    if (fullName === TIMESTAMP) return instantText(values, path);
    if (fullName === DURATION) return durationText(values, path);
    const { encoding, fields } = aminoSchemaOf(this.#descriptors, fullName);
    if (encoding === 'key_field') return keyText(values);
    if (encoding === 'threshold_string') return this.#multisigKey(values, inside);
    const written: string[] = [];
    for (const field of fields) {
      const text = this.#field(field, values, { path: `${path}.${field.name}`, depth });
      if (text !== undefined) written.push(`${jsonText(field.name)}:${text}`);
    }
    return `{${written.join(',')}}`;
  }

  /** Undefined for an empty field that is left out. */
  #field(field: AminoField, values: Values, place: Place): string | undefined {
    const { schema } = field;
    const found = values.get(schema) ?? [];
    if (schema.repeated) {
      if (found.length === 0) return field.kept ? field.emptyList : undefined;
      return `[${found.map((value) => this.#value(field, value, place)).join(',')}]`;
    }
    const value = found[0];
    if (value === undefined || isZero(schema, value)) {
      return field.kept ? this.#zero(field, place.path) : undefined;
    }
    return this.#value(field, value, place);
  }

  #zero(field: AminoField, path: string): string {
    const { kind } = field.schema;
    if (field.number !== undefined) return '"0"';
    if (kind === 'message') throw new TypeError(`${path}: message is missing`);
    if (kind === 'bytes' || kind === 'string') return '""';
    return numberText(kind, 0n);
  }

  #value(field: AminoField, value: FieldValue, { path, depth }: Place): string {
    const { kind, typeName } = field.schema;
    if (typeof value === 'bigint') return numberText(kind, value);
    if (kind === 'message') return this.#message(typeName, value, { path, depth: depth + 1 });
    if (kind === 'bytes') return `"${toBase64(value)}"`;
    const text = fromUtf8(value, path);
    if (field.number === 'Dec')
      return jsonText(text === '' ? '0' : customToJson('Dec', text, path));
    return jsonText(text === '' && field.number === 'Int' ? '0' : text);
  }

  #multisigKey(values: Values, place: Place): string {
    let threshold = 0n;
    const keys: string[] = [];
    for (const [field, found] of values) {
      for (const value of found) {
        if (typeof value === 'bigint') threshold = value;
        else keys.push(this.#message(field.typeName, value, place));
      }
    }
    return `{"pubkeys":[${keys.join(',')}],"threshold":"${threshold}"}`;
  }
}

function isZero(schema: FieldSchema, value: FieldValue): boolean {
  if (typeof value === 'bigint') return value === 0n;
  return schema.kind !== 'message' && value.length === 0;
}

function numberText(kind: FieldSchema['kind'], value: bigint): string {
  if (kind === 'bool') return value === 0n ? 'false' : 'true';
  return QUOTED.has(kind) ? `"${value}"` : value.toString();
}

function bytesOf(values: Values): Uint8Array {
  return namedBytes(values, 'value') ?? new Uint8Array(0);
}

function textOf(values: Values, name: string): string {
  return fromUtf8(namedBytes(values, name) ?? new Uint8Array(0), name);
}

function namedBytes(values: Values, name: string): Uint8Array | undefined {
  for (const [field, [value]] of values) {
    if (field.name === name && value instanceof Uint8Array) return value;
  }
  return undefined;
}

function keyText(values: Values): string {
  const key = namedBytes(values, 'key') ?? new Uint8Array(0);
  return key.length === 0 ? 'null' : `"${toBase64(key)}"`;
}

function numberOf(values: Values, name: string): bigint {
  for (const [field, [value]] of values) {
    if (field.name === name && typeof value === 'bigint') return value;
  }
  return 0n;
}

/** RFC 3339 with no more digits of a second than are needed. */
function instantText(values: Values, path: string): string {
  const instant = {
    seconds: numberOf(values, 'seconds'),
    nanos: Number(numberOf(values, 'nanos')),
  };
  return `"${timestampText(instant, path).replace(/(\.\d*[1-9])0+Z$/, '$1Z')}"`;
}

/** All nanoseconds, as Go holds a duration. */
function durationText(values: Values, path: string): string {
  const seconds = numberOf(values, 'seconds');
  if (seconds > MAX_DURATION_SECONDS || seconds < -MAX_DURATION_SECONDS) {
    throw new TypeError(`${path}: ${seconds} s is over ${MAX_DURATION_SECONDS} s`);
  }
  return `"${seconds * 1_000_000_000n + numberOf(values, 'nanos')}"`;
}
