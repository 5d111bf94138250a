/**
 * Typed state. A module declares its collections once, each under an explicit prefix; the prefix bytes are consensus
 * data and are never used again for anything else. Opened on a store, a collection reads and writes through it.
 */
import { concatBytes } from '../../wire/bytes.ts';
import { type KeyCodec, pair } from '../../wire/keys.ts';
import { ChainError } from '../module/errors.ts';
import type { Declaration } from './declarations.ts';
import { type Prefix, prefixBytes } from './prefix.ts';
import { type Codec, uint64Value, valueCodec } from './values.ts';
import { sameKey, scan, type Walkable } from './walk.ts';

export type { Declaration, Declarations, Opened, ReadOnly } from './declarations.ts';

export interface ReadonlyItem<V> {
  get(): V | undefined;
  /** @throws ChainError sdk/38 when nothing was stored. */
  must(): V;
}

export interface Item<V> extends ReadonlyItem<V> {
  set(value: V): void;
  delete(): void;
}

export interface ReadonlyMapOf<K, V, I> extends Walkable<K, V> {
  get(key: K): V | undefined;
  /** @throws ChainError sdk/38 naming the key when there is none. */
  must(key: K): V;
  has(key: K): boolean;
  /** Entries that have this value in the index, in the order of their keys. */
  readonly by: { readonly [N in keyof I]: (value: I[N]) => Iterable<readonly [K, V]> };
}

export interface MapOf<K, V, I> extends ReadonlyMapOf<K, V, I> {
  set(key: K, value: V): void;
  delete(key: K): void;
}

export interface ReadonlyKeySet<K> extends Walkable<K, true> {
  has(key: K): boolean;
}

export interface KeySet<K> extends ReadonlyKeySet<K> {
  add(key: K): void;
  remove(key: K): void;
}

export interface ReadonlySequence {
  /** The number that comes next. */
  peek(): bigint;
}

export interface Sequence extends ReadonlySequence {
  /** The number that comes next, which is then used up. */
  next(): bigint;
  set(next: bigint): void;
}

/** One value. */
export function item<V>(prefix: Prefix, codec: Codec<V>): Declaration<Item<V>, ReadonlyItem<V>> {
  const key = prefixBytes(prefix);
  const values = valueCodec(codec);
  return {
    prefixes: [key],
    open: (store) => ({
      get() {
        const bytes = store.get(key);
        return bytes === undefined ? undefined : values.decode(bytes);
      },
      must() {
        const bytes = store.get(key);
        if (bytes === undefined) throw new ChainError('sdk', 38, 'item is not set: not found');
        return values.decode(bytes);
      },
      set: (value) => store.set(key, values.encode(value)),
      delete: () => store.delete(key),
    }),
  };
}

/** A counter that hands out 1, 2, 3 … or, with `first`, from there on. */
export function sequence(prefix: Prefix, first = 1n): Declaration<Sequence, ReadonlySequence> {
  const key = prefixBytes(prefix);
  return {
    prefixes: [key],
    open(store) {
      const peek = (): bigint => {
        const bytes = store.get(key);
        return bytes === undefined ? first : uint64Value.decode(bytes);
      };
      const set = (next: bigint): void => store.set(key, uint64Value.encode(next));
      return {
        peek,
        set,
        next() {
          const number = peek();
          set(number + 1n);
          return number;
        },
      };
    },
  };
}

/** A second order over the entries of a map: under `prefix` stands (index value, key). */
export interface Index<V, X> {
  readonly prefix: Prefix;
  readonly codec: KeyCodec<X>;
  /** The value under which an entry is found; undefined leaves it out. */
  readonly of: (value: V) => X | undefined;
}

/** An index that several entries may share a value in. */
export function index<V, X>(
  prefix: Prefix,
  codec: KeyCodec<X>,
  of: (value: V) => X | undefined,
): Index<V, X> {
  return { prefix, codec, of };
}

type Indexes<V, I> = { readonly [N in keyof I]: Index<V, I[N]> };

/** A map of typed keys to typed values, with indexes kept up to date by every write. */
export function map<K, V, I = Record<never, never>>(
  prefix: Prefix,
  keys: KeyCodec<K>,
  codec: Codec<V>,
  indexes?: Indexes<V, I>,
): Declaration<MapOf<K, V, I>, ReadonlyMapOf<K, V, I>> {
  const own = prefixBytes(prefix);
  const opened = Object.entries<Index<V, unknown>>(indexes ?? {}).map(([name, declared]) => ({
    name,
    of: declared.of,
    set: keySet(declared.prefix, pair(declared.codec, keys)),
    codec: declared.codec,
  }));
  const values = valueCodec(codec);
  return {
    prefixes: [own, ...opened.flatMap((each) => each.set.prefixes)],
    open(store) {
      const at = (key: K): Uint8Array => concatBytes(own, keys.encode(key));
      const get = (key: K): V | undefined => {
        const bytes = store.get(at(key));
        return bytes === undefined ? undefined : values.decode(bytes);
      };
      const must = (key: K): V => {
        const value = get(key);
        if (value === undefined) throw new ChainError('sdk', 38, `${String(key)}: not found`);
        return value;
      };
      const sets = opened.map((each) => ({ ...each, set: each.set.open(store) }));
      const reindex = (key: K, before: V | undefined, after: V | undefined): void => {
        for (const { of, set, codec: indexKeys } of sets) {
          const [old, next] = [before && of(before), after && of(after)];
          if (old !== undefined && next !== undefined && sameKey(indexKeys, old, next)) continue;
          if (old !== undefined) set.remove([old, key]);
          if (next !== undefined) set.add([next, key]);
        }
      };
      const by = Object.fromEntries(
        sets.map(({ name, set, codec: indexKeys }) => [
          name,
          function* (value: unknown) {
            const within = indexKeys.encodePart(value);
            for (const [[, key]] of set.entries({ within })) yield [key, must(key)] as const;
          },
        ]),
      ) as unknown as ReadonlyMapOf<K, V, I>['by'];
      return {
        get,
        must,
        has: (key) => store.has(at(key)),
        keyBytes: (key) => keys.encode(key),
        set(key, value) {
          if (sets.length > 0) reindex(key, get(key), value);
          store.set(at(key), values.encode(value));
        },
        delete(key) {
          if (sets.length > 0) reindex(key, get(key), undefined);
          store.delete(at(key));
        },
        *entries(walk = {}) {
          for (const [key, value] of scan(store, own, keys, walk))
            yield [key, values.decode(value)];
        },
        by,
      };
    },
  };
}

/** A set of typed keys. An empty `present` is what the SDK writes, but ICS23 cannot prove empty values. */
export function keySet<K>(
  prefix: Prefix,
  keys: KeyCodec<K>,
  present: Uint8Array = Uint8Array.of(1),
): Declaration<KeySet<K>, ReadonlyKeySet<K>> {
  const own = prefixBytes(prefix);
  return {
    prefixes: [own],
    open: (store) => ({
      has: (key) => store.has(concatBytes(own, keys.encode(key))),
      add: (key) => store.set(concatBytes(own, keys.encode(key)), present),
      remove: (key) => store.delete(concatBytes(own, keys.encode(key))),
      keyBytes: (key) => keys.encode(key),
      *entries(walk = {}) {
        for (const [key] of scan(store, own, keys, walk)) yield [key, true];
      },
    }),
  };
}
