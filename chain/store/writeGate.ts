import { DamagedStoreError } from './errors.ts';

/** What changes the working state. */
const EDITS: ReadonlySet<string> = new Set(['write', 'roll back', 'restore']);

/** Whether a store may be used: not by two writers at once, not after a failed write, not once it is closed. */
export class WriteGate {
  #state: 'open' | 'committing' | 'failed' | 'closed' = 'open';
  #pending: Promise<void> = Promise.resolve();
  #edits = 0;

  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** Grows with each change of the working state that was allowed. */
  get edits(): number {
    return this.#edits;
  }

  /** Reads are allowed while a write is under way. @throws Error naming the action and the state. */
  check(action: string): void {
    const isRead = action === 'read';
    if (this.#state === 'open' || (isRead && this.#state === 'committing')) {
      if (EDITS.has(action)) this.#edits += 1;
      return;
    }
    throw new Error(`cannot ${action}: the store is ${this.#state}`);
  }

  /** Waits for a write; when it fails the store cannot be used any more. @throws DamagedStoreError, Error. */
  async write(writing: Promise<void>): Promise<void> {
    this.#state = 'committing';
    this.#pending = writing;
    try {
      await writing;
      this.#state = 'open';
    } catch (cause) {
      this.#state = 'failed';
      if (cause instanceof DamagedStoreError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`the state could not be written: ${reason}`, { cause });
    }
  }

  /** Waits for a write under way; whether all writes until now are whole. */
  async close(): Promise<boolean> {
    await this.#pending.catch(() => {});
    const isWhole = this.#state === 'open';
    this.#state = 'closed';
    return isWhole;
  }
}
