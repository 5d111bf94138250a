/**
 * Finds code that changes bytes which are not its own. Stores, collections and addresses hand out the arrays that they
 * keep, since copies cost time: a module that writes into one changes what others read, and not on every node.
 */
import { equalBytes } from '../../wire/bytes.ts';
import type { Addresses } from '../module/addresses.ts';
import { BufferedStore } from '../store/bufferedStore.ts';
import { EMPTY_STORE } from '../store/emptyStore.ts';
import type { KeyRange, KeyValue } from '../store/kvStore.ts';

/** The last arrays are watched: each check compares all of them. */
const MAX_WATCHED = 500;

interface Lent {
  readonly copy: Uint8Array;
  readonly what: string;
}

/** Arrays that were handed out, with what they held. */
export class LentBytes {
  readonly #lent = new Map<Uint8Array, Lent>();

  /** The same array, watched from now on. */
  watch(bytes: Uint8Array, what: string): Uint8Array {
    if (this.#lent.has(bytes)) return bytes;
    this.#lent.set(bytes, { copy: bytes.slice(), what });
    if (this.#lent.size > MAX_WATCHED) this.#lent.delete(this.#lent.keys().next().value!);
    return bytes;
  }

  /** @throws Error naming what was changed. */
  check(): void {
    for (const [bytes, { copy, what }] of this.#lent) {
      if (equalBytes(bytes, copy)) continue;
      this.#lent.delete(bytes);
      throw new Error(
        `${what} was changed in place: copy bytes (slice) before you write into them`,
      );
    }
  }
}

/** The addresses, with what `parse` gives watched. */
export function watchedAddresses(addresses: Addresses, lent: LentBytes): Addresses {
  return {
    format: (bytes, role) => addresses.format(bytes, role),
    parse: (text, field, role) => lent.watch(addresses.parse(text, field, role), `address ${text}`),
  };
}

/** A store in memory that watches what it keeps. */
export class WatchedStore extends BufferedStore {
  readonly #lent: LentBytes;
  readonly #what: string;

  constructor(name: string, lent: LentBytes) {
    super(EMPTY_STORE);
    this.#lent = lent;
    this.#what = `a value of the store ${name}`;
  }

  override get(key: Uint8Array): Uint8Array | undefined {
    const value = super.get(key);
    return value && this.#lent.watch(value, this.#what);
  }

  override set(key: Uint8Array, value: Uint8Array): void {
    super.set(key, value);
    this.#lent.watch(value, this.#what);
  }

  override iterate(range: KeyRange): Iterable<KeyValue> {
    return this.#watched(super.iterate(range));
  }

  *#watched(entries: Iterable<KeyValue>): Iterable<KeyValue> {
    for (const entry of entries) {
      this.#lent.watch(entry[1], this.#what);
      yield entry;
    }
  }
}
