/** Whether threads are worth it for a few jobs: not for the first batches of a process, nor while others keep its cores busy. */

/** After threads were late once, and again and again, so many batches go without them: 2, 4, and up to 64. */
const MOST_PASSED = 6;

export class ThreadTrust {
  #passed: number;
  #lateness = 0;

  /** The first `startAfter` batches go without threads. */
  constructor(startAfter: number) {
    this.#passed = startAfter;
  }

  /** Whether the next batch goes to threads. */
  next(): boolean {
    if (this.#passed === 0) return true;
    this.#passed -= 1;
    return false;
  }

  /** Says whether the caller had to do what a thread had claimed. */
  note(isLate: boolean): void {
    this.#lateness = Math.max(0, Math.min(MOST_PASSED, this.#lateness + (isLate ? 1 : -1)));
    if (isLate) this.#passed = 2 ** this.#lateness;
  }
}
