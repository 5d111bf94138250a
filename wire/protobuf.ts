/**
 * A small protobuf writer and a strict reader, for the formats whose exact bytes are hashed or signed.
 * The reader refuses what a canonical encoder never writes: non-minimal varints, field number zero,
 * groups, lengths beyond the end (https://protobuf.dev/programming-guides/encoding/).
 */
import { concatBytes, fromUtf8, joinBytes, toUtf8 } from './bytes.ts';

export type WireType = 0 | 1 | 2 | 5;

const MAX_UINT64 = (1n << 64n) - 1n;

/** Varints of one byte, shared by all writers, which copy them: most tags, lengths and enums. */
const ONE_BYTE: readonly Uint8Array[] = Array.from({ length: 0x80 }, (_, value) =>
  Uint8Array.of(value),
);

function sharedVarint(value: bigint | number): Uint8Array {
  const shared = value >= 0 && value < 0x80 ? ONE_BYTE[Number(value)] : undefined;
  return shared ?? encodeVarint(value);
}

/** An unsigned varint (LEB128). Negative values are taken as 64-bit two's complement. */
export function encodeVarint(value: bigint | number): Uint8Array {
  if (isExact(value)) return shortVarint(Number(value));
  let rest = BigInt.asUintN(64, BigInt(value));
  const out: number[] = [];
  while (rest > 0x7fn) {
    out.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  out.push(Number(rest));
  return Uint8Array.from(out);
}

const isExact = (value: bigint | number): boolean =>
  value >= 0 &&
  value <= Number.MAX_SAFE_INTEGER &&
  (typeof value === 'bigint' || Number.isInteger(value));

/** The same of a number that is exact: without big integers. */
function shortVarint(value: number): Uint8Array {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length += 1;
  const out = new Uint8Array(length);
  let rest = value;
  for (let i = 0; i < length - 1; i++) {
    out[i] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  out[length - 1] = rest;
  return out;
}

/**
 * Writes the fields of one message in the order of the calls.
 * Scalars at their default value are left out, as proto3 does; `message` and `bytesAlways` write always.
 */
export class ProtoWriter {
  readonly #parts: Uint8Array[] = [];

  #tag(field: number, wireType: WireType): void {
    this.#parts.push(sharedVarint((field << 3) | wireType));
  }

  /** uint32, uint64, int32, int64, bool, enum. */
  varint(field: number, value: bigint | number | boolean): this {
    const number = typeof value === 'boolean' ? Number(value) : value;
    if (number === 0 || number === 0n) return this;
    this.#tag(field, 0);
    this.#parts.push(sharedVarint(number));
    return this;
  }

  /** sfixed64 (little endian). */
  sfixed64(field: number, value: bigint): this {
    if (value === 0n) return this;
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigInt64(0, value, true);
    this.#tag(field, 1);
    this.#parts.push(bytes);
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    return value.length === 0 ? this : this.message(field, value);
  }

  string(field: number, value: string): this {
    return this.bytes(field, toUtf8(value));
  }

  /** An embedded message or a repeated bytes element: written even when it is empty. */
  message(field: number, encoded: Uint8Array): this {
    this.#tag(field, 2);
    this.#parts.push(sharedVarint(encoded.length), encoded);
    return this;
  }

  finish(): Uint8Array {
    return joinBytes(this.#parts);
  }
}

/** The bytes of a message behind their own length, as CometBFT signs and sends them. */
export function lengthDelimited(encoded: Uint8Array): Uint8Array {
  return concatBytes(sharedVarint(encoded.length), encoded);
}

/** One field as it stands on the wire: `value` for varints, `bytes` for everything else. */
export interface ProtoField {
  readonly number: number;
  readonly wireType: WireType;
  readonly value: bigint;
  readonly bytes: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);

/** Reads one message field by field. @throws TypeError that names the message and the byte offset. */
export class ProtoReader {
  #offset = 0;
  readonly #bytes: Uint8Array;
  readonly #title: string;

  constructor(bytes: Uint8Array, title: string) {
    this.#bytes = bytes;
    this.#title = title;
  }

  get done(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  fail(reason: string): TypeError {
    return new TypeError(`${this.#title}: ${reason} at byte ${this.#offset}`);
  }

  varint(): bigint {
    const first = this.#bytes[this.#offset];
    if (first !== undefined && first < 0x80) {
      this.#offset += 1;
      return BigInt(first);
    }
    let value = 0n;
    for (let i = 0; i < 10; i++) {
      const byte = this.#bytes[this.#offset];
      if (byte === undefined) throw this.fail('varint is cut short');
      this.#offset++;
      value |= BigInt(byte & 0x7f) << BigInt(7 * i);
      if (byte < 0x80) {
        if (i > 0 && byte === 0) throw this.fail('varint is not minimal');
        if (value > MAX_UINT64) throw this.fail('varint is over 64 bits');
        return value;
      }
    }
    throw this.fail('varint is over 10 bytes');
  }

  take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#offset) throw this.fail(`${length} bytes are missing`);
    this.#offset += length;
    return this.#bytes.subarray(this.#offset - length, this.#offset);
  }

  /** A varint of one or two bytes as a number; undefined when it is longer, and nothing is read then. */
  #short(): number | undefined {
    const first = this.#bytes[this.#offset];
    if (first === undefined) return undefined;
    if (first < 0x80) {
      this.#offset += 1;
      return first;
    }
    const second = this.#bytes[this.#offset + 1];
    if (second === undefined || second === 0 || second >= 0x80) return undefined;
    this.#offset += 2;
    return (first & 0x7f) | (second << 7);
  }

  field(): ProtoField {
    const tag = this.#short() ?? this.varint();
    const number = typeof tag === 'number' ? tag >> 3 : Number(tag >> 3n);
    const wireType = typeof tag === 'number' ? tag & 7 : Number(tag & 7n);
    if (number === 0 || number > 0x1fffffff) throw this.fail(`field number ${number} is invalid`);
    switch (wireType) {
      case 0:
        return { number, wireType, value: this.varint(), bytes: NO_BYTES };
      case 1:
        return { number, wireType, value: 0n, bytes: this.take(8) };
      case 2: {
        const length = this.#short() ?? this.varint();
        if (length > this.#bytes.length) throw this.fail(`${length} bytes are missing`);
        return { number, wireType, value: 0n, bytes: this.take(Number(length)) };
      }
      case 5:
        return { number, wireType, value: 0n, bytes: this.take(4) };
      default:
        throw this.fail(`wire type ${wireType} is not supported`);
    }
  }
}

/** What a message may hold: field number to its name, wire type and whether it may repeat. */
export type MessageShape = Readonly<
  Record<number, { readonly name: string; readonly wireType: WireType; readonly repeated?: true }>
>;

/**
 * All fields of a message in wire order, checked against its shape.
 * @throws TypeError for an unknown field, a wrong wire type, or a second copy of a field that is not repeated.
 */
export function readFields(bytes: Uint8Array, title: string, shape: MessageShape): ProtoField[] {
  const reader = new ProtoReader(bytes, title);
  const fields: ProtoField[] = [];
  while (!reader.done) {
    const field = nextField(reader, shape);
    const { name, repeated } = shape[field.number]!;
    if (!repeated && fields.some(({ number }) => number === field.number)) {
      throw reader.fail(`field ${name} stands twice`);
    }
    fields.push(field);
  }
  return fields;
}

/** The next field of a message. @throws TypeError for an unknown field or a wrong wire type. */
export function nextField(reader: ProtoReader, shape: MessageShape): ProtoField {
  const field = reader.field();
  const expected = shape[field.number];
  if (expected === undefined) throw reader.fail(`field ${field.number} is unknown`);
  if (expected.wireType === field.wireType) return field;
  throw reader.fail(
    `field ${expected.name} has wire type ${field.wireType}, expected ${expected.wireType}`,
  );
}

/** The text of a string field. @throws TypeError when it is not valid UTF-8. */
export function textOf(field: ProtoField, title: string): string {
  return fromUtf8(field.bytes, title);
}

/** A varint field as int64. Takes every 64-bit pattern, so it cannot fail. */
export function int64Of(field: ProtoField): bigint {
  return BigInt.asIntN(64, field.value);
}

/** A varint field as int32. @throws TypeError naming `title` when it is not a sign-extended int32. */
export function int32Of(field: ProtoField, title: string): number {
  const value = int64Of(field);
  if (BigInt.asIntN(32, value) !== value) {
    throw new TypeError(`${title}: expected an int32, got ${value}`);
  }
  return Number(value);
}

/** A varint field as uint32. @throws TypeError naming `title` when it is over 32 bits. */
export function uint32Of(field: ProtoField, title: string): number {
  if (field.value > 0xffff_ffffn) {
    throw new TypeError(`${title}: expected a uint32, got ${field.value}`);
  }
  return Number(field.value);
}
