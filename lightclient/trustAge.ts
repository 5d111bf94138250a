/** How old trust is, and when it is too old: by one clock, in nanoseconds since the Unix epoch. */
import type { Header } from '../wire/types.ts';
import { ExpiredError } from './lightClientError.ts';
import type { LightClientOptions } from './lightClientOptions.ts';
import { isWithinTrustingPeriod } from './predicates.ts';
import type { LightBlock } from './types.ts';

/** The trusting period and the clock that it is measured by. */
export class TrustAge {
  readonly #options: Pick<LightClientOptions, 'trust' | 'now'>;

  constructor(options: Pick<LightClientOptions, 'trust' | 'now'>) {
    this.#options = options;
  }

  /** The time of the clock. */
  now(): bigint {
    return this.#options.now?.() ?? BigInt(Date.now()) * 1_000_000n;
  }

  /** Whether a block is young enough to verify others by. */
  isFresh(block: LightBlock): boolean {
    return isWithinTrustingPeriod(block.signedHeader.header, this.#options.trust.period, this.now())
      .ok;
  }

  /** The error that says that a header is too old, with its age. */
  expired({ height, time }: Pick<Header, 'height' | 'time'>): ExpiredError {
    return new ExpiredError({ height, age: this.now() - time, period: this.#options.trust.period });
  }
}
