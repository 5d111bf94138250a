/** The flags of state-sync snapshots, named as the SDK names them. */
import type { Command } from 'commander';
import type { SnapshotSchedule } from '../chain/app/stateSync.ts';
import { integerBetween } from './values.ts';

/** What the flags give: commander keeps the dot of their names. */
export interface StateSyncFlags {
  readonly 'stateSync.snapshotInterval': number;
  readonly 'stateSync.snapshotKeepRecent': number;
}

const MOST = 1_000_000_000;

export function addStateSync(command: Command): Command {
  return command
    .option(
      '--state-sync.snapshot-interval <heights>',
      'heights from one snapshot of the state to the next, 0 for none',
      integerBetween(0, MOST),
      0,
    )
    .option(
      '--state-sync.snapshot-keep-recent <count>',
      'snapshots that stay, 0 for all',
      integerBetween(0, MOST),
      2,
    );
}

/** The options that the flags make up. */
export function chosenStateSync(flags: StateSyncFlags): SnapshotSchedule {
  return {
    snapshotInterval: BigInt(flags['stateSync.snapshotInterval']),
    snapshotKeepRecent: flags['stateSync.snapshotKeepRecent'],
  };
}
