/** A large state on disk, made block by block as a chain makes it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModuleSet } from '../../chain/module/moduleSet.ts';
import { MultiStore } from '../../chain/store/index.ts';
import { MODULES } from '../../modules/app.ts';
import { FILL_STORE, fillKey, fillValue } from './fill.ts';

const KEYS_PER_BLOCK = 100_000;

/** The state of depind's modules in a folder. */
export function openState(path: string): Promise<MultiStore> {
  const { storeNames } = new ModuleSet(MODULES);
  return MultiStore.open({ path, storeNames });
}

/** States that were made in this process, by how many keys they have. */
const filled = new Map<number, string>();

/** A state of so many keys, closed, in a folder that is not there yet; made once, then copied. */
export async function filledState(path: string, keys: number): Promise<void> {
  const made = filled.get(keys) ?? mkdtempSync(join(tmpdir(), 'depind-filled-'));
  const state = join(made, 'application.db');
  if (!filled.has(keys)) {
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    await fillState(state, keys);
    filled.set(keys, made);
  }
  await cp(state, path, { recursive: true });
}

/** Makes a state of so many keys, and closes it. */
async function fillState(path: string, keys: number): Promise<void> {
  const store = await openState(path);
  const filled = store.store(FILL_STORE);
  for (let next = 0; next < keys; ) {
    for (const end = Math.min(next + KEYS_PER_BLOCK, keys); next < end; next++) {
      filled.set(fillKey(next), fillValue(next));
    }
    await store.commit();
  }
  await store.close();
}
