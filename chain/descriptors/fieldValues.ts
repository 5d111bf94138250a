/** From the fields on the wire to the values of a schema. */
import { concatBytes } from '../../wire/bytes.ts';
import { encodeVarint, type ProtoField, ProtoReader } from '../../wire/protobuf.ts';
import type { FieldSchema, MessageSchema } from './schema.ts';

/** Integers, booleans and enums as bigint, everything else as bytes. */
export type FieldValue = bigint | Uint8Array;

const LENGTH_DELIMITED: ReadonlySet<FieldSchema['kind']> = new Set(['string', 'bytes', 'message']);
const FIXED_64: ReadonlySet<FieldSchema['kind']> = new Set(['fixed64', 'sfixed64']);

/**
 * The values that one field on the wire holds: one, or many when it is packed.
 * @throws TypeError naming `title` for a wrong wire type, a number out of range or broken packing.
 */
export function valuesOf(field: FieldSchema, wire: ProtoField, title: string): FieldValue[] {
  if (LENGTH_DELIMITED.has(field.kind)) {
    if (wire.wireType !== 2) throw wrongWireType(field, wire, title);
    return [wire.bytes];
  }
  const expected = FIXED_64.has(field.kind) ? 1 : 0;
  if (wire.wireType === expected) {
    return [toNumber(field, expected === 1 ? littleEndian(wire.bytes) : wire.value, title)];
  }
  if (wire.wireType !== 2 || !field.repeated) throw wrongWireType(field, wire, title);
  const reader = new ProtoReader(wire.bytes, title);
  const values: FieldValue[] = [];
  while (!reader.done) {
    const raw = expected === 1 ? littleEndian(reader.take(8)) : reader.varint();
    values.push(toNumber(field, raw, title));
  }
  return values;
}

function wrongWireType(field: FieldSchema, wire: ProtoField, title: string): TypeError {
  return new TypeError(`${title}: wire type ${wire.wireType} does not fit type ${field.kind}`);
}

function littleEndian(bytes: Uint8Array): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
}

function toNumber(field: FieldSchema, raw: bigint, title: string): bigint {
  const value = interpret(field.kind, raw);
  const [low, high] = rangeOf(field.kind);
  if (value < low || value > high) {
    throw new TypeError(`${title}: ${value} is out of range for ${field.kind}`);
  }
  return value;
}

function interpret(kind: FieldSchema['kind'], raw: bigint): bigint {
  switch (kind) {
    case 'sint32':
    case 'sint64':
      return (raw >> 1n) ^ -(raw & 1n);
    case 'int32':
    case 'int64':
    case 'sfixed64':
    case 'enum':
      return BigInt.asIntN(64, raw);
    default:
      return raw;
  }
}

/** Lowest and highest value of an integer type, both included. */
export function rangeOf(kind: FieldSchema['kind']): readonly [bigint, bigint] {
  switch (kind) {
    case 'bool':
      return [0n, 1n];
    case 'int32':
    case 'sint32':
    case 'enum':
      return [-(2n ** 31n), 2n ** 31n - 1n];
    case 'uint32':
      return [0n, 2n ** 32n - 1n];
    case 'int64':
    case 'sint64':
    case 'sfixed64':
      return [-(2n ** 63n), 2n ** 63n - 1n];
    default:
      return [0n, 2n ** 64n - 1n];
  }
}

/** A number without its tag, as it stands alone or inside a packed field. */
export function encodeNumber(kind: FieldSchema['kind'], value: bigint): Uint8Array {
  if (FIXED_64.has(kind)) {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value), true);
    return bytes;
  }
  const zigzag = kind === 'sint32' || kind === 'sint64';
  return encodeVarint(zigzag ? BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)) : value);
}

/** A field with its tag. `body` is a number from `encodeNumber`, or what stands behind a length. */
export function encodeField(
  number: number,
  kind: FieldSchema['kind'],
  body: Uint8Array,
): Uint8Array {
  if (FIXED_64.has(kind)) return concatBytes(encodeVarint((number << 3) | 1), body);
  if (!LENGTH_DELIMITED.has(kind)) return concatBytes(encodeVarint(number << 3), body);
  return concatBytes(encodeVarint((number << 3) | 2), encodeVarint(body.length), body);
}

/**
 * All known fields of a message. A field number that the schema does not know is skipped, as newer senders
 * may write it; a message that stands twice is merged, as protobuf demands.
 * @throws TypeError naming `title` when the bytes are malformed.
 */
export function readValues(
  schema: MessageSchema,
  bytes: Uint8Array,
  title: string,
): Map<FieldSchema, FieldValue[]> {
  const values = new Map<FieldSchema, FieldValue[]>();
  const reader = new ProtoReader(bytes, title);
  while (!reader.done) {
    const wire = reader.field();
    const field = schema.byNumber.get(wire.number);
    if (field === undefined) continue;
    const found = valuesOf(field, wire, `${title}.${field.name}`);
    const earlier = values.get(field);
    if (earlier === undefined) values.set(field, found);
    else if (field.repeated) for (const value of found) earlier.push(value);
    else values.set(field, mergeSingular(field, earlier[0], found));
  }
  return values;
}

function mergeSingular(
  field: FieldSchema,
  earlier: FieldValue | undefined,
  found: FieldValue[],
): FieldValue[] {
  const later = found[0];
  const bothBytes = earlier instanceof Uint8Array && later instanceof Uint8Array;
  return field.kind === 'message' && bothBytes ? [concatBytes(earlier, later)] : found;
}
