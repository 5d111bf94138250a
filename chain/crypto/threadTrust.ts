/** Whether threads are worth it for a few jobs: not for the first batches of a process, nor while others want its cores. */

/** One batch of so many goes the way that was slower lately: it may be the faster one by now. */
const TRY_EVERY = 8;
/** What a new time counts beside those before it. */
const WEIGHT = 1 / 4;

export class ThreadTrust {
  readonly #startAfter: number;
  #batches = 0;
  /** Milliseconds a job. */
  #withThreads: number | undefined;
  #alone: number | undefined;

  /** The first `startAfter` batches go without threads. */
  constructor(startAfter: number) {
    this.#startAfter = startAfter;
  }

  /** Whether the next batch goes to threads. */
  next(): boolean {
    this.#batches += 1;
    if (this.#batches <= this.#startAfter) return false;
    const [shared, alone] = [this.#withThreads, this.#alone];
    const areFaster = shared === undefined || alone === undefined || shared <= alone;
    return this.#batches % TRY_EVERY === 0 ? !areFaster : areFaster;
  }

  /** Says how many milliseconds a job of a batch took. */
  note(each: number, hadThreads: boolean): void {
    if (hadThreads) this.#withThreads = mixed(this.#withThreads, each);
    else this.#alone = mixed(this.#alone, each);
  }
}

const mixed = (before: number | undefined, now: number): number =>
  before === undefined ? now : before + (now - before) * WEIGHT;
