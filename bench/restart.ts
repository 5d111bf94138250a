/** How long a node takes to be there again with a large state, beside the Cosmos SDK. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ModuleSet } from '../chain/module/moduleSet.ts';
import { MultiStore } from '../chain/store/index.ts';
import { MODULES } from '../modules/app.ts';
import { type Bench, type BenchOptions, type Figure, figureOf } from './support/figure.ts';
import { FILL_STORE, fillKey, fillValue } from './support/fill.ts';
import { programBeside } from './support/root.ts';
import {
  buildSdkRace,
  type Restarted,
  type RestartTimes,
  raceRestart,
  timeRestart,
} from './support/sdkRace.ts';

const KEYS_PER_BLOCK = 100_000;

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
    await fill(path, keys);
    progress(`a state of ${keys} keys is made`);
    const times: RestartTimes[] = [];
    for (let i = 0; i < rounds; i++) times.push(await timeRestart(() => restartOnce(path, keys)));
    return times;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** In blocks, as a chain makes it. */
async function fill(path: string, keys: number): Promise<void> {
  const { storeNames } = new ModuleSet(MODULES);
  const store = await MultiStore.open({ path, storeNames });
  const filled = store.store(FILL_STORE);
  for (let next = 0; next < keys; ) {
    for (const end = Math.min(next + KEYS_PER_BLOCK, keys); next < end; next++) {
      filled.set(fillKey(next), fillValue(next));
    }
    await store.commit();
  }
  await store.close();
}

async function restartOnce(path: string, keys: number): Promise<Restarted> {
  const program = programBeside(import.meta.url, 'support/restartOnce');
  const { stdout } = await promisify(execFile)(process.execPath, [program, path, `${keys}`]);
  return JSON.parse(stdout) as Restarted;
}
