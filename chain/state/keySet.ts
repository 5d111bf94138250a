/** A set of typed keys. */
import { concatBytes } from '../../wire/bytes.ts';
import type { KeyCodec } from '../../wire/keys.ts';
import type { Declaration } from './declarations.ts';
import { type Prefix, prefixBytes } from './prefix.ts';
import { scan, type Walkable } from './walk.ts';

export interface ReadonlyKeySet<K> extends Walkable<K, true> {
  has(key: K): boolean;
}

export interface KeySet<K> extends ReadonlyKeySet<K> {
  add(key: K): void;
  remove(key: K): void;
}

/** Declares a set. An empty `present` is what the SDK writes, but ICS23 cannot prove empty values. */
export function keySet<K>(
  prefix: Prefix,
  keys: KeyCodec<K>,
  present: Uint8Array = Uint8Array.of(1),
): Declaration<KeySet<K>, ReadonlyKeySet<K>, readonly K[]> {
  const own = prefixBytes(prefix);
  return {
    prefixes: [own],
    genesis: {
      kind: 'list',
      *read(opened) {
        for (const [key] of opened.entries()) yield key;
      },
      write(opened, key) {
        if (opened.has(key)) return false;
        opened.add(key);
        return true;
      },
    },
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
