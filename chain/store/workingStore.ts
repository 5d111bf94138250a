import type { StateTree } from './arena/contract.ts';
import type { ChangeRecorder } from './changeLog.ts';
import { checkKey, checkValue, type KeyRange, type KeyValue, type KVStore } from './kvStore.ts';

/** A tree that is worked on, with what writes down its changes. */
export interface WorkingPart {
  readonly tree: StateTree;
  readonly recorder: ChangeRecorder;
}

/** The working state of one tree, writable only while `checkWritable` does not throw. Changes are written down. */
export class WorkingStore implements KVStore {
  readonly #tree: StateTree;
  readonly #recorder: ChangeRecorder;
  readonly #checkWritable: () => void;

  constructor({ tree, recorder }: WorkingPart, checkWritable: () => void) {
    this.#tree = tree;
    this.#recorder = recorder;
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
    checkKey(key);
    checkValue(value);
    this.#tree.set(key, value);
    this.#recorder.set(key, value);
  }

  delete(key: Uint8Array): void {
    this.#checkWritable();
    checkKey(key);
    if (this.#tree.remove(key)) this.#recorder.remove(key);
  }

  iterate(range: KeyRange): Iterable<KeyValue> {
    return this.#tree.iterate(range);
  }
}

/** A working store for each tree, by its name. */
export function workingStores(
  trees: { readonly names: readonly string[]; part(name: string): WorkingPart },
  checkWritable: () => void,
): ReadonlyMap<string, KVStore> {
  const store = (name: string): KVStore => new WorkingStore(trees.part(name), checkWritable);
  return new Map(trees.names.map((name) => [name, store(name)]));
}
