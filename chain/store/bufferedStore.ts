import { compareBytes } from '../../wire/bytes.ts';
import { latin1 } from './keyText.ts';
import {
  checkKey,
  checkValue,
  type KeyRange,
  type KeyValue,
  type KVStore,
  type UndoStore,
} from './kvStore.ts';

/** A buffered write; a value of undefined is a delete. `text` is the key, one character a byte. */
interface Write {
  readonly text: string;
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** A key that is no longer written: what was written to it was undone. */
interface Unwritten {
  readonly text: string;
  readonly key: undefined;
}

type Placed = Write | Unwritten;

/** A key as it was before a write of the journal: with the write before, or without any. */
interface Replaced {
  readonly text: string;
  readonly before: Write | undefined;
}

/** As many fresh writes are sorted by themselves; more are taken into the order. */
const MAX_FRESH = 128;
/** Answers of the parent that are kept. */
const MAX_READ = 50_000;

/**
 * A write buffer over any store: reads see it, `write()` flushes it in key order, dropping the object
 * discards it. Between `mark` and `forget` it can go back. Buffers nest; nobody else writes to the parent meanwhile.
 */
export class BufferedStore implements UndoStore {
  readonly #parent: KVStore;
  readonly #writes = new Map<string, Write>();
  /** What the parent answered: a block asks for the same again and again. */
  readonly #read = new Map<string, Uint8Array | undefined>();
  /** What writes replaced, oldest first; undefined while nobody wants to go back. */
  #journal: Replaced[] | undefined;
  /** The writes in key order but for the fresh ones. Never changed: iterations walk it. */
  #sorted: readonly Write[] = [];
  /** Keys written since they were last put in order; undefined for one that is no longer written. */
  readonly #fresh = new Map<string, Write | undefined>();

  constructor(parent: KVStore) {
    this.#parent = parent;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    checkKey(key);
    const text = latin1(key);
    const write = this.#writes.get(text);
    if (write !== undefined) return write.value;
    const before = this.#read.get(text);
    if (before !== undefined || this.#read.has(text)) return before;
    const value = this.#parent.get(key);
    if (this.#read.size >= MAX_READ) this.#read.clear();
    this.#read.set(text, value);
    return value;
  }

  has(key: Uint8Array): boolean {
    checkKey(key);
    const write = this.#writes.get(latin1(key));
    return write === undefined ? this.#parent.has(key) : write.value !== undefined;
  }

  set(key: Uint8Array, value: Uint8Array): void {
    checkKey(key);
    checkValue(value);
    this.#record({ text: latin1(key), key, value });
  }

  delete(key: Uint8Array): void {
    checkKey(key);
    this.#record({ text: latin1(key), key, value: undefined });
  }

  iterate(range: KeyRange): Iterable<KeyValue> {
    const { reverse } = range;
    const direction = reverse ? -1 : 1;
    const entries = this.#parent.iterate(range);
    if (this.#fresh.size > MAX_FRESH) this.#takeFresh();
    const older = writesIn(this.#sorted, range);
    if (this.#fresh.size === 0) return merge(older, entries, direction);
    // A fresh key hides the older write under it, also when it is no longer written itself.
    const fresh = this.#sortedFresh();
    return merge(overlay(writesIn(fresh, range), older, direction), entries, direction);
  }

  mark(): number {
    this.#journal ??= [];
    return this.#journal.length;
  }

  undo(mark: number): void {
    const journal = this.#journal ?? [];
    while (journal.length > mark) {
      const { text, before } = journal.pop()!;
      if (before === undefined) this.#writes.delete(text);
      else this.#writes.set(text, before);
      this.#fresh.set(text, before);
    }
  }

  forget(): void {
    this.#journal = undefined;
  }

  /** Gives every write to the parent, in key order; the buffer is empty afterwards. */
  write(): void {
    this.#takeFresh();
    for (const { key, value } of this.#sorted) {
      if (value === undefined) this.#parent.delete(key);
      else this.#parent.set(key, value);
    }
    this.#writes.clear();
    this.#read.clear();
    this.#sorted = [];
  }

  #record(write: Write): void {
    const { text } = write;
    this.#journal?.push({ text, before: this.#writes.get(text) });
    this.#writes.set(text, write);
    this.#fresh.set(text, write);
  }

  #takeFresh(): void {
    if (this.#fresh.size === 0) return;
    this.#sorted = mergeWrites(this.#sorted, this.#sortedFresh());
    this.#fresh.clear();
  }

  #sortedFresh(): Placed[] {
    const fresh: Placed[] = [];
    for (const [text, write] of this.#fresh) fresh.push(write ?? { text, key: undefined });
    return fresh.sort((a, b) => (a.text < b.text ? -1 : 1));
  }
}

/** Both lists in one order; where both have a key the newer one stands. */
function mergeWrites(older: readonly Write[], newer: readonly Placed[]): Write[] {
  const merged: Write[] = [];
  let next = 0;
  for (const write of newer) {
    while (next < older.length && older[next]!.text < write.text) merged.push(older[next++]!);
    if (older[next]?.text === write.text) next++;
    if (write.key !== undefined) merged.push(write);
  }
  while (next < older.length) merged.push(older[next++]!);
  return merged;
}

/** The writes of a range, in its direction. */
function* writesIn<W extends Placed>(
  writes: readonly W[],
  { start, end, reverse }: KeyRange,
): Generator<W, void, undefined> {
  const from = start === undefined ? 0 : placeOf(writes, latin1(start));
  const to = end === undefined ? writes.length : placeOf(writes, latin1(end));
  for (let i = 0; i < to - from; i++) yield writes[reverse ? to - 1 - i : from + i]!;
}

/** Index of the first write whose key is not below `wanted`. */
function placeOf(writes: readonly Placed[], wanted: string): number {
  let low = 0;
  let high = writes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (writes[middle]!.text < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Both sequences in one order; where both have a key the fresh one stands, or neither when it is not written. */
function* overlay(
  fresh: Iterator<Placed, void>,
  older: Iterator<Write, void>,
  direction: 1 | -1,
): Generator<Write, void, undefined> {
  let newer = fresh.next();
  let old = older.next();
  while (!newer.done || !old.done) {
    const order = newer.done ? 1 : old.done ? -1 : direction * compare(newer.value, old.value);
    if (order > 0) yield old.value as Write;
    else if (newer.value?.key !== undefined) yield newer.value;
    if (order >= 0) old = older.next();
    if (order <= 0) newer = fresh.next();
  }
}

function compare(a: Placed, b: Placed): number {
  if (a.text === b.text) return 0;
  return a.text < b.text ? -1 : 1;
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
