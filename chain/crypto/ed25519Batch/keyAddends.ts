/** Odd multiples of keys' points, ready to be added: they are remembered, since the same validators sign again. */
import { latin1 } from '../../store/keyText.ts';
import type { BatchMemory } from './batchMemory.ts';
import { ELEMENT_BYTES } from './fieldSizes.ts';
import {
  FREE_AT,
  INPUT,
  KEY_BYTES,
  KEY_ENTRY_BYTES,
  KEY_WIDTHS,
  LANES,
  POINT_BYTES,
} from './layout.ts';

/** Keys that are remembered, more than a batch has: several sets of validators, 10 kB each. */
const MAX_KEYS = 1024;
/** Memory behind FREE_AT for them. */
export const KEYS_BYTES = MAX_KEYS * KEY_BYTES;
/** A key that came so often will come again: more addends cost as much as they save in six batches. */
const USES_BEFORE = 6;

interface Key {
  /** Address of its point, with the addends behind it. */
  readonly place: number;
  uses: number;
  width: number;
  /** When it came last. */
  batch: number;
}

/** Keys of the signatures of a batch after the other. */
export class KeyAddends {
  readonly #memory: BatchMemory;
  readonly #keys = new Map<string, Key>();
  /** Those whose points are not made yet, fewer than four. */
  #new: string[] = [];
  #batch = 0;
  /** Places without a key, the first one last. */
  readonly #free = Array.from(
    { length: MAX_KEYS },
    (_, i) => FREE_AT + (MAX_KEYS - 1 - i) * KEY_BYTES,
  );

  constructor(memory: BatchMemory) {
    this.#memory = memory;
  }

  /** A batch begins: keys of the one before may be forgotten, and are when it broke off before their points were made. */
  begin(): void {
    this.#forgetNew();
    this.#batch += 1;
  }

  /** Gives the key to a signature of the batch; false when one of the new keys is no point. */
  use(index: number, publicKey: Uint8Array): boolean {
    const text = latin1(publicKey);
    const key = this.#keys.get(text) ?? this.#add(text, publicKey);
    key.uses += 1;
    key.batch = this.#batch;
    // Its point is there when no points are to be made.
    const isDue = key.uses > USES_BEFORE && key.width === KEY_WIDTHS.few;
    if (isDue && this.#new.length === 0) this.#widen(key);
    const entry = (INPUT.keys + index * KEY_ENTRY_BYTES) / 4;
    this.#memory.words[entry] = key.place + ELEMENT_BYTES;
    this.#memory.words[entry + 1] = key.width;
    return this.#new.length < LANES || this.finish();
  }

  /** Makes the points of new keys; false when one is no point: they are forgotten then. */
  finish(): boolean {
    if (this.#new.length === 0) return true;
    const arePoints = this.#memory.functions.addKeys(this.#new.length) === 1;
    if (!arePoints) this.#forgetNew();
    this.#new = [];
    return arePoints;
  }

  #add(text: string, publicKey: Uint8Array): Key {
    const place = this.#newPlace();
    const key = { place, uses: 0, width: KEY_WIDTHS.few, batch: this.#batch };
    this.#keys.set(text, key);
    const { bytes, words } = this.#memory;
    // The lanes behind the last new key repeat it.
    for (let lane = this.#new.length; lane < LANES; lane++) {
      bytes.set(publicKey, INPUT.newKeys + lane * POINT_BYTES);
    }
    words[INPUT.newKeyPlaces / 4 + this.#new.length] = place;
    this.#new.push(text);
    return key;
  }

  /** A free one, or that of the key which has been there longest and is not of this batch. */
  #newPlace(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    for (const [text, { place, batch }] of this.#keys) {
      if (batch === this.#batch) continue;
      this.#keys.delete(text);
      return place;
    }
    throw new RangeError(`keys: expected at most ${MAX_KEYS} in a batch`);
  }

  #forgetNew(): void {
    for (const text of this.#new) {
      this.#free.push(this.#keys.get(text)!.place);
      this.#keys.delete(text);
    }
    this.#new = [];
  }

  #widen(key: Key): void {
    this.#memory.functions.widenKey(key.place);
    key.width = KEY_WIDTHS.many;
  }
}
