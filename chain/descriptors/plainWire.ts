/**
 * The quick way through bytes that hold nothing unusual. It says yes only to what the strict walk would take without a
 * remark, and leaves everything else, also what it is not sure of, to that walk and its words.
 */
import { latin1 } from '../store/keyText.ts';
import type { Descriptors } from './descriptors.ts';
import { isAccepted } from './interfaces.ts';
import type { FieldSchema, MessageSchema } from './schema.ts';
import { ANY, DURATION, TIMESTAMP } from './wellKnown.ts';

/** Longer names are not remembered, and left to the strict walk. */
const MAX_TYPE_URL = 200;
/** Digits of a number that surely has no more than 256 bits. */
const MAX_DIGITS = 70;
/** As in the strict walk; beyond them that walk decides. */
const MAX_DEPTH = 16;
const MAX_MESSAGES = 10_000;
/** Fields are remembered as bits of a number. */
const MAX_FIELD = 30;

/** What may stand in a field. */
type PlainField =
  | { readonly kind: 'text' | 'integer' | 'bytes'; readonly repeated: boolean }
  /** `types` are those that may stand in it, as far as they were met. */
  | {
      readonly kind: 'any';
      readonly repeated: boolean;
      readonly accepts: FieldSchema['accepts'];
      readonly types: Map<string, string>;
    }
  /** A varint from 0 to `most`; one that is larger may still be right, and is left to the strict walk. */
  | { readonly kind: 'number'; readonly repeated: false; readonly most: number }
  | { readonly kind: 'message'; readonly repeated: boolean; readonly typeName: string };

type PlainMessage = readonly (PlainField | undefined)[];

/** Compiled messages by full name, of one set of descriptors. */
const compiled = new WeakMap<Descriptors, Map<string, PlainMessage>>();

/** Whether the strict walk would take the bytes as a message of that name, unknown fields not allowed. */
export function isPlain(descriptors: Descriptors, fullName: string, bytes: Uint8Array): boolean {
  return new PlainWalk(descriptors, bytes).message(fullName, bytes.length, 1);
}

class PlainWalk {
  readonly #descriptors: Descriptors;
  readonly #messages: Map<string, PlainMessage>;
  readonly #bytes: Uint8Array;
  #at = 0;
  #count = 0;
  #isInAny = false;

  constructor(descriptors: Descriptors, bytes: Uint8Array) {
    this.#descriptors = descriptors;
    this.#bytes = bytes;
    let messages = compiled.get(descriptors);
    if (messages === undefined) {
      messages = new Map();
      compiled.set(descriptors, messages);
    }
    this.#messages = messages;
  }

