/** The writes of a block, or of the transactions that CheckTx lets pass, on top of the working state. */
import { BufferedStore, type MultiStore } from '../store/index.ts';

/** A buffer for each store that is used. */
export class StoreBuffers {
  readonly #state: MultiStore;
  readonly #buffers = new Map<string, BufferedStore>();

  constructor(state: MultiStore) {
    this.#state = state;
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
  }
}
