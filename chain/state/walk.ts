/** Walking a collection in the order of its keys, as a whole, from a key on, or within a first part. */
import { compareBytes, concatBytes, equalBytes } from '../../wire/bytes.ts';
import { type KeyCodec, keyAfter, prefixEnd } from '../../wire/keys.ts';
import type { KeyRange, KVStore } from '../store/kvStore.ts';

/** How far and which way to walk; all entries in order unless it says otherwise. */
export interface Walk<K> {
  readonly from?: K;
  readonly reverse?: boolean;
  /** Encoded prefix of the keys behind the collection's own, made with `partPrefix`. */
  readonly within?: Uint8Array;
  /** Encoded key (without the collection's prefix) to start from, as pagination hands out. */
  readonly fromBytes?: Uint8Array;
}

/** What can be walked and paged through. */
export interface Walkable<K, V> {
  /** Entries in the order of their keys. */
  entries(walk?: Walk<K>): Iterable<readonly [K, V]>;
  /** The key without the collection's prefix: what pagination hands out. */
  keyBytes(key: K): Uint8Array;
}

/** The values of entries, as they are walked. */
export function* valuesOf<V>(entries: Iterable<readonly [unknown, V]>): Iterable<V> {
  for (const [, value] of entries) yield value;
}

/** Whether two keys are the same bytes, as the last part. */
export function sameKey<X>(codec: KeyCodec<X>, a: X, b: X): boolean {
  return equalBytes(codec.encode(a), codec.encode(b));
}

/** Whether two keys are the same bytes in front of another part. */
export function samePart<X>(codec: KeyCodec<X>, a: X, b: X): boolean {
  return equalBytes(codec.encodePart(a), codec.encodePart(b));
}

/** Walks the entries under a prefix, keys without it; whatever it begins from, nothing outside of `within`. */
export function* scan<K>(
  store: KVStore,
  own: Uint8Array,
  keys: KeyCodec<K>,
  walk: Walk<K>,
): Iterable<readonly [K, Uint8Array]> {
  for (const [key, value] of store.iterate(rangeOf(own, keys, walk))) {
    yield [keys.decode(key.subarray(own.length)), value];
  }
}

function rangeOf<K>(own: Uint8Array, keys: KeyCodec<K>, walk: Walk<K>): KeyRange {
  const start = concatBytes(own, walk.within ?? new Uint8Array(0));
  const end = prefixEnd(start);
  const origin = walk.fromBytes ?? (walk.from === undefined ? undefined : keys.encode(walk.from));
  if (origin === undefined) return { start, end, reverse: walk.reverse };
  const from = concatBytes(own, origin);
  if (!walk.reverse) return { start: compareBytes(from, start) < 0 ? start : from, end };
  const isBehind = end !== undefined && compareBytes(from, end) >= 0;
  return { start, end: isBehind ? end : keyAfter(from), reverse: true };
}
