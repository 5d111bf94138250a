/** Buffered writes in the order of their keys, over what a store holds. */
import { compareBytes } from '../../wire/bytes.ts';
import { latin1 } from './keyText.ts';
import type { KeyRange, KeyValue } from './kvStore.ts';

/** A buffered write; a value of undefined is a delete. `text` is the key, one character a byte. */
export interface Write {
  readonly text: string;
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** A key that is no longer written: what was written to it was undone. */
interface Unwritten {
  readonly text: string;
  readonly key: undefined;
}

/** What stands in the order of fresh writes. */
export type Placed = Write | Unwritten;

/** Both lists in one order; where both have a key the newer one stands. */
export function mergeWrites(older: readonly Write[], newer: readonly Placed[]): Write[] {
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
export function* writesIn<W extends Placed>(
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
export function* overlay(
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
export function* merge(
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
