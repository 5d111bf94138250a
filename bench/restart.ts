/** How long a node takes to be there again with a large state, beside the Cosmos SDK. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Bench, type BenchOptions, type Figure, figureOf } from './support/figure.ts';
import { fillState } from './support/fillState.ts';
import { programBeside } from './support/root.ts';
import {
  buildSdkRace,
  type Restarted,
  type RestartTimes,
  raceRestart,
  timeRestart,
} from './support/sdkRace.ts';

/** In a new process each time: opening alone, and all until a first block of updates is committed. */
export const restart: Bench = {
  name: 'restart',
  async run(options) {
    const hasGo = await buildSdkRace();
    if (!hasGo) options.progress('there is no Go here: no rival');
    const figures: Figure[] = [];
    for (const keys of options.quick ? [100_000] : [100_000, 1_000_000]) {
      const rounds = options.quick ? 1 : 5;
      figures.push(...figuresOf(keys, '', await restartsOf(keys, rounds, options)));
      if (hasGo) figures.push(...figuresOf(keys, ', Cosmos SDK', await raceRestart(keys, rounds)));
    }
    return figures;
  },
};

function figuresOf(keys: number, who: string, times: readonly RestartTimes[]): Figure[] {
  const name = `restart with ${keys.toLocaleString('en-US')} keys`;
  const until = `${name}, until 10,000 updates are committed${who}`;
  const figure = { unit: 'ms', better: 'lower' } as const;
  return [
    figureOf(
      { ...figure, name: name + who },
      times.map(({ openMs }) => openMs),
    ),
    figureOf(
      { ...figure, name: until },
      times.map(({ blockMs }) => blockMs),
    ),
  ];
}

async function restartsOf(
  keys: number,
  rounds: number,
  { progress }: BenchOptions,
): Promise<RestartTimes[]> {
  const folder = await mkdtemp(join(tmpdir(), 'depind-bench-'));
  try {
    const path = join(folder, 'application.db');
    await fillState(path, keys);
    progress(`a state of ${keys} keys is made`);
    const times: RestartTimes[] = [];
    for (let i = 0; i < rounds; i++) times.push(await timeRestart(() => restartOnce(path, keys)));
    return times;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function restartOnce(path: string, keys: number): Promise<Restarted> {
  const program = programBeside(import.meta.url, 'support/restartOnce');
  const { stdout } = await promisify(execFile)(process.execPath, [program, path, `${keys}`]);
  return JSON.parse(stdout) as Restarted;
}
