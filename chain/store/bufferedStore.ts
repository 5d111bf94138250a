import { latin1 } from './keyText.ts';
import {
  checkKey,
  checkValue,
  type KeyRange,
  type KeyValue,
  type KVStore,
  type UndoStore,
} from './kvStore.ts';
import { Slab } from './slab.ts';
import { KEPT, READ, type Slot, UNKNOWN, WRITTEN, WriteJournal } from './writeJournal.ts';
import { merge, mergeWrites, overlay, type Placed, type Write, writesIn } from './writeOrder.ts';

/** As many fresh writes are sorted by themselves; more are taken into the order. */
const MAX_FRESH = 128;
/** Answers of the parent that are kept, beside what is written. */
const MAX_READ = 50_000;
/**
 * A buffer that is written keeps what it knows for who comes next: of at most so many keys, of a few times those that
 * were used since it was last written, and no long values.
 */
const MAX_KEPT = 20_000;
const LEAST_KEPT = 1000;
const KEPT_FOR_ONE_USED = 4;
const MAX_KEPT_BYTES = 512;
/** What is lent is given up when the buffer is written: it may share memory. */
const LENT_BYTES = 8192;
/** The last keys, by which array they are: who reads a key often writes it next, and gives the same array. */
const RECENT = 8;

/**
 * A write buffer over any store: reads see it, `write()` flushes it in key order, dropping the object
 * discards it. Between `mark` and `forget` it can go back. Buffers nest; nobody else writes to the parent meanwhile, nor
 * between a `write()` and the next use: the buffer still knows what it wrote.
 */
export class BufferedStore implements UndoStore {
  readonly #parent: KVStore;
  readonly #slots = new Map<string, Slot>();
  /** When there are so many slots, those that only hold answers go. */
  #maxSlots = MAX_READ;
  readonly #recentKeys: (Uint8Array | undefined)[] = new Array(RECENT).fill(undefined);
  readonly #recentSlots: (Slot | undefined)[] = new Array(RECENT).fill(undefined);
  #nextRecent = 0;
  /** Keys that were read or written since the last `write`, some of them counted twice. */
  #used = 0;
  readonly #lent = new Slab(LENT_BYTES);
  readonly #journal = new WriteJournal();
  #isMarked = false;
  /** The writes in key order but for the fresh ones. Never changed: iterations walk it. */
  #sorted: readonly Write[] = [];
  /** Keys written since they were last put in order, also those that are no longer written. */
  #fresh: Slot[] = [];

  constructor(parent: KVStore) {
    this.#parent = parent;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const slot = this.#slotOf(key);
    if (slot.known < READ) this.#read(slot, key);
    return slot.value;
  }

  has(key: Uint8Array): boolean {
    const slot = this.#slotOf(key);
    if (slot.known === UNKNOWN) return this.#parent.has(key);
    return (slot.known === KEPT ? slot.kept : slot.value) !== undefined;
  }

  set(key: Uint8Array, value: Uint8Array): void {
    checkValue(value);
    this.#write(key, value);
  }

  delete(key: Uint8Array): void {
    this.#write(key, undefined);
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
    this.#isMarked = true;
    return this.#journal.length;
  }

  undo(mark: number): void {
    this.#journal.undo(mark, (slot) => this.#freshen(slot));
  }

  forget(): void {
    this.#isMarked = false;
    this.#journal.clear();
  }

  /** Gives every write to the parent, in key order; nothing is written here afterwards. */
  write(): void {
    this.forget();
    for (const { key, value } of [...this.#slots.values()].filter(isWritten).sort(byText)) {
      if (value === undefined) this.#parent.delete(key!);
      else this.#parent.set(key!, value);
    }
    this.#sorted = [];
    this.#clearFresh();
    this.#keep();
  }

  #read(slot: Slot, key: Uint8Array): void {
    if (slot.known === UNKNOWN) slot.kept = this.#parent.get(key);
    slot.value = slot.kept && this.#lent.copy(slot.kept);
    slot.known = READ;
    this.#used += 1;
  }

  #write(key: Uint8Array, value: Uint8Array | undefined): void {
    const slot = this.#slotOf(key);
    if (this.#isMarked) this.#journal.add(slot);
    if (slot.known < READ) this.#used += 1;
    slot.key ??= key;
    slot.value = value;
    slot.known = WRITTEN;
    this.#freshen(slot);
  }

  #freshen(slot: Slot): void {
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
      slot = newSlot(text);
      this.#slots.set(text, slot);
    }
    this.#recentKeys[this.#nextRecent] = key;
    this.#recentSlots[this.#nextRecent] = slot;
    this.#nextRecent = (this.#nextRecent + 1) % RECENT;
    return slot;
  }

  /** What is written, or was and has still to be taken out of the order, stays. */
  #forgetRead(): void {
    for (const [text, { known, isFresh }] of this.#slots) {
      if (known !== WRITTEN && !isFresh) this.#slots.delete(text);
    }
    this.#recentKeys.fill(undefined);
    this.#maxSlots = this.#slots.size + MAX_READ;
  }

  /** All that was read and written is what the parent holds now. */
  #keep(): void {
    const most = Math.min(MAX_KEPT, LEAST_KEPT + KEPT_FOR_ONE_USED * this.#used);
    const isOver = this.#slots.size > most;
    for (const slot of this.#slots.values()) {
      if (slot.known >= READ) settle(slot);
      else if (isOver) this.#slots.delete(slot.text);
    }
    if (this.#slots.size > MAX_KEPT) this.#slots.clear();
    this.#recentKeys.fill(undefined);
    this.#maxSlots = MAX_READ;
    this.#used = 0;
  }

  #takeFresh(): void {
    if (this.#fresh.length === 0) return;
    this.#sorted = mergeWrites(this.#sorted, this.#sortedFresh());
    this.#clearFresh();
  }

  #clearFresh(): void {
    for (const slot of this.#fresh) slot.isFresh = false;
    this.#fresh = [];
  }

  #sortedFresh(): Placed[] {
    return this.#fresh.map(placed).sort(byText);
  }
}

function newSlot(text: string): Slot {
  const known = UNKNOWN;
  return { text, key: undefined, known, value: undefined, kept: undefined, isFresh: false };
}

const isWritten = ({ known }: Slot): boolean => known === WRITTEN;

/** No two have the same. */
const byText = (a: { readonly text: string }, b: { readonly text: string }): number =>
  a.text < b.text ? -1 : 1;

/** Takes what is written for what the parent has. */
function settle(slot: Slot): void {
  if (slot.known === WRITTEN) slot.kept = slot.value;
  slot.known = KEPT;
  slot.value = undefined;
  if (slot.kept === undefined || slot.kept.length <= MAX_KEPT_BYTES) return;
  slot.kept = undefined;
  slot.known = UNKNOWN;
}

function placed({ text, key, value, known }: Slot): Placed {
  return known === WRITTEN ? { text, key: key!, value } : { text, key: undefined };
}
