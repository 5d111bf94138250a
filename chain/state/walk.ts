/** Walking a collection in the order of its keys, as a whole, from a key on, or within a first part. */
import { concatBytes, equalBytes } from '../../wire/bytes.ts';
import { type KeyCodec, keyAfter, prefixEnd } from '../../wire/keys.ts';
import type { KVStore } from '../store/kvStore.ts';

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

/** Whether two keys are the same bytes. */
export function sameKey<X>(codec: KeyCodec<X>, a: X, b: X): boolean {
  return equalBytes(codec.encodePart(a), codec.encodePart(b));
}

/** Walks the entries under a prefix, keys without it. */
export function* scan<K>(
  store: KVStore,
  own: Uint8Array,
  keys: KeyCodec<K>,
  walk: Walk<K>,
): Iterable<readonly [K, Uint8Array]> {
  const within = concatBytes(own, walk.within ?? new Uint8Array(0));
  const origin = walk.fromBytes ?? (walk.from === undefined ? undefined : keys.encode(walk.from));
  const from = origin === undefined ? undefined : concatBytes(own, origin);
  const range = walk.reverse
    ? { start: within, end: from === undefined ? prefixEnd(within) : keyAfter(from), reverse: true }
    : { start: from ?? within, end: prefixEnd(within) };
  for (const [key, value] of store.iterate(range)) {
    yield [keys.decode(key.subarray(own.length)), value];
  }
}
