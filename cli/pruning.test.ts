import assert from 'node:assert/strict';
import { Command } from 'commander';
import { addPruning, chosenPruning, type PruningOptions } from './pruning.ts';

function chosen(line: string) {
  const command = addPruning(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  command.parse(line === '' ? [] : line.split(' '), { from: 'user' });
  return chosenPruning(command.opts<PruningOptions>());
}

describe('the pruning flags', () => {
  for (const [line, expected] of [
    ['', 'default'],
    ['--pruning nothing', 'nothing'],
    ['--pruning everything', 'everything'],
    [
      '--pruning custom --pruning-keep-recent 2 --pruning-interval 10',
      { keepRecent: 2, interval: 10 },
    ],
  ] as const) {
    it(`take "${line}"`, () => assert.deepEqual(chosen(line), expected));
  }

  for (const [line, message] of [
    ['--pruning some', /Allowed choices are default, nothing, everything, custom/],
    ['--pruning custom --pruning-interval 10', /expected --pruning-keep-recent with it/],
    ['--pruning custom --pruning-keep-recent 2', /expected --pruning-interval with it/],
    ['--pruning custom --pruning-keep-recent 1 --pruning-interval 10', /from 2 to/],
    ['--pruning custom --pruning-keep-recent 2 --pruning-interval 9', /from 10 to/],
    ['--pruning-keep-recent 5', /only --pruning custom takes it, got --pruning default/],
    ['--pruning nothing --pruning-interval 10', /--pruning-interval: only --pruning custom/],
  ] as const) {
    it(`refuse "${line}"`, () => assert.throws(() => chosen(line), message));
  }
});
