import { latin1 } from './keyText.ts';
import {
  checkKey,
  checkValue,
  type KeyRange,
  type KeyValue,
  type KVStore,
  type UndoStore,
} from './kvStore.ts';
import { merge, mergeWrites, overlay, type Placed, type Write, writesIn } from './writeOrder.ts';

/** What is known of a key. */
interface Slot {
  readonly text: string;
  /** What is written to it now; undefined when nothing is. */
  write: Write | undefined;
  /** What the parent answered, once it was asked. */
  read: Uint8Array | undefined;
  isRead: boolean;
  /** Whether it was written since writes were last put in order. */
  isFresh: boolean;
}

/** A key as it was before a write of the journal: with the write before, or without any. */
interface Replaced {
  readonly slot: Slot;
  readonly before: Write | undefined;
}

/** As many fresh writes are sorted by themselves; more are taken into the order. */
const MAX_FRESH = 128;
/** Answers of the parent that are kept, beside what is written. */
const MAX_READ = 50_000;
/** The last keys, by which array they are: who reads a key often writes it next, and gives the same array. */
const RECENT = 8;

/**
 * A write buffer over any store: reads see it, `write()` flushes it in key order, dropping the object
 * discards it. Between `mark` and `forget` it can go back. Buffers nest; nobody else writes to the parent meanwhile.
 */
export class BufferedStore implements UndoStore {
  readonly #parent: KVStore;
  readonly #slots = new Map<string, Slot>();
  /** When there are so many slots, those that only hold answers go. */
  #maxSlots = MAX_READ;
  readonly #recentKeys: (Uint8Array | undefined)[] = new Array(RECENT).fill(undefined);
  readonly #recentSlots: (Slot | undefined)[] = new Array(RECENT).fill(undefined);
  #nextRecent = 0;
  /** What writes replaced, oldest first; undefined while nobody wants to go back. */
  #journal: Replaced[] | undefined;
  /** The writes in key order but for the fresh ones. Never changed: iterations walk it. */
  #sorted: readonly Write[] = [];
  /** Keys written since they were last put in order, also those that are no longer written. */
  #fresh: Slot[] = [];

  constructor(parent: KVStore) {
    this.#parent = parent;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const slot = this.#slotOf(key);
    if (slot.write !== undefined) return slot.write.value;
    if (!slot.isRead) {
      slot.read = this.#parent.get(key);
      slot.isRead = true;
    }
    return slot.read;
  }

  has(key: Uint8Array): boolean {
    const slot = this.#slotOf(key);
    if (slot.write !== undefined) return slot.write.value !== undefined;
    return slot.isRead ? slot.read !== undefined : this.#parent.has(key);
  }

  set(key: Uint8Array, value: Uint8Array): void {
    const slot = this.#slotOf(key);
    checkValue(value);
    this.#record(slot, { text: slot.text, key, value });
  }

  delete(key: Uint8Array): void {
    const slot = this.#slotOf(key);
    this.#record(slot, { text: slot.text, key, value: undefined });
  }

  iterate(range: KeyRange): Iterable<KeyValue> {
    const { reverse } = range;
    const direction = reverse ? -1 : 1;
    const entries = this.#parent.iterate(range);
    if (this.#fresh.length > MAX_FRESH) this.#takeFresh();
    const older = writesIn(this.#sorted, range);
    if (this.#fresh.length === 0) return merge(older, entries, direction);
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
      const { slot, before } = journal.pop()!;
      this.#put(slot, before);
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
    this.#slots.clear();
    this.#recentKeys.fill(undefined);
    this.#sorted = [];
  }

  #record(slot: Slot, write: Write): void {
    this.#journal?.push({ slot, before: slot.write });
    this.#put(slot, write);
  }

  #put(slot: Slot, write: Write | undefined): void {
    slot.write = write;
    if (slot.isFresh) return;
    slot.isFresh = true;
    this.#fresh.push(slot);
  }

  #slotOf(key: Uint8Array): Slot {
    for (let i = 0; i < RECENT; i++) {
      if (this.#recentKeys[i] === key) return this.#recentSlots[i]!;
    }
    checkKey(key);
    const text = latin1(key);
    let slot = this.#slots.get(text);
    if (slot === undefined) {
      if (this.#slots.size >= this.#maxSlots) this.#forgetRead();
      slot = { text, write: undefined, read: undefined, isRead: false, isFresh: false };
      this.#slots.set(text, slot);
    }
    this.#recentKeys[this.#nextRecent] = key;
    this.#recentSlots[this.#nextRecent] = slot;
    this.#nextRecent = (this.#nextRecent + 1) % RECENT;
    return slot;
  }

  /** What is written, or was and has still to be taken out of the order, stays. */
  #forgetRead(): void {
    for (const [text, { write, isFresh }] of this.#slots) {
      if (write === undefined && !isFresh) this.#slots.delete(text);
    }
    this.#recentKeys.fill(undefined);
    this.#maxSlots = this.#slots.size + MAX_READ;
  }

  #takeFresh(): void {
    if (this.#fresh.length === 0) return;
    this.#sorted = mergeWrites(this.#sorted, this.#sortedFresh());
    for (const slot of this.#fresh) slot.isFresh = false;
    this.#fresh = [];
  }

  #sortedFresh(): Placed[] {
    const fresh = this.#fresh.map(({ text, write }): Placed => write ?? { text, key: undefined });
    return fresh.sort((a, b) => (a.text < b.text ? -1 : 1));
  }
}
