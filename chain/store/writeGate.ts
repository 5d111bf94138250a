import { DamagedStoreError } from './errors.ts';

/** Whether a store may be used: not by two writers at once, not after a failed write, not once it is closed. */
export class WriteGate {
  #state: 'open' | 'committing' | 'failed' | 'closed' = 'open';
  #pending: Promise<void> = Promise.resolve();

  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** Reads are allowed while a write is under way. @throws Error naming the action and the state. */
  check(action: string): void {
    const isRead = action === 'read';
    if (this.#state === 'open' || (isRead && this.#state === 'committing')) return;
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
