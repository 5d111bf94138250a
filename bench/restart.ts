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
import { buildSdkRace, raceRestart } from './support/sdkRace.ts';

const KEYS_PER_BLOCK = 100_000;

/** From the call that opens the stores until a key was read, in a new process each time. */
export const restart: Bench = {
  name: 'restart',
  async run(options) {
    const { quick, progress } = options;
    const keys = quick ? 100_000 : 1_000_000;
    const rounds = quick ? 1 : 5;
    const ours = await restartsOf(keys, rounds, options);
    const name = `restart with ${keys.toLocaleString('en-US')} keys`;
    const figure = { unit: 'ms', better: 'lower' } as const;
    const figures: Figure[] = [figureOf({ ...figure, name }, ours)];
    if (!(await buildSdkRace())) {
      progress('there is no Go here: no rival');
      return figures;
    }
    const seconds = await raceRestart(keys, rounds);
    const theirs = seconds.map((each) => each * 1000);
    return [...figures, figureOf({ ...figure, name: `${name}, Cosmos SDK` }, theirs)];
  },
};

async function restartsOf(
  keys: number,
  rounds: number,
  { progress }: BenchOptions,
): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'depind-bench-'));
  try {
    const path = join(folder, 'application.db');
    await fill(path, keys);
    progress(`a state of ${keys} keys is made`);
    const times: number[] = [];
    for (let i = 0; i < rounds; i++) times.push(await restartOnce(path, keys));
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

async function restartOnce(path: string, keys: number): Promise<number> {
  const program = programBeside(import.meta.url, 'support/restartOnce');
  const { stdout } = await promisify(execFile)(process.execPath, [program, path, `${keys}`]);
  return Number(stdout);
}
