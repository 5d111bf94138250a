import { compareBytes } from '../../wire/bytes.ts';
import { checkKey, checkValue, type KeyRange, type KeyValue, type KVStore } from './kvStore.ts';

/** A buffered write; a value of undefined is a delete. */
interface Write {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/**
 * A write buffer over any store: reads see it, `write()` flushes it in key order, dropping the object
 * discards it. Buffers nest.
 */
export class BufferedStore implements KVStore {
  readonly #parent: KVStore;
  /** By key, as one character a byte, so that text order is byte order. */
  readonly #writes = new Map<string, Write>();
  /** The keys of `#writes`; sorted when an order is needed, cheap while most of it is sorted. */
  #order: string[] = [];
  #isSorted = true;

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
    this.#record({ key, value });
  }

  delete(key: Uint8Array): void {
    checkKey(key);
    this.#record({ key, value: undefined });
  }

  iterate(range: KeyRange): Iterable<KeyValue> {
    const writes = this.#writesIn(range);
    return merge(writes, this.#parent.iterate(range), range.reverse ? -1 : 1);
  }

  /** Gives every write to the parent, in key order; the buffer is empty afterwards. */
  write(): void {
    for (const { key, value } of this.#writesIn({})) {
      if (value === undefined) this.#parent.delete(key);
      else this.#parent.set(key, value);
    }
    this.#writes.clear();
    this.#order = [];
  }

  #record(write: Write): void {
    const text = textOf(write.key);
    if (!this.#writes.has(text)) {
      this.#isSorted &&= this.#order.length === 0 || this.#order[this.#order.length - 1]! < text;
      this.#order.push(text);
    }
    this.#writes.set(text, write);
  }

  #writesIn({ start, end, reverse }: KeyRange): Write[] {
    if (!this.#isSorted) this.#order.sort();
    this.#isSorted = true;
    const from = start === undefined ? 0 : placeOf(this.#order, textOf(start));
    const to = end === undefined ? this.#order.length : placeOf(this.#order, textOf(end));
    const writes = this.#order.slice(from, to).map((text) => this.#writes.get(text)!);
    return reverse ? writes.reverse() : writes;
  }
}

function textOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1');
}

/** Index of the first text that is not below `wanted`. */
function placeOf(order: readonly string[], wanted: string): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (order[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Both sequences in one order; where both have a key the write hides the entry of the parent. */
function* merge(
  writes: readonly Write[],
  parent: Iterable<KeyValue>,
  direction: 1 | -1,
): Generator<KeyValue, void, undefined> {
  let next = 0;
  for (const entry of parent) {
    let order = 1;
    for (; next < writes.length; next++) {
      const write = writes[next]!;
      order = direction * compareBytes(entry[0], write.key);
      if (order <= 0) break;
      if (write.value !== undefined) yield [write.key, write.value];
    }
    if (next >= writes.length || order < 0) yield entry;
    // An equal key stays in `writes`: it is yielded, or skipped as a delete, on the next turn.
  }
  for (; next < writes.length; next++) {
    const { key, value } = writes[next]!;
    if (value !== undefined) yield [key, value];
  }
}
