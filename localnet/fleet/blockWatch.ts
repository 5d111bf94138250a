/** Waiting for the next block, by asking for the height: one request at a time, however many wait. */
import type { Logger } from '../logger.ts';
import type { ChainClient } from './chainClient.ts';
import { type LinkedAbort, linkedAbort } from './linkedAbort.ts';
import type { Timing } from './timing.ts';

export interface BlockWatchOptions {
  readonly client: ChainClient;
  readonly timing: Timing;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly pollMs: number;
}

/** Knows the height of the chain while it runs. */
export class BlockWatch {
  readonly #options: BlockWatchOptions;
  #height = 0;
  readonly #waiting = new Set<LinkedAbort>();
  #isAway = false;

  constructor(options: BlockWatchOptions) {
    this.#options = options;
  }

  /** Height of the newest block that was seen; 0 before the first. */
  get height(): number {
    return this.#height;
  }

  /** Polls until the signal is raised; a node that is away is asked again. */
  async run(): Promise<void> {
    const { timing, signal, pollMs } = this.#options;
    while (!signal.aborted) {
      await this.#ask();
      await timing.sleep(pollMs, signal).catch(() => undefined);
    }
    this.#wake();
  }

  /** Resolves with the next new block, after `atMostMs`, or when the watch ends. */
  async nextBlock(atMostMs: number): Promise<void> {
    const { signal, timing } = this.#options;
    if (signal.aborted) return;
    // Both a block and the end of the watch interrupt the sleep.
    const arrival = linkedAbort(signal);
    this.#waiting.add(arrival);
    await timing.sleep(atMostMs, arrival.signal).catch(() => undefined);
    this.#waiting.delete(arrival);
    arrival.release();
  }

  async #ask(): Promise<void> {
    const { client, signal, logger } = this.#options;
    try {
      const { height } = await client.status();
      if (this.#isAway) logger.info('the fleet reaches its node again', { height });
      this.#isAway = false;
      if (height <= this.#height) return;
      this.#height = height;
      this.#wake();
    } catch (error) {
      if (signal.aborted || this.#isAway) return;
      this.#isAway = true;
      logger.warn('the fleet cannot reach its node', { error });
    }
  }

  #wake(): void {
    for (const arrival of this.#waiting) arrival.abort();
  }
}
