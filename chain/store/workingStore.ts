import type { KeyRange, KeyValue, KVStore } from './kvStore.ts';
import type { Tree } from './tree.ts';

/** The working state of one tree, writable only while `checkWritable` does not throw. */
export class WorkingStore implements KVStore {
  readonly #tree: Tree;
  readonly #checkWritable: () => void;

  constructor(tree: Tree, checkWritable: () => void) {
    this.#tree = tree;
    this.#checkWritable = checkWritable;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#tree.get(key);
  }

  has(key: Uint8Array): boolean {
    return this.#tree.has(key);
  }

  set(key: Uint8Array, value: Uint8Array): void {
    this.#checkWritable();
    this.#tree.set(key, value);
  }

  delete(key: Uint8Array): void {
    this.#checkWritable();
    this.#tree.delete(key);
  }

  iterate(range: KeyRange): Iterable<KeyValue> {
    return this.#tree.iterate(range);
  }
}
