/** The flags that choose which versions of the state stay readable, named as the SDK names them. */
import { type Command, Option } from 'commander';
import {
  MIN_KEEP_RECENT,
  MIN_PRUNING_INTERVAL,
  type Pruning,
} from '../chain/store/pruningStrategy.ts';
import { CliError } from './errors.ts';
import { integerBetween } from './values.ts';

/** What the flags give. */
export interface PruningOptions {
  readonly pruning: 'default' | 'nothing' | 'everything' | 'custom';
  readonly pruningKeepRecent?: number;
  readonly pruningInterval?: number;
}

/** Larger figures keep all, and say so by `nothing`. */
const MOST = 1_000_000_000;

export function addPruning(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--pruning <strategy>',
        'heights whose state stays: the last 362880, all (nothing), the last 2, or custom',
      )
        .choices(['default', 'nothing', 'everything', 'custom'])
        .default('default'),
    )
    .option(
      '--pruning-keep-recent <count>',
      'heights to keep besides the latest, with --pruning custom',
      integerBetween(MIN_KEEP_RECENT, MOST),
    )
    .option(
      '--pruning-interval <count>',
      'heights from one pruning to the next, with --pruning custom',
      integerBetween(MIN_PRUNING_INTERVAL, MOST),
    );
}

/** The strategy that the flags make up. @throws CliError when a flag is missing or has no effect. */
export function chosenPruning(options: PruningOptions): Pruning {
  const { pruning, pruningKeepRecent: keepRecent, pruningInterval: interval } = options;
  if (pruning === 'custom') {
    if (keepRecent !== undefined && interval !== undefined) return { keepRecent, interval };
    const missing = keepRecent === undefined ? 'keep-recent' : 'interval';
    throw new CliError(`--pruning custom: expected --pruning-${missing} with it`);
  }
  if (keepRecent === undefined && interval === undefined) return pruning;
  const idle = keepRecent === undefined ? 'interval' : 'keep-recent';
  throw new CliError(`--pruning-${idle}: only --pruning custom takes it, got --pruning ${pruning}`);
}
