/** The writes of a block, or of the transactions that CheckTx lets pass, on top of the working state. */
import { BufferedStore, type MultiStore } from '../store/index.ts';

/** A buffer for each store that is used. */
export class StoreBuffers {
  readonly #state: MultiStore;
  readonly #buffers = new Map<string, BufferedStore>();
  #edits: number;

  constructor(state: MultiStore) {
    this.#state = state;
    this.#edits = state.edits;
  }

  /** Whether nobody else has changed the state since these were made or written: they may know an older one. */
  get isCurrent(): boolean {
    return this.#state.edits === this.#edits;
  }

  /** @throws RangeError when there is no such store. */
  store(name: string): BufferedStore {
    let buffer = this.#buffers.get(name);
    if (buffer === undefined) {
      buffer = new BufferedStore(this.#state.store(name));
      this.#buffers.set(name, buffer);
    }
    return buffer;
  }

  /** Gives all writes to the state. The order of keys, not of transactions, shapes the trees, as in the SDK. */
  write(): void {
    for (const buffer of this.#buffers.values()) buffer.write();
    this.#edits = this.#state.edits;
  }
}
