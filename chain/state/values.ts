/** Value codecs: how a typed value becomes the bytes of a store. */
import { equalBytes, fromBigEndian, fromUtf8, toBigEndian, toUtf8 } from '../../wire/bytes.ts';

export interface ValueCodec<V> {
  encode(value: V): Uint8Array;
  decode(bytes: Uint8Array): V;
}

/** The shape of a generated protobuf type. */
export interface MessageCodec<T> {
  /** Full protobuf name. */
  readonly $type: string;
  encode(message: T): { finish(): Uint8Array };
  decode(input: Uint8Array): T;
  fromPartial(object: Record<string, never>): T;
}

/** What a declaration takes for its values: a value codec or a generated protobuf type. */
export type Codec<V> = ValueCodec<V> | MessageCodec<V>;

/** A generated protobuf type as a value codec; a value codec as it is. */
export function valueCodec<V>(codec: Codec<V>): ValueCodec<V> {
  if (!('fromPartial' in codec)) return codec;
  return {
    encode: (value) => codec.encode(value).finish(),
    decode: (bytes) => codec.decode(bytes),
  };
}

/** uint64, 8 bytes big endian, as the SDK's collections keep sequences. */
export const uint64Value: ValueCodec<bigint> = {
  encode: (value) => toBigEndian(value, 8),
  decode(bytes) {
    if (bytes.length !== 8) throw new TypeError(`uint64: expected 8 bytes, got ${bytes.length}`);
    return fromBigEndian(bytes);
  },
};

/** An integer as decimal text, as the SDK keeps math.Int. */
export const integerValue: ValueCodec<bigint> = {
  encode: (value) => toUtf8(value.toString()),
  decode(bytes) {
    const small = smallInteger(bytes);
    if (small !== undefined) return small;
    const text = fromUtf8(bytes, 'integer');
    if (!/^(0|-?[1-9][0-9]*)$/.test(text)) {
      throw new TypeError(`integer: expected decimal digits, got "${text.slice(0, 80)}"`);
    }
    return BigInt(text);
  },
};

/** As many digits always make a number that is exact. */
const SMALL_DIGITS = 15;

/** An integer of few digits; undefined for any other text. */
function smallInteger(bytes: Uint8Array): bigint | undefined {
  const { length } = bytes;
  if (length === 0 || length > SMALL_DIGITS || (bytes[0] === 0x30 && length > 1)) return undefined;
  let value = 0;
  for (const byte of bytes) {
    if (byte < 0x30 || byte > 0x39) return undefined;
    value = value * 10 + (byte - 0x30);
  }
  return BigInt(value);
}

/**
 * A codec that remembers what it decoded last, for a value that is read often and seldom changes: parameters. What it
 * gives is frozen, since several readers share it.
 */
export function remembering<V>({ encode, decode }: ValueCodec<V>): ValueCodec<V> {
  let last: { readonly bytes: Uint8Array; readonly value: V } | undefined;
  return {
    encode,
    decode(bytes) {
      if (last !== undefined && equalBytes(last.bytes, bytes)) return last.value;
      const value = frozen(decode(bytes));
      last = { bytes: bytes.slice(), value };
      return value;
    },
  };
}

/** The value, which nobody can change from now on; bytes in it cannot be frozen. */
function frozen<V>(value: V): V {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

/** Bytes as they are. */
export const bytesValue: ValueCodec<Uint8Array> = {
  encode: (value) => value,
  decode: (bytes) => bytes,
};
