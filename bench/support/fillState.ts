/** A large state on disk, made block by block as a chain makes it. */
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

/** Makes a state of so many keys, and closes it. */
export async function fillState(path: string, keys: number): Promise<void> {
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
