/**
 * Indexes: second orders over the entries of a map, kept up to date by every write to it. In an `index` several
 * entries may share a value; in a `unique` one no two do.
 */
import { concatBytes } from '../../wire/bytes.ts';
import { type KeyCodec, pair, prefixEnd } from '../../wire/keys.ts';
import { Bug, sdkError } from '../module/errors.ts';
import type { KVStore } from '../store/kvStore.ts';
import { keySet, type ReadonlyKeySet } from './keySet.ts';
import { type Prefix, prefixBytes } from './prefix.ts';
import { sameKey, samePart, type Walk, type Walkable } from './walk.ts';

/** An index that several entries may share a value in: under `prefix` stands (value, key). */
export interface Index<V, X> {
  readonly kind: 'index';
  readonly prefix: Prefix;
  readonly codec: KeyCodec<X>;
  /** The value under which an entry is found; undefined leaves it out. */
  readonly of: (value: V) => X | undefined;
}

/** An index in which no two entries share a value: under `prefix` and the value stands the key. */
export interface UniqueIndex<V, X> {
  readonly kind: 'unique';
  readonly prefix: Prefix;
  readonly codec: KeyCodec<X>;
  /** The value under which an entry is found; undefined leaves it out. */
  readonly of: (value: V) => X | undefined;
}

/** Declares an index that several entries may share a value in. */
export function index<V, X>(
  prefix: Prefix,
  codec: KeyCodec<X>,
  of: (value: V) => X | undefined,
): Index<V, X> {
  return { kind: 'index', prefix, codec, of };
}

/** Declares an index in which a value belongs to one entry: a write that takes another's value fails. */
export function unique<V, X>(
  prefix: Prefix,
  codec: KeyCodec<X>,
  of: (value: V) => X | undefined,
): UniqueIndex<V, X> {
  return { kind: 'unique', prefix, codec, of };
}

// biome-ignore lint/suspicious/noExplicitAny: each index has a value type of its own; inference keeps it.
export type Indexes<V> = Readonly<Record<string, Index<V, any> | UniqueIndex<V, any>>>;

/** The entries that share a value, in the order of their keys. */
export interface Selection<K, V> extends Walkable<K, V>, Iterable<readonly [K, V]> {}

/** Finds the entries that have a value; `keys` walks all pairs of value and key in the order of the values. */
export interface IndexReader<K, V, X> {
  (value: X): Selection<K, V>;
  readonly keys: ReadonlyKeySet<readonly [X, K]>;
}

/** Finds the entry that has a value. */
export type UniqueReader<K, V, X> = (value: X) => readonly [K, V] | undefined;

/** How the indexes of a map are read, by name. */
export type Readers<K, V, I> = {
  readonly [N in keyof I]: I[N] extends {
    readonly kind: 'unique';
    readonly codec: KeyCodec<infer X>;
  }
    ? UniqueReader<K, V, X>
    : I[N] extends { readonly codec: KeyCodec<infer X> }
      ? IndexReader<K, V, X>
      : never;
};

/** An index opened on a store. */
export interface OpenIndex<K, V> {
  /** @throws ChainError sdk/18 when the new value belongs to another entry; nothing is written then. */
  check?(key: K, before: V | undefined, after: V | undefined): void;
  /** Moves an entry, once it was checked, from where its old value stands to where its new one does. */
  update(key: K, before: V | undefined, after: V | undefined): void;
  /** Whether the entry stands where it should; also when its value leaves it out. */
  holds(key: K, value: V): boolean;
  /** How many entries stand in it. Cost: a walk. */
  size(): number;
  readonly reader: unknown;
}

/** What opens an index of a map with these keys, and the prefix that it takes. */
export interface IndexOpener<K, V> {
  /** The value by which an entry is found. */
  of(value: V): unknown;
  readonly prefix: Uint8Array;
  open(store: KVStore, must: (key: K) => V): OpenIndex<K, V>;
}

/** Prepares an index for the map whose keys `keys` encodes. */
export function indexOpener<K, V>(
  name: string,
  keys: KeyCodec<K>,
  declared: Indexes<V>[string],
): IndexOpener<K, V> {
  return declared.kind === 'unique'
    ? uniqueOpener(name, keys, declared)
    : sharedOpener(keys, declared);
}

