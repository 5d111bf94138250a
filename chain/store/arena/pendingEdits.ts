import type { Arena } from './arena.ts';
import { prefixOf } from './nodes.ts';

/** Edits that are put together: so many paths are read at once. */
const MOST_EDITS = 64;
/** Fewer edits are done at once: there is nothing to read ahead. */
const LEAST_PATHS = 4;

/** The length that the value of a removal has. */
export const REMOVAL = -1;

/** One edit, with its key and value in blocks of the arena; a block that a leaf took over is 0. */
export interface Edit {
  key: number;
  /** As `prefixOf` gives it. */
  prefix: number;
  /** 0 for an empty value. */
  value: number;
  /** Bytes; REMOVAL to remove the key. */
  valueBytes: number;
  /** The version that it is replayed as; 0 without a replay. */
  version: number;
}

/**
 * The edits that a tree was told and has not done yet. A path to a leaf is a chain of reads that each wait for memory;
 * those of many edits are read at once, so that they wait together.
 */
export class PendingEdits {
  readonly #arena: Arena;
  readonly #edits: Edit[] = [];
  #count = 0;
  #done = 0;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  get isFull(): boolean {
    return this.#count === MOST_EDITS;
  }

  /** Takes copies of key and value. @throws RangeError when the arena is full. */
  set(key: Uint8Array, value: Uint8Array, version: number): void {
    const block = this.#arena.newValue(value);
    this.#add(key, { block, bytes: value.length }, version);
  }

  /** Takes a copy of the key. @throws RangeError when the arena is full. */
  remove(key: Uint8Array, version: number): void {
    this.#add(key, { block: 0, bytes: REMOVAL }, version);
  }

  #add(key: Uint8Array, value: { block: number; bytes: number }, version: number): void {
    const block = this.#arena.newKey(key);
    let edit = this.#edits[this.#count];
    if (edit === undefined) {
      edit = { key: 0, prefix: 0, value: 0, valueBytes: 0, version: 0 };
      this.#edits.push(edit);
    }
    edit.key = block;
    edit.prefix = prefixOf(key);
    edit.value = value.block;
    edit.valueBytes = value.bytes;
    edit.version = version;
    this.#count++;
  }

  /** Reads the paths of all edits, so that doing them finds the nodes in the cache. */
  readPaths(root: number): void {
    if (root === 0 || this.#count < LEAST_PATHS) return;
    this.#arena.paths?.read(root, this.#edits, this.#count);
  }

  /** The next edit to be done, the same one until `done`; undefined when there is none. */
  next(): Edit | undefined {
    if (this.#done < this.#count) return this.#edits[this.#done];
    this.#count = 0;
    this.#done = 0;
    return undefined;
  }

  /** The edit that `next` gave is done: what no leaf took over of it goes. */
  done(): void {
    this.#release(this.#edits[this.#done++]!);
  }

  /** Forgets all edits. */
  discard(): void {
    for (let edit = this.next(); edit !== undefined; edit = this.next()) this.done();
  }

  #release(edit: Edit): void {
    if (edit.key !== 0) this.#arena.leaveKey(edit.key);
    if (edit.value !== 0) this.#arena.freeValue(edit.value, edit.valueBytes);
    edit.key = 0;
    edit.value = 0;
  }
}
