/** How long a node takes to be there again with a large state, beside the Cosmos SDK. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Bench, type BenchOptions, type Figure, figureOf } from './support/figure.ts';
import { filledState } from './support/fillState.ts';
import { programBeside } from './support/root.ts';
import {
  buildSdkRace,
  killedRun,
  MOST_KILLS,
  type Restarted,
  type RestartRounds,
  type RestartTimes,
  raceRestart,
  timeRestart,
} from './support/sdkRace.ts';

/** Rounds of what hashes with noble: it takes long, and nothing is compared with it. */
const NOBLE_ROUNDS = 1;

/**
 * In a new process each time: opening alone, and all until a first block of updates is committed; after a clean stop, and
 * after a kill when there is most to be done again.
 */
export const restart: Bench = {
  name: 'restart',
  async run(options) {
    const hasGo = await buildSdkRace();
    if (!hasGo) options.progress('there is no Go here: no rival');
    const figures: Figure[] = [];
    for (const keys of options.quick ? [100_000] : [100_000, 1_000_000]) {
      const rounds = options.quick ? 1 : 5;
      figures.push(...(await restartsOf(keys, rounds, options)));
      if (hasGo)
        figures.push(...racedFigures(keys, ', Cosmos SDK', await raceRestart(keys, rounds)));
    }
    return figures;
  },
};

function racedFigures(keys: number, who: string, { stopped, killed }: RestartRounds): Figure[] {
  return [
    ...figuresOf(keys, '', { who, times: stopped }),
    ...figuresOf(keys, ' after a kill', { who, times: killed }),
  ];
}

function figuresOf(
  keys: number,
  when: string,
  { who, times }: { readonly who: string; readonly times: readonly RestartTimes[] },
): Figure[] {
  const name = `restart with ${keys.toLocaleString('en-US')} keys${when}`;
  const figure = { unit: 'ms', better: 'lower' } as const;
  const of = (what: string, values: readonly number[]): Figure =>
    figureOf({ ...figure, name: name + what + who }, values);
  return [
    of(
      '',
      times.map(({ openMs }) => openMs),
    ),
    of(
      ', until 10,000 updates are committed',
      times.map(({ blockMs }) => blockMs),
    ),
  ];
}

async function restartsOf(
  keys: number,
  rounds: number,
  { progress }: BenchOptions,
): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'depind-bench-'));
  try {
    const path = join(folder, 'application.db');
    await filledState(path, keys);
    progress(`a state of ${keys} keys is made`);
    const home: Home = { path, keys, copy: join(folder, 'copy.db') };
    const stopped = await racedHere(home, rounds);
    const updates = Number(await killedRun(...killedProgram(home)));
    progress(`${updates} updates are to be done again`);
    const behind = `${keys.toLocaleString('en-US')} keys after a kill: updates to be done again`;
    return [
      ...stopped,
      ...(await racedHere(home, Math.min(rounds, MOST_KILLS), ' after a kill')),
      { name: behind, value: updates, unit: '', better: 'lower' },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A state that stays as it is: each restart gets a copy. */
interface Home {
  readonly path: string;
  readonly keys: number;
  readonly copy: string;
}

/** With what is fastest here, and with noble alone. */
async function racedHere(home: Home, rounds: number, when = ''): Promise<Figure[]> {
  const times = await timesOf(home, rounds, 'fastest');
  const ofNoble = await timesOf(home, Math.min(rounds, NOBLE_ROUNDS), 'noble');
  return [
    ...figuresOf(home.keys, when, { who: '', times }),
    ...figuresOf(home.keys, when, { who: ', noble', times: ofNoble }),
  ];
}

async function timesOf(
  { path, keys, copy }: Home,
  rounds: number,
  hashing: 'fastest' | 'noble',
): Promise<RestartTimes[]> {
  const times: RestartTimes[] = [];
  for (let i = 0; i < rounds; i++) {
    await cp(path, copy, { recursive: true });
    times.push(await timeRestart(() => restartOnce(copy, keys, hashing)));
    await rm(copy, { recursive: true });
  }
  return times;
}

async function restartOnce(path: string, keys: number, hashing: string): Promise<Restarted> {
  const program = programBeside('restartOnce');
  const args = [program, path, `${keys}`, hashing];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Restarted;
}

function killedProgram({ path, keys }: Home): [program: string, args: readonly string[]] {
  const program = programBeside('killedState');
  return [process.execPath, [program, path, `${keys}`]];
}
