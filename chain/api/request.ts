/** From an HTTP request to the protobuf request of a method. */
import {
  type Descriptors,
  type FieldSchema,
  fromJson,
  type MessageSchema,
} from '../descriptors/index.ts';
import type { RestRoute } from './routes.ts';
import { RestError } from './status.ts';

export interface HttpInput {
  /** Captured parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** Parsed JSON, or undefined. */
  readonly body: unknown;
}

type Draft = Record<string, unknown>;

const TEXT_MESSAGES = new Set(['google.protobuf.Timestamp', 'google.protobuf.Duration']);
/** As Go's strconv.ParseBool. */
const BOOLEANS = new Map<string, boolean>([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((text) => [text, false] as const),
]);

/**
 * The bytes of the request. Body, path and query are taken in this order; a query parameter that names no field
 * is ignored, as grpc-gateway does.
 * @throws RestError InvalidArgument naming the field, what was given and what is expected.
 */
export function buildRequest(
  descriptors: Descriptors,
  route: RestRoute,
  input: HttpInput,
): Uint8Array {
  const { requestType } = route.rpc;
  const draft = draftOfBody(route, input.body);
  const filler = new Filler(descriptors, requestType, draft);
  try {
    for (const { key, field } of route.path.captures) {
      if (!filler.set(field, [input.params[key] ?? ''])) {
        throw new TypeError(`${requestType} has no field ${field}`);
      }
    }
    if (route.body !== '*') {
      for (const [name, value] of Object.entries(input.query)) {
        filler.set(name, typeof value === 'string' ? [value] : value);
      }
    }
    return fromJson(descriptors, requestType, draft, 'request');
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new RestError('InvalidArgument', cause.message, { cause });
  }
}

function draftOfBody(route: RestRoute, body: unknown): Draft {
  if (route.body === '' || body === undefined) return {};
  if (route.body !== '*') return { [route.body]: body };
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new RestError('InvalidArgument', 'body: expected a JSON object');
  }
  return { ...body };
}

class Filler {
  readonly #descriptors: Descriptors;
  readonly #requestType: string;
  readonly #draft: Draft;

  constructor(descriptors: Descriptors, requestType: string, draft: Draft) {
    this.#descriptors = descriptors;
    this.#requestType = requestType;
    this.#draft = draft;
  }

  /** Sets a field given as text; false when the dotted name leads nowhere. */
  set(name: string, values: readonly string[]): boolean {
    const parts = name.split('.');
    let schema: MessageSchema = this.#descriptors.schema(this.#requestType);
    let draft = this.#draft;
    for (const [index, part] of parts.entries()) {
      const field = schema.byName.get(part);
      if (field === undefined) return false;
      if (index === parts.length - 1) {
        draft[field.name] = jsonOf(field, values, name);
        return true;
      }
      if (field.kind !== 'message' || field.repeated) return false;
      schema = this.#descriptors.schema(field.typeName);
      draft = nested(draft, field.name, name);
    }
    return false;
  }
}

function nested(draft: Draft, key: string, name: string): Draft {
  const present = draft[key];
  if (present === undefined) {
    const created: Draft = {};
    draft[key] = created;
    return created;
  }
  if (typeof present !== 'object' || present === null || Array.isArray(present)) {
    throw new TypeError(`${name}: ${key} is not an object`);
  }
  return present as Draft;
}

function jsonOf(field: FieldSchema, values: readonly string[], name: string): unknown {
  if (field.repeated) return values.map((text) => coerce(field, text, name));
  const [text] = values;
  if (text === undefined || values.length > 1) {
    throw new TypeError(`${name}: expected one value, got ${values.length}`);
  }
  return coerce(field, text, name);
}

/** Text as the JSON value that the field expects. */
function coerce(field: FieldSchema, text: string, name: string): unknown {
  switch (field.kind) {
    case 'bool':
      return BOOLEANS.get(text) ?? text;
    case 'enum':
      return /^-?\d{1,10}$/.test(text) ? Number(text) : text;
    case 'bytes':
      return standardBase64(text);
    case 'message':
      if (TEXT_MESSAGES.has(field.typeName)) return text;
      throw new TypeError(`${name}: a ${field.typeName} cannot be given as text`);
    default:
      return text;
  }
}

/** URL-safe and unpadded base64 is taken too, and a plus sign that form decoding made a space. */
function standardBase64(text: string): string {
  const standard = text.replaceAll(' ', '+').replaceAll('-', '+').replaceAll('_', '/');
  return standard
    .replace(/=+$/, '')
    .padEnd(Math.ceil(standard.replace(/=+$/, '').length / 4) * 4, '=');
}
