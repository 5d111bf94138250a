import assert from 'node:assert/strict';
import { Command } from 'commander';
import { addStateSync, chosenStateSync, type StateSyncFlags } from './stateSync.ts';

describe('the flags of state sync', () => {
  for (const [flags, snapshotInterval, snapshotKeepRecent] of [
    ['', 0n, 2],
    ['--state-sync.snapshot-interval 1000', 1000n, 2],
    ['--state-sync.snapshot-interval 10 --state-sync.snapshot-keep-recent 5', 10n, 5],
  ] as const) {
    it(`choose "${flags}"`, () => {
      const command = addStateSync(new Command());
      command.parse(flags.split(' ').filter(Boolean), { from: 'user' });
      const chosen = chosenStateSync(command.opts<StateSyncFlags>());
      assert.deepEqual(chosen, { snapshotInterval, snapshotKeepRecent });
    });
  }

  it('refuse what is no count', () => {
    const command = addStateSync(new Command())
      .exitOverride()
      .configureOutput({ writeErr() {} });
    const parse = () => command.parse(['--state-sync.snapshot-interval', '-1'], { from: 'user' });
    assert.throws(parse, /expected a whole number/);
  });
});
