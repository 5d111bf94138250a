/** Value codecs: how a typed value becomes the bytes of a store. */
import { fromBigEndian, fromUtf8, toBigEndian, toUtf8 } from '../../wire/bytes.ts';

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
    const text = fromUtf8(bytes, 'integer');
    if (!/^(0|-?[1-9][0-9]*)$/.test(text)) {
      throw new TypeError(`integer: expected decimal digits, got "${text.slice(0, 80)}"`);
    }
    return BigInt(text);
  },
};

/** Bytes as they are. */
export const bytesValue: ValueCodec<Uint8Array> = {
  encode: (value) => value,
  decode: (bytes) => bytes,
};
