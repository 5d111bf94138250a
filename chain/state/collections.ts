/**
 * Typed state. A module declares its collections once, each under an explicit prefix; the prefix bytes are consensus
 * data and are never used again for anything else. Opened on a store, a collection reads and writes through it.
 */
import { concatBytes } from '../../wire/bytes.ts';
import { type KeyCodec, pair } from '../../wire/keys.ts';
import { ChainError } from '../module/errors.ts';
import type { KVStore } from '../store/kvStore.ts';
import { type Codec, uint64Value, valueCodec } from './values.ts';

/** One byte or several; written in front of every key of a collection. */
export type Prefix = number | Uint8Array;

const prefixBytes = (prefix: Prefix): Uint8Array =>
  typeof prefix === 'number' ? Uint8Array.of(prefix) : prefix;

/** The first key behind all keys with this prefix; undefined when there is none. */
export function prefixEnd(prefix: Uint8Array): Uint8Array | undefined {
  const end = prefix.slice();
  for (let i = end.length - 1; i >= 0; i--) {
    if (end[i] !== 0xff) {
      end[i]!++;
      return end.subarray(0, i + 1);
    }
  }
  return undefined;
}

export interface ReadonlyItem<V> {
  get(): V | undefined;
  /** @throws ChainError sdk/38 when nothing was stored. */
  must(): V;
}

export interface Item<V> extends ReadonlyItem<V> {
  set(value: V): void;
  delete(): void;
}

/** How far and which way to walk. `after` and `from` are keys; `part` limits a pair's first part. */
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

/** A declared collection: `W` is what a message sees, `R` what a query sees. */
export interface Declaration<W, R> {
  readonly prefixes: readonly Uint8Array[];
  open(store: KVStore): W;
  /** Type only: the read-only face. */
  readonly view?: R;
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

function sameKey<X>(codec: KeyCodec<X>, a: X, b: X): boolean {
  const [left, right] = [codec.encodePart(a), codec.encodePart(b)];
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}

/** Walks the entries under a prefix, keys without it. */
function* scan<K>(
  store: KVStore,
  own: Uint8Array,
  keys: KeyCodec<K>,
  walk: Walk<K>,
): Iterable<readonly [K, Uint8Array]> {
  const within = concatBytes(own, walk.within ?? new Uint8Array(0));
  const origin = walk.fromBytes ?? (walk.from === undefined ? undefined : keys.encode(walk.from));
  const from = origin === undefined ? undefined : concatBytes(own, origin);
  const range = walk.reverse
    ? { start: within, end: from === undefined ? prefixEnd(within) : after(from), reverse: true }
    : { start: from ?? within, end: prefixEnd(within) };
  for (const [key, value] of store.iterate(range)) {
    yield [keys.decode(key.subarray(own.length)), value];
  }
}

/** The smallest key behind `key`. */
const after = (key: Uint8Array): Uint8Array => concatBytes(key, Uint8Array.of(0));

/** The collections of a module by name. */
// biome-ignore lint/suspicious/noExplicitAny: each declaration has its own types; inference keeps them.
export type Declarations = Record<string, Declaration<any, any>>;

/** What a message sees of declared state. */
export type Opened<S extends Declarations> = {
  readonly [N in keyof S]: S[N] extends Declaration<infer W, infer _R> ? W : never;
};

/** What a query sees of declared state: the same without writing. */
export type ReadOnly<S extends Declarations> = {
  readonly [N in keyof S]: S[N] extends Declaration<infer _W, infer R> ? R : never;
};

/** Opens all collections of a module, each when it is first used. */
export function openState<S extends Declarations>(declarations: S, store: KVStore): Opened<S> {
  const opened = {};
  for (const [name, declaration] of Object.entries(declarations)) {
    let collection: unknown;
    Object.defineProperty(opened, name, {
      enumerable: true,
      get() {
        collection ??= declaration.open(store);
        return collection;
      },
    });
  }
  return opened as Opened<S>;
}

/** @throws TypeError when a prefix of one collection begins another's: their keys would mix. */
export function checkPrefixes(module: string, declarations: Declarations): void {
  const taken: { name: string; prefix: Uint8Array }[] = [];
  for (const [name, declaration] of Object.entries(declarations)) {
    for (const prefix of declaration.prefixes) {
      if (prefix.length === 0) throw new TypeError(`${module}.${name}: prefix is empty`);
      for (const other of taken) {
        const shared = Math.min(prefix.length, other.prefix.length);
        if (prefix.subarray(0, shared).every((byte, i) => byte === other.prefix[i])) {
          throw new TypeError(`${module}: prefixes of ${other.name} and ${name} overlap`);
        }
      }
      taken.push({ name, prefix });
    }
  }
}
