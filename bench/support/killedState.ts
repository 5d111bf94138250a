/**
 * Commits blocks of updates on a filled state, other keys in each of them, until the next image is written but not on
 * record, and kills itself: as much as there can be is to be done again then. Prints how many updates that is.
 */
import { existsSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { changedValue, FILL_STORE, fillKey, UPDATES } from './fill.ts';
import { openState } from './fillState.ts';

const MOST_BLOCKS = 1000;

const [path = '', text = ''] = process.argv.slice(2);
const keys = Number(text);
const store = await openState(path);
const updated = store.store(FILL_STORE);
const folder = join(path, 'images');
const images = (): string =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.image'))
        .join()
    : '';
const before = images();
for (let block = 1; images() === before; block++) {
  if (block > MOST_BLOCKS) throw new Error(`no image after ${MOST_BLOCKS} blocks`);
  for (let i = 0; i < UPDATES; i++) {
    updated.set(
      fillKey((Math.floor((i * keys) / UPDATES) + block) % keys),
      changedValue(i + block),
    );
  }
  await store.commit();
  if (images() !== before) writeSync(1, `${block * UPDATES}`);
}
process.kill(process.pid, 'SIGKILL');
