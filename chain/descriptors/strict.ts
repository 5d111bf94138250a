/**
 * Refuses bytes that hold anything the descriptors do not know, before any decoder sees them. A signer must not
 * sign what nobody interprets (the rules of the SDK's `unknownproto`, ADR-020).
 */
import { fromUtf8 } from '../../wire/bytes.ts';
import { ProtoReader } from '../../wire/protobuf.ts';
import { checkCustom } from './customTypes.ts';
import { type Descriptors, messageNameOf } from './descriptors.ts';
import { readValues, valuesOf } from './fieldValues.ts';
import { isAccepted } from './interfaces.ts';
import { isPlain } from './plainWire.ts';
import { isP256Point } from './points.ts';
import type { FieldSchema } from './schema.ts';
import {
  ANY,
  checkDuration,
  checkTimestamp,
  DURATION,
  type Instant,
  TIMESTAMP,
} from './wellKnown.ts';

/** Messages inside messages, the value of an Any counted as one. */
export const MAX_MESSAGE_DEPTH = 64;
/** Anys inside an Any, itself included: what the SDK's registry unpacks (MaxUnpackAnyRecursionDepth). */
export const MAX_ANY_DEPTH = 10;
/** Anys in one that stands in none, itself included (MaxUnpackAnySubCalls). */
export const MAX_ANYS = 100;
/** Messages in one call: bounds the work that a small transaction can ask for. */
export const MAX_MESSAGE_COUNT = 10_000;
const P256_KEY = 'cosmos.crypto.secp256r1.PubKey';
/** A field number with this bit set may be ignored by those who do not know it. */
const NON_CRITICAL_BIT = 1 << 10;

export interface StrictOptions {
  /** Lets unknown fields with bit 11 of their number set pass. Default false. */
  readonly allowUnknownNonCriticals?: boolean;
  /** How errors name the outermost message. Default: its full name. */
  readonly title?: string;
}

export interface StrictResult {
  readonly hasUnknownNonCriticals: boolean;
  /** Whether the bytes hold nothing unusual: all text is ASCII, no field stands twice, numbers have at most 35 bits. */
  readonly isPlain: boolean;
}

const PLAIN: StrictResult = { hasUnknownNonCriticals: false, isPlain: true };

/**
 * Walks the bytes of a message and of everything inside it.
 * @throws TypeError naming the path for an unknown field, a wrong wire type, a field that stands twice, text that is
 * not UTF-8 or not the number or time that Go decodes, a varint that is not minimal or out of range, cut or trailing
 * bytes, an Any of a type that is unknown or cannot stand there, or too many or too deep messages.
 */
export function rejectUnknownFields(
  descriptors: Descriptors,
  fullName: string,
  bytes: Uint8Array,
  options: StrictOptions = {},
): StrictResult {
  if (isPlain(descriptors, fullName, bytes)) return PLAIN;
  return walkStrictly(descriptors, fullName, bytes, options);
}

/** The same, without the quick way for what holds nothing unusual. */
export function walkStrictly(
  descriptors: Descriptors,
  fullName: string,
  bytes: Uint8Array,
  options: StrictOptions = {},
): StrictResult {
  const walk = new StrictWalk(descriptors, options.allowUnknownNonCriticals ?? false);
  walk.message(fullName, bytes, { path: options.title ?? fullName, depth: 1, anys: 0 });
  return { hasUnknownNonCriticals: walk.hasUnknownNonCriticals, isPlain: false };
}

interface Place {
  readonly path: string;
  readonly depth: number;
  /** Anys around. */
  readonly anys: number;
}

class StrictWalk {
  hasUnknownNonCriticals = false;
  readonly #descriptors: Descriptors;
  readonly #allowNonCriticals: boolean;
  #messages = 0;
  /** Anys in the outermost one so far. */
  #anys = 0;

  constructor(descriptors: Descriptors, allowNonCriticals: boolean) {
    this.#descriptors = descriptors;
    this.#allowNonCriticals = allowNonCriticals;
  }

