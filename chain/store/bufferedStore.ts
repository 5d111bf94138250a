import { compareBytes } from '../../wire/bytes.ts';
import { checkKey, checkValue, type KeyRange, type KeyValue, type KVStore } from './kvStore.ts';

/** A buffered write; a value of undefined is a delete. `text` is the key, one character a byte. */
interface Write {
  readonly text: string;
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/**
 * A write buffer over any store: reads see it, `write()` flushes it in key order, dropping the object
 * discards it. Buffers nest.
 */
export class BufferedStore implements KVStore {
  readonly #parent: KVStore;
  readonly #writes = new Map<string, Write>();
  /** The writes in key order but for the fresh ones. Never changed: iterations walk it. */
  #sorted: readonly Write[] = [];
  /** Writes since the order was last needed. */
  readonly #fresh = new Map<string, Write>();

  constructor(parent: KVStore) {
    this.#parent = parent;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    checkKey(key);
    const write = this.#writes.get(textOf(key));
    return write === undefined ? this.#parent.get(key) : write.value;
  }

  has(key: Uint8Array): boolean {
    checkKey(key);
    const write = this.#writes.get(textOf(key));
    return write === undefined ? this.#parent.has(key) : write.value !== undefined;
  }

  set(key: Uint8Array, value: Uint8Array): void {
    checkKey(key);
    checkValue(value);
    this.#record({ text: textOf(key), key, value });
  }

  delete(key: Uint8Array): void {
    checkKey(key);
    this.#record({ text: textOf(key), key, value: undefined });
  }

  iterate(range: KeyRange): Iterable<KeyValue> {
    const writes = writesIn(this.#order(), range);
    return merge(writes, this.#parent.iterate(range), range.reverse ? -1 : 1);
  }

  /** Gives every write to the parent, in key order; the buffer is empty afterwards. */
  write(): void {
    for (const { key, value } of this.#order()) {
      if (value === undefined) this.#parent.delete(key);
      else this.#parent.set(key, value);
    }
    this.#writes.clear();
    this.#sorted = [];
  }

  #record(write: Write): void {
    this.#writes.set(write.text, write);
    this.#fresh.set(write.text, write);
  }

  #order(): readonly Write[] {
    if (this.#fresh.size > 0) {
      const fresh = [...this.#fresh.values()].sort((a, b) => (a.text < b.text ? -1 : 1));
      this.#sorted = mergeWrites(this.#sorted, fresh);
      this.#fresh.clear();
    }
    return this.#sorted;
  }
}

/** The key as text whose order is the order of the bytes. */
function textOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1');
}

/** Both lists in one order; where both have a key the newer write stands. */
function mergeWrites(older: readonly Write[], newer: readonly Write[]): Write[] {
  const merged: Write[] = [];
  let next = 0;
  for (const write of newer) {
    while (next < older.length && older[next]!.text < write.text) merged.push(older[next++]!);
    if (older[next]?.text === write.text) next++;
    merged.push(write);
  }
  while (next < older.length) merged.push(older[next++]!);
  return merged;
}

/** The writes of a range, in its direction. */
function* writesIn(
  writes: readonly Write[],
  { start, end, reverse }: KeyRange,
): Generator<Write, void, undefined> {
  const from = start === undefined ? 0 : placeOf(writes, textOf(start));
  const to = end === undefined ? writes.length : placeOf(writes, textOf(end));
  for (let i = 0; i < to - from; i++) yield writes[reverse ? to - 1 - i : from + i]!;
}

/** Index of the first write whose key is not below `wanted`. */
function placeOf(writes: readonly Write[], wanted: string): number {
  let low = 0;
  let high = writes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (writes[middle]!.text < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Both sequences in one order; where both have a key the write hides the entry of the parent. */
function* merge(
  writes: Iterator<Write, void>,
  parent: Iterable<KeyValue>,
  direction: 1 | -1,
): Generator<KeyValue, void, undefined> {
  let next = writes.next();
  for (const entry of parent) {
    let order = -1;
    for (; !next.done; next = writes.next()) {
      order = direction * compareBytes(entry[0], next.value.key);
      if (order <= 0) break;
      if (next.value.value !== undefined) yield [next.value.key, next.value.value];
    }
    // An equal key is not taken from `writes` yet: it is yielded, or skipped as a delete, next.
    if (next.done || order < 0) yield entry;
  }
  for (; !next.done; next = writes.next()) {
    if (next.value.value !== undefined) yield [next.value.key, next.value.value];
  }
}
