/**
 * Typed state. A module declares its collections once, each under an explicit prefix; the prefix bytes are consensus
 * data and are never used again for anything else. Opened on a store, a collection reads and writes through it.
 */
import { ChainError } from '../module/errors.ts';
import type { Declaration } from './declarations.ts';
import { type Prefix, prefixBytes } from './prefix.ts';
import { type Codec, remembering, uint64Value, valueCodec } from './values.ts';

export type { Declaration, Declarations, Opened, ReadOnly } from './declarations.ts';
export { index, unique } from './indexes.ts';
export { type KeySet, keySet, type ReadonlyKeySet } from './keySet.ts';
export { type MapOf, map, type ReadonlyMapOf } from './map.ts';

export interface ReadonlyItem<V> {
  get(): V | undefined;
  /** @throws ChainError sdk/38 when nothing was stored. */
  must(): V;
}

export interface Item<V> extends ReadonlyItem<V> {
  set(value: V): void;
  delete(): void;
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
export function item<V>(
  prefix: Prefix,
  codec: Codec<V>,
): Declaration<Item<V>, ReadonlyItem<V>, V | undefined> {
  const key = prefixBytes(prefix);
  const values = remembering(valueCodec(codec));
  return {
    prefixes: [key],
    genesis: {
      kind: 'one',
      read: (opened) => opened.get(),
      write: (opened, value) => value !== undefined && opened.set(value),
    },
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
export function sequence(
  prefix: Prefix,
  first = 1n,
): Declaration<Sequence, ReadonlySequence, bigint> {
  const key = prefixBytes(prefix);
  return {
    prefixes: [key],
    // 0 in a genesis is a sequence that was not used: a number is never below `first`.
    genesis: {
      kind: 'one',
      read: (opened) => opened.peek(),
      write: (opened, next) => next !== 0n && opened.set(next),
    },
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