function sharedOpener<K, V, X>(keys: KeyCodec<K>, declared: Index<V, X>): IndexOpener<K, V> {
  const { codec, of } = declared;
  const pairs = keySet(declared.prefix, pair(codec, keys));
  return {
    prefix: prefixBytes(declared.prefix),
    of,
    open(store, must) {
      const set = pairs.open(store);
      const select = (value: X): Selection<K, V> =>
        selection({ set, keys, must, part: codec.encodePart(value) });
      return {
        update(key, before, after) {
          const old = before === undefined ? undefined : of(before);
          const next = after === undefined ? undefined : of(after);
          if (old !== undefined && next !== undefined && samePart(codec, old, next)) return;
          if (old !== undefined) set.remove([old, key]);
          if (next !== undefined) set.add([next, key]);
        },
        holds(key, value) {
          const at = of(value);
          return at === undefined || set.has([at, key]);
        },
        size: () => count(set.entries()),
        reader: Object.assign(select, { keys: set }),
      };
    },
  };
}

function count(entries: Iterable<unknown>): number {
  let found = 0;
  for (const _entry of entries) found++;
  return found;
}

interface Selected<K, V, X> {
  readonly set: ReadonlyKeySet<readonly [X, K]>;
  readonly keys: KeyCodec<K>;
  readonly must: (key: K) => V;
  /** The encoded value that the entries share. */
  readonly part: Uint8Array;
}

function selection<K, V, X>({ set, keys, must, part }: Selected<K, V, X>): Selection<K, V> {
  const behind = (bytes: Uint8Array | undefined): Uint8Array =>
    bytes === undefined ? part : concatBytes(part, bytes);
  function* entries(walk: Walk<K> = {}): Iterable<readonly [K, V]> {
    const from = walk.fromBytes ?? (walk.from === undefined ? undefined : keys.encode(walk.from));
    const start = from === undefined ? {} : { fromBytes: behind(from) };
    const within = behind(walk.within);
    for (const [[, key]] of set.entries({ within, reverse: walk.reverse ?? false, ...start })) {
      yield [key, must(key)];
    }
  }
  return {
    entries,
    keyBytes: (key) => keys.encode(key),
    [Symbol.iterator]: () => entries()[Symbol.iterator](),
  };
}

function uniqueOpener<K, V, X>(
  name: string,
  keys: KeyCodec<K>,
  { prefix, codec, of }: UniqueIndex<V, X>,
): IndexOpener<K, V> {
  const own = prefixBytes(prefix);
  return {
    prefix: own,
    of,
    open(store, must) {
      const at = (value: X): Uint8Array => concatBytes(own, codec.encode(value));
      /** The values when they differ. */
      const moved = (before: V | undefined, after: V | undefined) => {
        const old = before === undefined ? undefined : of(before);
        const next = after === undefined ? undefined : of(after);
        const isSame = old !== undefined && next !== undefined && sameKey(codec, old, next);
        return isSame ? {} : { old, next };
      };
      return {
        check(key, before, after) {
          const { next } = moved(before, after);
          const holder = next === undefined ? undefined : store.get(at(next));
          if (holder !== undefined) {
            const taken = `${name}: ${String(next)} belongs to ${String(keys.decode(holder))}`;
            throw sdkError('invalidRequest', taken);
          }
          if (next !== undefined && keys.encode(key).length === 0) {
            throw new Bug(`${name}: an empty key cannot be found by a value`);
          }
        },
        update(key, before, after) {
          const { old, next } = moved(before, after);
          if (next !== undefined) store.set(at(next), keys.encode(key));
          if (old !== undefined) store.delete(at(old));
        },
        holds(key, value) {
          const place = of(value);
          const holder = place === undefined ? undefined : store.get(at(place));
          if (holder === undefined) return place === undefined;
          return sameKey(keys, keys.decode(holder), key);
        },
        size: () => count(store.iterate({ start: own, end: prefixEnd(own) })),
        reader(value: X): readonly [K, V] | undefined {
          const holder = store.get(at(value));
          if (holder === undefined) return undefined;
          const key = keys.decode(holder);
          return [key, must(key)];
        },
      };
    },
  };
}
