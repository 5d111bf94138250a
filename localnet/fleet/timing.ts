/** The fleet's clock and timer, which a test may replace. */
import { setTimeout as sleepFor } from 'node:timers/promises';

export interface Timing {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves after so many milliseconds, or rejects with an AbortError as soon as the signal is raised. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The system's. */
export const systemTiming: Timing = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await sleepFor(ms, undefined, { signal });
  },
};