  /** From where the walk stands to `end`. */
  message(fullName: string, end: number, depth: number): boolean {
    this.#count += 1;
    if (depth > MAX_DEPTH || this.#count > MAX_MESSAGES) return false;
    const fields = this.#fieldsOf(fullName);
    let seen = 0;
    while (this.#at < end) {
      const tag = this.#varint(end);
      const number = tag >>> 3;
      if (tag < 0 || number > MAX_FIELD) return false;
      const field = fields[number];
      if (field === undefined) return false;
      const bit = 1 << number;
      if ((seen & bit) !== 0 && !field.repeated) return false;
      seen |= bit;
      if (!this.#field(field, tag & 7, end, depth)) return false;
    }
    return this.#at === end;
  }

  #field(field: PlainField, wireType: number, end: number, depth: number): boolean {
    if (field.kind === 'number') {
      if (wireType !== 0) return false;
      const value = this.#varint(end);
      return value >= 0 && value <= field.most;
    }
    if (wireType !== 2) return false;
    const length = this.#varint(end);
    const fieldEnd = this.#at + length;
    if (length < 0 || fieldEnd > end) return false;
    switch (field.kind) {
      case 'message':
        return this.message(field.typeName, fieldEnd, depth + 1);
      case 'any':
        return this.#any(field, fieldEnd, depth + 1);
      case 'text':
        return this.#ascii(fieldEnd);
      case 'integer':
        return this.#digits(fieldEnd);
      default:
        this.#at = fieldEnd;
        return true;
    }
  }

  /** Type URL and value, both written, in this order; one inside another is left to the strict walk. */
  #any(field: PlainField & { kind: 'any' }, end: number, depth: number): boolean {
    if (this.#isInAny) return false;
    this.#count += 1;
    const urlEnd = this.#partEnd(0x0a, end);
    const name = urlEnd < 0 ? undefined : this.#typeName(field, this.#at, urlEnd);
    if (name === undefined) return false;
    this.#at = urlEnd;
    if (this.#partEnd(0x12, end) !== end) return false;
    this.#isInAny = true;
    const isPlain = this.message(name, end, depth);
    this.#isInAny = false;
    return isPlain;
  }

  /** Where the part behind this tag and a length ends; -1 when something else stands there. */
  #partEnd(tag: number, end: number): number {
    if (this.#at >= end || this.#bytes[this.#at] !== tag) return -1;
    this.#at += 1;
    const length = this.#varint(end);
    return length < 0 || this.#at + length > end ? -1 : this.#at + length;
  }

  /** The full name behind the slash of a type URL, when such a message may stand in the field. */
  #typeName(
    { accepts, types }: PlainField & { kind: 'any' },
    from: number,
    to: number,
  ): string | undefined {
    if (to - from < 2 || to - from > MAX_TYPE_URL) return undefined;
    const url = latin1(this.#bytes, from, to);
    const known = types.get(url);
    if (known !== undefined) return known;
    const name = url.slice(1);
    const descriptors = this.#descriptors;
    if (!url.startsWith('/') || !descriptors.has(name)) return undefined;
    if (!isAccepted(descriptors, accepts, descriptors.schema(name))) return undefined;
    types.set(url, name);
    return name;
  }

  #digits(end: number): boolean {
    const bytes = this.#bytes;
    const count = end - this.#at;
    if (count < 1 || count > MAX_DIGITS || (bytes[this.#at] === 0x30 && count > 1)) return false;
    for (let i = this.#at; i < end; i++) if (bytes[i]! < 0x30 || bytes[i]! > 0x39) return false;
    this.#at = end;
    return true;
  }

  #ascii(end: number): boolean {
    const bytes = this.#bytes;
    for (let i = this.#at; i < end; i++) if (bytes[i]! > 0x7f) return false;
    this.#at = end;
    return true;
  }

  /** A minimal varint of at most 35 bits; -1 for any other. */
  #varint(end: number): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 5 && this.#at < end; i++) {
      const byte = this.#bytes[this.#at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return i > 0 && byte === 0 ? -1 : value;
      scale *= 128;
    }
    return -1;
  }

  #fieldsOf(fullName: string): PlainMessage {
    let fields = this.#messages.get(fullName);
    if (fields === undefined) {
      fields = plainMessage(this.#descriptors.schema(fullName));
      this.#messages.set(fullName, fields);
    }
    return fields;
  }
}

/** Whose content the strict walk looks at: it must be a point. */
const P256_KEY = 'cosmos.crypto.secp256r1.PubKey';

function plainMessage({ fullName, byNumber }: MessageSchema): PlainMessage {
  if (fullName === P256_KEY) return [];
  return Array.from({ length: MAX_FIELD + 1 }, (_, number) => {
    const field = byNumber.get(number);
    return field && plainField(field);
  });
}

function plainField(field: FieldSchema): PlainField | undefined {
  const { kind, repeated, typeName, custom } = field;
  switch (kind) {
    case 'string':
      if (custom === 'Dec') return undefined;
      return { kind: custom === 'Int' ? 'integer' : 'text', repeated };
    case 'bytes':
      return { kind: 'bytes', repeated };
    case 'message':
      if (typeName === TIMESTAMP || typeName === DURATION) return undefined;
      if (typeName !== ANY) return { kind: 'message', repeated, typeName };
      return { kind: 'any', repeated, accepts: field.accepts, types: new Map() };
    case 'fixed64':
    case 'sfixed64':
    case 'sint32':
    case 'sint64':
      return undefined;
    default:
      return repeated ? undefined : { kind: 'number', repeated, most: MOST[kind] };
  }
}

/** 35 bits are all that is read at once. */
const MOST = {
  bool: 1,
  enum: 2 ** 31 - 1,
  int32: 2 ** 31 - 1,
  uint32: 2 ** 32 - 1,
  int64: 2 ** 35 - 1,
  uint64: 2 ** 35 - 1,
} as const;
