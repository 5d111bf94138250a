/**
 * The log: what each version set and removed, store by store, in the order it was done. Trees depend on that
 * order, so a tree that is given the same changes again comes to the same shape and hashes.
 * A chunk is the store's name, then of each change: length of the key doubled, plus one for a removal; the key;
 * for a set the value behind its length.
 */
import { fromUtf8, toUtf8 } from '../../wire/bytes.ts';
import type { Change } from './backing.ts';
import { ByteReader } from './byteReader.ts';
import { ByteWriter } from './byteWriter.ts';
import { checkKey } from './kvStore.ts';
import { logKey, sealed } from './records.ts';

/** A chunk ends with the change that takes it past this. */
const CHUNK_BYTES = 1 << 20;

/** What can be given changes again. */
export interface Changeable {
  set(key: Uint8Array, value: Uint8Array): void;
  remove(key: Uint8Array): unknown;
}

/** Writes down the changes of one store since they were last taken. */
export class ChangeRecorder {
  readonly #name: Uint8Array;
  readonly #writer = new ByteWriter();
  #chunks: Uint8Array[] = [];
  #count = 0;

  constructor(storeName: string) {
    this.#name = toUtf8(storeName);
  }

  /** Changes since they were last taken. */
  get count(): number {
    return this.#count;
  }

  set(key: Uint8Array, value: Uint8Array): void {
    this.#begin();
    this.#writer
      .unsigned(2 * key.length)
      .raw(key)
      .bytes(value);
    this.#end();
  }

  remove(key: Uint8Array): void {
    this.#begin();
    this.#writer.unsigned(2 * key.length + 1).raw(key);
    this.#end();
  }

  /** The chunks; the recorder is empty afterwards. */
  take(): Uint8Array[] {
    if (this.#writer.length > 0) this.#chunks.push(this.#writer.take());
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#count = 0;
    return chunks;
  }

  #begin(): void {
    if (this.#writer.length === 0) this.#writer.bytes(this.#name);
  }

  #end(): void {
    this.#count++;
    if (this.#writer.length >= CHUNK_BYTES) this.#chunks.push(this.#writer.take());
  }
}

/** The records of the chunks of one version. */
export function logChanges(version: number, chunks: readonly Uint8Array[]): Change[] {
  return chunks.map((chunk, index) => sealed(logKey(version, index), chunk));
}

/**
 * Does the changes of a chunk again, on the tree that `treeOf` gives for its store.
 * @throws TypeError when the chunk is not what a recorder writes.
 */
export function replayChunk(chunk: Uint8Array, treeOf: (store: string) => Changeable): void {
  const reader = new ByteReader(chunk, 'chunk of changes');
  const tree = treeOf(fromUtf8(reader.bytes(), 'store name'));
  while (!reader.done) {
    const head = reader.unsigned();
    const key = reader.take(Math.floor(head / 2));
    checkKey(key);
    if (head % 2 === 1) tree.remove(key);
    else tree.set(key, reader.bytes());
  }
}
