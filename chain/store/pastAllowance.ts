import { BusyError } from './errors.ts';

/** Most of the time that may go into bringing past versions back, in the long run. */
const SHARE = 1 / 5;

/** Milliseconds of it that may be used at once: a few versions of a large state, hundreds of a small one. */
const BURST_MS = 2000;

/** Milliseconds of a clock that never goes back. */
export type MonotonicClock = () => number;

/**
 * How often past versions may be brought back from the disk. That takes up to seconds, in which nothing else runs, so that
 * whoever may ask for any height could hold up the blocks.
 */
export class PastAllowance {
  readonly #clock: MonotonicClock | undefined;
  /** Milliseconds that were used and that the time since has not made good, when it was last counted. */
  #usedMs = 0;
  #countedAt = 0;

  /** Without a clock nothing is refused: for programs that run no blocks. */
  constructor(clock: MonotonicClock | undefined) {
    this.#clock = clock;
  }

  /** Brings a version back, unless too much was done of it just now. @throws BusyError, and what `rebuild` throws. */
  use<Result>(version: number, rebuild: () => Result): Result {
    const clock = this.#clock;
    if (clock === undefined) return rebuild();
    const start = clock();
    this.#usedMs = Math.max(0, this.#usedMs - (start - this.#countedAt) * SHARE);
    this.#countedAt = start;
    if (this.#usedMs >= BURST_MS) {
      const waitMs = Math.ceil((this.#usedMs - BURST_MS) / SHARE) + 1;
      throw new BusyError(BigInt(version), waitMs);
    }
    try {
      return rebuild();
    } finally {
      this.#usedMs += clock() - start;
    }
  }
}
