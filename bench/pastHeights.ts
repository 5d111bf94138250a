/** How long a height takes that has left memory: an image is read, and the changes since are done again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bench, type BenchOptions, type Figure, figureOf } from './support/figure.ts';
import { changedValue, FILL_STORE, fillKey, UPDATES } from './support/fill.ts';
import { filledState, openState } from './support/fillState.ts';

/** Blocks of updates behind the image. */
const BLOCKS = 20;

/** At an image, and as far behind it as a small chain comes before it makes the next. */
export const pastHeights: Bench = {
  name: 'pastHeights',
  async run(options) {
    const figures: Figure[] = [];
    for (const keys of options.quick ? [100_000] : [100_000, 1_000_000]) {
      figures.push(...(await measure(keys, options)));
    }
    return figures;
  },
};

async function measure(keys: number, { quick, progress }: BenchOptions): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'depind-bench-'));
  try {
    const path = join(folder, 'application.db');
    await filledState(path, keys);
    const image = await update(path, keys);
    progress(`${BLOCKS} blocks on ${keys} keys are made`);
    const name = `a past height of ${keys.toLocaleString('en-US')} keys`;
    const changes = `${(BLOCKS * UPDATES).toLocaleString('en-US')} changes`;
    const figure = { unit: 'ms', better: 'lower' } as const;
    const rounds = quick ? 1 : 3;
    const last = image + BigInt(BLOCKS);
    const [near, far] = [await read(path, image, rounds), await read(path, last, rounds)];
    return [
      figureOf({ ...figure, name: `${name}, at an image` }, near),
      figureOf({ ...figure, name: `${name}, ${changes} behind it` }, far),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Blocks of updates, and enough after them that they leave memory. The version of the image. */
async function update(path: string, keys: number): Promise<bigint> {
  const store = await openState(path);
  const image = store.version;
  const updated = store.store(FILL_STORE);
  for (let block = 0; block < BLOCKS + 3; block++) {
    for (let i = 0; i < UPDATES; i++) {
      updated.set(fillKey(Math.floor((i * keys) / UPDATES)), changedValue(i + block));
    }
    await store.commit();
  }
  await store.close();
  return image;
}

/** Milliseconds until a key of a height is read, in a store opened anew each time. */
async function read(path: string, height: bigint, rounds: number): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const store = await openState(path);
    const begin = performance.now();
    const value = store.at(height).store(FILL_STORE).get(fillKey(0));
    times.push(performance.now() - begin);
    if (value === undefined) throw new Error(`no key at ${height}`);
    await store.close();
  }
  return times;
}
