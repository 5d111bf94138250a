/** A map of typed keys to typed values, with indexes that every write keeps up to date. */
import { concatBytes } from '../../wire/bytes.ts';
import type { KeyCodec } from '../../wire/keys.ts';
import { ChainError } from '../module/errors.ts';
import type { KVStore } from '../store/kvStore.ts';
import type { Declaration, GenesisField } from './declarations.ts';
import { type Indexes, type IndexOpener, indexOpener, type Readers } from './indexes.ts';
import { type Prefix, prefixBytes } from './prefix.ts';
import { RecentKeys } from './recentKeys.ts';
import { type Codec, type ValueCodec, valueCodec } from './values.ts';
import { scan, type Walkable } from './walk.ts';

export interface ReadonlyMapOf<K, V, I> extends Walkable<K, V> {
  get(key: K): V | undefined;
  /** @throws ChainError sdk/38 naming the key when there is none. */
  must(key: K): V;
  has(key: K): boolean;
  /** Finds entries by the value that they have in an index. */
  readonly by: Readers<K, V, I>;
}

export interface MapOf<K, V, I> extends ReadonlyMapOf<K, V, I> {
  /** @throws ChainError sdk/18 when a unique index has the value for another key. */
  set(key: K, value: V): void;
  delete(key: K): void;
}

/** What a map may have beside its entries. */
export interface MapOptions<K, V, I> {
  /** The key that a value names: a genesis then lists the values alone. */
  readonly key?: (value: V) => K;
  readonly indexes?: I;
}

/** Declares a map whose values name their keys; its indexes have prefixes of their own. */
export function map<K, V, I extends Indexes<V> = Record<never, never>>(
  prefix: Prefix,
  keys: KeyCodec<K>,
  codec: Codec<V>,
  options: MapOptions<K, NoInfer<V>, I> & { readonly key: (value: NoInfer<V>) => K },
): Declaration<MapOf<K, V, I>, ReadonlyMapOf<K, V, I>, readonly V[]>;
/** Declares a map; its indexes have prefixes of their own. How it stands in a genesis is for the module to say. */
export function map<K, V, I extends Indexes<V> = Record<never, never>>(
  prefix: Prefix,
  keys: KeyCodec<K>,
  codec: Codec<V>,
  options?: Omit<MapOptions<K, NoInfer<V>, I>, 'key'>,
): Declaration<MapOf<K, V, I>, ReadonlyMapOf<K, V, I>, unknown>;
export function map<K, V, I extends Indexes<V> = Record<never, never>>(
  prefix: Prefix,
  keys: KeyCodec<K>,
  codec: Codec<V>,
  options: MapOptions<K, V, I> = {},
): Declaration<MapOf<K, V, I>, ReadonlyMapOf<K, V, I>, readonly V[]> {
  const own = prefixBytes(prefix);
  const values = valueCodec(codec);
  const openers = Object.entries<Indexes<V>[string]>(options.indexes ?? {}).map(
    ([name, declared]) => [name, indexOpener(name, keys, declared)] as const,
  );
  const parts: MapParts<K, V> = { own, keys, values, openers };
  return {
    prefixes: [own, ...openers.map(([, { prefix: taken }]) => taken)],
    genesis: options.key && genesisOf(options.key),
    open: (store) => openMap(store, parts) as MapOf<K, V, I>,
    ...(openers.length > 0 && { invariant: (store: KVStore) => indexesAgree(store, parts) }),
  };
}

interface MapParts<K, V> {
  readonly own: Uint8Array;
  readonly keys: KeyCodec<K>;
  readonly values: ValueCodec<V>;
  readonly openers: readonly (readonly [string, IndexOpener<K, V>])[];
}

function openMap<K, V>(store: KVStore, parts: MapParts<K, V>): MapOf<K, V, unknown> {
  const { own, keys, values, openers } = parts;
  const recent = new RecentKeys(own, keys);
  const at = (key: K): Uint8Array => recent.of(key) ?? behind(own, keys.encode(key));
  const get = (key: K): V | undefined => {
    const bytes = store.get(at(key));
    return bytes === undefined ? undefined : values.decode(bytes);
  };
  const must = (key: K): V => {
    const value = get(key);
    if (value === undefined) throw new ChainError('sdk', 38, `${String(key)}: not found`);
    return value;
  };
  const opened = openers.map(([name, opener]) => [name, opener.open(store, must)] as const);
  const reindex = (key: K, after: V | undefined): void => {
    if (opened.length === 0) return;
    const before = get(key);
    // All are asked before any is written: who catches the refusal finds the map as it was.
    for (const [, index] of opened) index.check?.(key, before, after);
    for (const [, index] of opened) index.update(key, before, after);
  };
  return {
    get,
    must,
    has: (key) => store.has(at(key)),
    keyBytes: (key) => keys.encode(key),
    set(key, value) {
      reindex(key, value);
      store.set(at(key), values.encode(value));
    },
    delete(key) {
      reindex(key, undefined);
      store.delete(at(key));
    },
    *entries(walk = {}) {
      for (const [key, value] of scan(store, own, keys, walk)) yield [key, values.decode(value)];
    },
    by: Object.fromEntries(opened.map(([name, { reader }]) => [name, reader])),
  };
}

/** The key behind the prefix of the map. A byte is quicker put than copied, and prefixes have one. */
function behind(prefix: Uint8Array, key: Uint8Array): Uint8Array {
  if (prefix.length !== 1) return concatBytes(prefix, key);
  const out = new Uint8Array(1 + key.length);
  out[0] = prefix[0]!;
  out.set(key, 1);
  return out;
}

/** Whether every index holds its entries and no others, or which one does not. Cost: walks of all. */
function indexesAgree<K, V>(store: KVStore, parts: MapParts<K, V>): true | string {
  const map = openMap(store, parts);
  for (const [name, opener] of parts.openers) {
    const index = opener.open(store, map.must);
    let entries = 0;
    for (const [key, value] of map.entries()) {
      if (!index.holds(key, value)) return `${String(key)} is not in the index ${name}`;
      if (opener.of(value) !== undefined) entries++;
    }
    const size = index.size();
    if (size !== entries) return `the index ${name} holds ${size} entries, expected ${entries}`;
  }
  return true;
}

function genesisOf<K, V, I>(key: (value: V) => K): GenesisField<MapOf<K, V, I>, readonly V[]> {
  return {
    kind: 'list',
    *read(opened) {
      for (const [, value] of opened.entries()) yield value;
    },
    write(opened, value) {
      const at = key(value);
      if (opened.has(at)) return false;
      opened.set(at, value);
      return true;
    },
  };
}
