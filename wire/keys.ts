/**
 * Key codecs: how typed keys become the bytes under which a store keeps a value. They sort as their values do.
 * In front of another part a key delimits itself as the SDK's collections do: text ends in a zero byte, byte
 * strings stand behind their length. A client uses the same codecs to ask for the key that it wants proven.
 */
import {
  concatBytes,
  fromBigEndian,
  fromHex,
  fromUtf8,
  toBigEndian,
  toHex,
  toUtf8,
} from './bytes.ts';

export interface KeyCodec<K> {
  /** The key as the last part. */
  encode(key: K): Uint8Array;
  /** @throws TypeError when the bytes are not such a key. */
  decode(bytes: Uint8Array): K;
  /** The key in front of another part. */
  encodePart(key: K): Uint8Array;
  /** Reads such a part and says where the next begins. */
  decodePart(bytes: Uint8Array, offset: number): readonly [K, number];
  /**
   * Writes what `encode` gives into an array, and says where it ends: for keys that are asked for all the time.
   * Negative when it has no room or is unusual in any way, and what was written means nothing: `encode` then decides.
   */
  write?(key: K, out: Uint8Array, at: number): number;
  /** The same for `encodePart`. */
  writePart?(key: K, out: Uint8Array, at: number): number;
}

/** A key that is left to `encode`. */
const UNWRITTEN = -1;

function writeBytes(key: Uint8Array, out: Uint8Array, at: number): number {
  const end = at + key.length;
  if (at < 0 || end > out.length) return UNWRITTEN;
  for (let i = 0; i < key.length; i++) out[at + i] = key[i]!;
  return end;
}

function writeBehindLength(key: Uint8Array, out: Uint8Array, at: number): number {
  if (at < 0 || at >= out.length || key.length > 255) return UNWRITTEN;
  out[at] = key.length;
  return writeBytes(key, out, at + 1);
}

/** Text of ASCII characters but the zero one. */
function writeText(key: string, out: Uint8Array, at: number): number {
  const end = at + key.length;
  if (at < 0 || end > out.length) return UNWRITTEN;
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i);
    if (code === 0 || code > 0x7f) return UNWRITTEN;
    out[at + i] = code;
  }
  return end;
}

function writeTextPart(key: string, out: Uint8Array, at: number): number {
  const end = writeText(key, out, at);
  if (end < 0 || end >= out.length) return UNWRITTEN;
  out[end] = 0;
  return end + 1;
}

function take(bytes: Uint8Array, offset: number, length: number): Uint8Array {
  if (offset + length > bytes.length) {
    throw new TypeError(`key: expected ${length} bytes at ${offset}, got ${bytes.length - offset}`);
  }
  return bytes.subarray(offset, offset + length);
}

function fixedWidth<K>(
  width: number,
  encode: (key: K) => Uint8Array,
  decode: (bytes: Uint8Array) => K,
): KeyCodec<K> {
  const checked = (bytes: Uint8Array): Uint8Array => {
    if (bytes.length !== width)
      throw new TypeError(`key: expected ${width} bytes, got ${bytes.length}`);
    return bytes;
  };
  const encodeChecked = (key: K) => checked(encode(key));
  return {
    encode: encodeChecked,
    decode: (bytes) => decode(checked(bytes)),
    encodePart: encodeChecked,
    decodePart: (bytes, offset) => [decode(take(bytes, offset, width)), offset + width],
  };
}

/** uint64, 8 bytes big endian. */
export const uint64Key: KeyCodec<bigint> = /* @__PURE__ */ fixedWidth(
  8,
  (key) => toBigEndian(key, 8),
  fromBigEndian,
);

/** int64, 8 bytes big endian with the sign bit turned over, so that negative numbers come first. */
export const int64Key: KeyCodec<bigint> = /* @__PURE__ */ fixedWidth(
  8,
  (key) => toBigEndian(key + (1n << 63n), 8),
  (bytes) => fromBigEndian(bytes) - (1n << 63n),
);

/** uint32, 4 bytes big endian. */
export const uint32Key: KeyCodec<number> = /* @__PURE__ */ fixedWidth(
  4,
  (key) => toBigEndian(BigInt(key), 4),
  (bytes) => Number(fromBigEndian(bytes)),
);

/** Raw bytes of one fixed length. */
export const fixedBytesKey = (length: number): KeyCodec<Uint8Array> =>
  fixedWidth(
    length,
    (key) => key,
    (bytes) => bytes,
  );

