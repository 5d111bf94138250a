/**
 * Structures of fixed width, big endian: the layout is declared once, and the type, the encoder and
 * the strict decoder come from it.
 */
import { toBigEndian, toHex } from './bytes.ts';

/** An unsigned or signed integer of so many bits, or so many raw bytes. */
export type FieldType = 'u16' | 'u32' | 'u64' | 'i16' | 'i32' | `bytes${number}`;

/** The fields in the order of the bytes: name and type. */
export type Layout = readonly (readonly [name: string, type: FieldType])[];

/** 64-bit integers are bigint, smaller ones number. */
type FieldValue<Type extends FieldType> = Type extends `bytes${number}`
  ? Uint8Array
  : Type extends 'u64'
    ? bigint
    : number;

/** The value that a layout describes. */
export type ValueOf<Fields extends Layout> = {
  readonly [Field in Fields[number] as Field[0]]: FieldValue<Field[1]>;
};

/** The codec of one layout, always `size` bytes. */
export interface FixedCodec<Value> {
  readonly size: number;
  /** @throws TypeError naming the field that does not fit. */
  encode(value: Value): Uint8Array;
  /** @throws TypeError for another length or for bytes after the fields that are not zero. */
  decode(bytes: Uint8Array): Value;
}

/**
 * The codec of `fields`, padded with zeros to `size` bytes.
 * @throws RangeError when the fields need more than `size`.
 */
export function fixedLayout<const Fields extends Layout>(
  title: string,
  size: number,
  fields: Fields,
): FixedCodec<ValueOf<Fields>> {
  const encode = fixedEncoder(title, size, fields);
  return { size, encode, decode: fixedDecoder(title, size, fields) };
}

/** The encoder alone, for who must not pay for the decoder. @throws RangeError as `fixedLayout`. */
export function fixedEncoder<const Fields extends Layout>(
  title: string,
  size: number,
  fields: Fields,
): FixedCodec<ValueOf<Fields>>['encode'] {
  const end = endOf(fields);
  if (end > size) throw new RangeError(`${title}: fields need ${end} bytes, size is ${size}`);
  return (value) => {
    const out = new Uint8Array(size);
    forEachField(fields, (name, type, offset) => {
      writeField(out, offset, { title: `${title}.${name}`, type, value: read(value, name) });
    });
    return out;
  };
}

/** The decoder alone. */
export function fixedDecoder<const Fields extends Layout>(
  title: string,
  size: number,
  fields: Fields,
): FixedCodec<ValueOf<Fields>>['decode'] {
  const end = endOf(fields);
  return (bytes) => {
    if (bytes.length !== size) {
      throw new TypeError(`${title}: expected ${size} bytes, got ${bytes.length}`);
    }
    if (bytes.subarray(end).some((byte) => byte !== 0)) {
      const got = toHex(bytes.subarray(end));
      throw new TypeError(`${title}: expected zeros after byte ${end}, got ${got}`);
    }
    const entries: [string, unknown][] = [];
    forEachField(fields, (name, type, offset) => {
      entries.push([name, readField(bytes, offset, type)]);
    });
    return Object.fromEntries(entries) as ValueOf<Fields>;
  };
}

function endOf(fields: Layout): number {
  return fields.reduce((offset, [, type]) => offset + widthOf(type), 0);
}

function forEachField(
  fields: Layout,
  visit: (name: string, type: FieldType, offset: number) => void,
): void {
  let offset = 0;
  for (const [name, type] of fields) {
    visit(name, type, offset);
    offset += widthOf(type);
  }
}

function widthOf(type: FieldType): number {
  return isBytes(type) ? Number(type.slice(5)) : Number(type.slice(1)) / 8;
}

function isBytes(type: FieldType): type is `bytes${number}` {
  return type.startsWith('bytes');
}

function read(value: object, name: string): unknown {
  return (value as Readonly<Record<string, unknown>>)[name];
}

interface FieldToWrite {
  readonly title: string;
  readonly type: FieldType;
  readonly value: unknown;
}

function writeField(out: Uint8Array, offset: number, field: FieldToWrite): void {
  const { title, type, value } = field;
  const width = widthOf(type);
  if (isBytes(type)) {
    if (!(value instanceof Uint8Array) || value.length !== width) {
      const got = value instanceof Uint8Array ? `${value.length} bytes` : typeof value;
      throw new TypeError(`${title}: expected ${width} bytes, got ${got}`);
    }
    out.set(value, offset);
    return;
  }
  out.set(toBigEndian(BigInt.asUintN(8 * width, checkedInteger(field)), width), offset);
}

function checkedInteger({ title, type, value }: FieldToWrite): bigint {
  const isRightKind = type === 'u64' ? typeof value === 'bigint' : Number.isSafeInteger(value);
  const bits = BigInt(8 * widthOf(type));
  const [least, most] = type.startsWith('u')
    ? [0n, (1n << bits) - 1n]
    : [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n];
  const integer = isRightKind ? BigInt(value as bigint | number) : undefined;
  if (integer === undefined || integer < least || integer > most) {
    throw new TypeError(`${title}: expected an integer from ${least} to ${most}, got ${value}`);
  }
  return integer;
}

function readField(bytes: Uint8Array, offset: number, type: FieldType): unknown {
  if (isBytes(type)) return bytes.slice(offset, offset + widthOf(type));
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, widthOf(type));
  switch (type) {
    case 'u16':
      return view.getUint16(0);
    case 'u32':
      return view.getUint32(0);
    case 'u64':
      return view.getBigUint64(0);
    case 'i16':
      return view.getInt16(0);
    default:
      return view.getInt32(0);
  }
}
