/** What a write buffer holds of a key, and how it goes back to what it held before. */

/** Nobody has asked the parent. */
export const UNKNOWN = 0;
/** What the parent answered, or was given, stands in `kept`; it was not asked for since. */
export const KEPT = 1;
/** It was: `value` is what it got. */
export const READ = 2;
/** A write that the parent does not know yet. */
export const WRITTEN = 3;

/** How a buffer came to know the value of a key. */
export type Known = typeof UNKNOWN | typeof KEPT | typeof READ | typeof WRITTEN;

/** A key in a buffer. */
export interface Slot {
  /** The key, one character a byte. */
  readonly text: string;
  /** The array with which it was first written: that of a later write is not kept alive for longer than the write. */
  key: Uint8Array | undefined;
  known: Known;
  /** What a read gives, once it is read or written; undefined for no value. */
  value: Uint8Array | undefined;
  /** What the parent has. Lent to nobody: it outlives what may be changed in place by mistake. */
  kept: Uint8Array | undefined;
  /** Whether it was written since writes were last put in order. */
  isFresh: boolean;
}

/** A slot as it was before a write. */
interface Replaced {
  slot: Slot;
  known: Known;
  value: Uint8Array | undefined;
}

/** Records beyond these are not used again. */
const MAX_REUSED = 1000;

/** What writes replaced, oldest first. Records are used again: each transaction makes a few. */
export class WriteJournal {
  #records: Replaced[] = [];
  #length = 0;

  /** Writes to go back over. */
  get length(): number {
    return this.#length;
  }

  /** To be called before the slot is written. */
  add(slot: Slot): void {
    const { known, value } = slot;
    const record = this.#records[this.#length];
    if (record === undefined) this.#records.push({ slot, known, value });
    else {
      record.slot = slot;
      record.known = known;
      record.value = value;
    }
    this.#length += 1;
  }

  /** Gives slots back what they held, the latest first, until only so many writes are left; tells of each one. */
  undo(length: number, changed: (slot: Slot) => void): void {
    while (this.#length > length) {
      this.#length -= 1;
      const { slot, known, value } = this.#records[this.#length]!;
      slot.known = known;
      slot.value = value;
      changed(slot);
    }
  }

  clear(): void {
    this.#length = 0;
    if (this.#records.length > MAX_REUSED) this.#records = [];
  }
}