  message(fullName: string, bytes: Uint8Array, place: Place): void {
    const { path, depth, anys } = place;
    if (depth > MAX_MESSAGE_DEPTH) {
      throw new TypeError(`${path}: messages are nested more than ${MAX_MESSAGE_DEPTH} deep`);
    }
    if (++this.#messages > MAX_MESSAGE_COUNT) {
      throw new TypeError(`${path}: more than ${MAX_MESSAGE_COUNT} messages`);
    }
    const schema = this.#descriptors.schema(fullName);
    const counts = new Map<FieldSchema, number>();
    const reader = new ProtoReader(bytes, path);
    while (!reader.done) {
      const wire = reader.field();
      const field = schema.byNumber.get(wire.number);
      if (field === undefined) {
        this.#unknown(wire.number, path, fullName);
        continue;
      }
      const index = counts.get(field) ?? 0;
      if (index > 0 && !field.repeated) throw new TypeError(`${path}.${field.name}: stands twice`);
      counts.set(field, index + 1);
      const title = field.repeated ? `${path}.${field.name}[${index}]` : `${path}.${field.name}`;
      for (const value of valuesOf(field, wire, title)) {
        if (value instanceof Uint8Array && fullName === P256_KEY && !isP256Point(value)) {
          throw new TypeError(`${title}: not a point of secp256r1`);
        }
        if (value instanceof Uint8Array) this.#value(field, value, { path: title, depth, anys });
      }
    }
  }

  #unknown(number: number, path: string, fullName: string): void {
    const critical = (number & NON_CRITICAL_BIT) === 0;
    if (critical || !this.#allowNonCriticals) {
      throw new TypeError(`${path}: field ${number} is unknown in ${fullName}`);
    }
    this.hasUnknownNonCriticals = true;
  }

  #value(field: FieldSchema, bytes: Uint8Array, place: Place): void {
    if (field.kind === 'string') {
      const text = fromUtf8(bytes, place.path);
      if (field.custom !== undefined) checkCustom(field.custom, text, place.path);
    }
    if (field.kind !== 'message') return;
    if (field.typeName === ANY) {
      this.#any(field, bytes, place);
      return;
    }
    this.message(field.typeName, bytes, { ...place, depth: place.depth + 1 });
    if (field.typeName === TIMESTAMP) checkTimestamp(readInstant(bytes), place.path);
    if (field.typeName === DURATION) checkDuration(readInstant(bytes), place.path);
  }

  #any(field: FieldSchema, bytes: Uint8Array, { path, depth, anys }: Place): void {
    this.#countAny(path, anys + 1);
    this.message(ANY, bytes, { path, depth: depth + 1, anys });
    const { typeUrl, value } = readAny(this.#descriptors, bytes, path);
    const name = messageNameOf(typeUrl, `${path}.type_url`);
    if (!this.#descriptors.has(name)) {
      throw new TypeError(`${path}.type_url: message type "${typeUrl}" is unknown`);
    }
    if (!isAccepted(this.#descriptors, field.accepts, this.#descriptors.schema(name))) {
      throw new TypeError(`${path}.type_url: "${typeUrl}" does not implement ${field.accepts}`);
    }
    this.message(name, value, { path: `${path}.value`, depth: depth + 1, anys: anys + 1 });
  }

  #countAny(path: string, depth: number): void {
    this.#anys = depth === 1 ? 1 : this.#anys + 1;
    if (depth > MAX_ANY_DEPTH) {
      throw new TypeError(`${path}: an Any is nested more than ${MAX_ANY_DEPTH} deep`);
    }
    if (this.#anys > MAX_ANYS) throw new TypeError(`${path}: more than ${MAX_ANYS} Anys in one`);
  }
}

/** Seconds and nanoseconds of a Timestamp or Duration whose encoding was checked. */
function readInstant(bytes: Uint8Array): Instant {
  const reader = new ProtoReader(bytes, 'instant');
  let [seconds, nanos] = [0n, 0];
  while (!reader.done) {
    const { number, value } = reader.field();
    if (number === 1) seconds = BigInt.asIntN(64, value);
    if (number === 2) nanos = Number(BigInt.asIntN(64, value));
  }
  return { seconds, nanos };
}

/** Type URL and value of an Any. @throws TypeError naming `title` when the bytes are malformed. */
export function readAny(
  descriptors: Descriptors,
  bytes: Uint8Array,
  title: string,
): { readonly typeUrl: string; readonly value: Uint8Array } {
  const schema = descriptors.schema(ANY);
  let typeUrl = '';
  let value: Uint8Array = new Uint8Array(0);
  for (const [field, values] of readValues(schema, bytes, title)) {
    const content = values[0];
    if (!(content instanceof Uint8Array)) continue;
    if (field.name === 'type_url') typeUrl = fromUtf8(content, `${title}.type_url`);
    else value = content;
  }
  return { typeUrl, value };
}