/** Lower-case hex text of `length` bytes, kept as those bytes. */
export const hexKey = (length: number): KeyCodec<string> =>
  fixedWidth(length, (key) => fromHex(key, 'key'), toHex);

/** UTF-8 text without zero bytes. */
export const textKey: KeyCodec<string> = {
  encode: toUtf8,
  decode: (bytes) => fromUtf8(bytes, 'key'),
  encodePart(key) {
    if (key.includes('\0'))
      throw new TypeError('key: text in front of another part holds a zero byte');
    return concatBytes(toUtf8(key), Uint8Array.of(0));
  },
  decodePart(bytes, offset) {
    const end = bytes.indexOf(0, offset);
    if (end < 0) throw new TypeError('key: text is not ended by a zero byte');
    return [fromUtf8(bytes.subarray(offset, end), 'key'), end + 1];
  },
  write: writeText,
  writePart: writeTextPart,
};

function prefixedWithLength(key: Uint8Array): Uint8Array {
  if (key.length > 255) throw new TypeError(`key: expected at most 255 bytes, got ${key.length}`);
  const out = new Uint8Array(1 + key.length);
  out[0] = key.length;
  out.set(key, 1);
  return out;
}

function readPrefixedWithLength(bytes: Uint8Array, offset: number): readonly [Uint8Array, number] {
  const length = take(bytes, offset, 1)[0]!;
  return [take(bytes, offset + 1, length), offset + 1 + length];
}

/** An account address: raw as the last part, behind its length in front of another (the SDK's AccAddressKey). */
export const addressKey: KeyCodec<Uint8Array> = {
  encode: (key) => key,
  decode: (bytes) => bytes,
  encodePart: prefixedWithLength,
  decodePart: readPrefixedWithLength,
  write: writeBytes,
  writePart: writeBehindLength,
};

/** An address that stands behind its length everywhere, as in the older stores of the SDK (staking). */
export const lengthPrefixedAddressKey: KeyCodec<Uint8Array> = {
  encode: prefixedWithLength,
  decode(bytes) {
    const [key, end] = readPrefixedWithLength(bytes, 0);
    if (end !== bytes.length) throw new TypeError('key: address has bytes behind it');
    return key;
  },
  encodePart: prefixedWithLength,
  decodePart: readPrefixedWithLength,
  write: writeBehindLength,
  writePart: writeBehindLength,
};

/** Two keys in order; all pairs with one first part stand together. */
export function pair<A, B>(first: KeyCodec<A>, second: KeyCodec<B>): KeyCodec<readonly [A, B]> {
  return {
    encode: ([a, b]) => concatBytes(first.encodePart(a), second.encode(b)),
    decode(bytes) {
      const [a, next] = first.decodePart(bytes, 0);
      return [a, second.decode(bytes.subarray(next))];
    },
    encodePart: ([a, b]) => concatBytes(first.encodePart(a), second.encodePart(b)),
    decodePart(bytes, offset) {
      const [a, middle] = first.decodePart(bytes, offset);
      const [b, next] = second.decodePart(bytes, middle);
      return [[a, b], next];
    },
    ...pairWriters(first, second),
  };
}

/** What writes a pair, where both of its parts can be written. */
function pairWriters<A, B>(
  first: KeyCodec<A>,
  second: KeyCodec<B>,
): Pick<KeyCodec<readonly [A, B]>, 'write' | 'writePart'> {
  if (first.writePart === undefined || second.write === undefined) return {};
  if (second.writePart === undefined) return {};
  const [writeFirst, writeLast, writeMiddle] = [first.writePart, second.write, second.writePart];
  return {
    write: (key, out, at) => writeLast(key[1], out, writeFirst(key[0], out, at)),
    writePart: (key, out, at) => writeMiddle(key[1], out, writeFirst(key[0], out, at)),
  };
}

/** The prefix that all pairs with this first part share: what a scan over them starts with. */
export function partPrefix<A>(first: KeyCodec<A>, key: A): Uint8Array {
  return first.encodePart(key);
}

/** The first key after all that begin with these bytes; undefined when there is none. */
export function prefixEnd(prefix: Uint8Array): Uint8Array | undefined {
  for (let length = prefix.length; length > 0; length--) {
    const last = prefix[length - 1]!;
    if (last < 0xff) return concatBytes(prefix.subarray(0, length - 1), Uint8Array.of(last + 1));
  }
  return undefined;
}

/** The first key after a key: nothing lies between the two. */
export function keyAfter(key: Uint8Array): Uint8Array {
  return concatBytes(key, Uint8Array.of(0));
}
