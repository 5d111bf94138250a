/** Which versions stay readable: strategies and figures of the SDK (cosmossdk.io/store v1.1, pruning/types/options.go). */

/** What to keep besides the latest version, and how often to remove the rest. */
export interface PruningWindow {
  /** Versions kept besides the latest. */
  readonly keepRecent: number;
  /** Versions are removed when the latest is a multiple of it. */
  readonly interval: number;
}

/**
 * `default` keeps 362,880 versions besides the latest and `everything` 2, both pruning at every tenth
 * version; `nothing` keeps all; a window of one's own is what the SDK calls `custom`.
 */
export type Pruning = 'default' | 'nothing' | 'everything' | PruningWindow;

/** Least that a window of one's own may keep, and its shortest interval. */
export const MIN_KEEP_RECENT = 2;
export const MIN_PRUNING_INTERVAL = 10;

const WINDOWS: Readonly<Record<'default' | 'everything', PruningWindow>> = {
  default: { keepRecent: 362_880, interval: MIN_PRUNING_INTERVAL },
  everything: { keepRecent: MIN_KEEP_RECENT, interval: MIN_PRUNING_INTERVAL },
};

/**
 * The window of a strategy; undefined when all versions are kept.
 * @throws TypeError naming the figure that is too small.
 */
export function pruningWindow(pruning: Pruning = 'default'): PruningWindow | undefined {
  if (pruning === 'nothing') return undefined;
  if (typeof pruning === 'string') return WINDOWS[pruning];
  checkAtLeast('pruning.keepRecent', pruning.keepRecent, MIN_KEEP_RECENT);
  checkAtLeast('pruning.interval', pruning.interval, MIN_PRUNING_INTERVAL);
  return pruning;
}

function checkAtLeast(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new TypeError(`${name}: expected a whole number of at least ${least}, got ${value}`);
}

/**
 * The oldest version that a window keeps once `latest` is committed. Between two multiples of the
 * interval it stands still, so that the store removes versions in bursts as the SDK's does.
 */
export function oldestInWindow(latest: number, window: PruningWindow | undefined): number {
  if (window === undefined) return 0;
  return latest - (latest % window.interval) - window.keepRecent;
}
