/** What the engine and its modules see of a store: synchronous, ordered, bytes in and bytes out. */

/** Longest key, bytes (store/types/validity.go, MaxKeyLength). */
export const MAX_KEY_BYTES = 131_071;
/** Longest value, bytes (store/types/validity.go, MaxValueLength). */
export const MAX_VALUE_BYTES = 2 ** 31 - 1;

/** From `start` (inclusive) to `end` (exclusive); undefined is unbounded; `reverse` descends. */
export interface KeyRange {
  readonly start?: Uint8Array | undefined;
  readonly end?: Uint8Array | undefined;
  readonly reverse?: boolean | undefined;
}

/** A key and its value. */
export type KeyValue = [Uint8Array, Uint8Array];

/**
 * One store. Keys are never empty, values may be. The store keeps the arrays it is given and hands
 * out the ones it holds: neither side may change them afterwards.
 */
export interface KVStore {
  get(key: Uint8Array): Uint8Array | undefined;
  has(key: Uint8Array): boolean;
  set(key: Uint8Array, value: Uint8Array): void;
  delete(key: Uint8Array): void;
  /** The entries as they stand at the time of the call; later writes do not show. */
  iterate(range: KeyRange): Iterable<KeyValue>;
}

/** A store that can go back to where it was. */
export interface UndoStore extends KVStore {
  /** Where the store stands; from the first mark until `forget` it remembers what writes replace. */
  mark(): number;
  /** Takes back what was written since a mark; the first one is 0. */
  undo(mark: number): void;
  /** Ends remembering: what was written stays. */
  forget(): void;
}

/** A store that cannot be written. */
export type ReadonlyStore = Pick<KVStore, 'get' | 'has' | 'iterate'>;

/** @throws TypeError when `key` is not 1 to 131,071 bytes. */
export function checkKey(key: Uint8Array): void {
  if (!(key instanceof Uint8Array)) throw new TypeError(`key: expected bytes, got ${typeof key}`);
  if (key.length === 0 || key.length > MAX_KEY_BYTES) {
    throw new TypeError(`key: expected 1 to ${MAX_KEY_BYTES} bytes, got ${key.length}`);
  }
}

/** @throws TypeError when `value` is not bytes or is over 2^31 − 1 bytes; empty is allowed. */
export function checkValue(value: Uint8Array): void {
  if (!(value instanceof Uint8Array)) {
    throw new TypeError(`value: expected bytes, got ${typeof value}`);
  }
  if (value.length > MAX_VALUE_BYTES) {
    throw new TypeError(`value: expected at most ${MAX_VALUE_BYTES} bytes, got ${value.length}`);
  }
}
