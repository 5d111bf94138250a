/** Trusted blocks in the browser's own database, shared by all tabs. */
import { BrowserLevel } from 'browser-level';
import type { TrustedStore } from '../index.ts';

/** Digits of a height, so that keys stand in the order of heights. */
const WIDTH = 19;

/** Opens the store of a chain. @throws Error when the browser keeps nothing, as in some private windows. */
export async function openBrowserStore(chainId: string): Promise<TrustedStore> {
  const database = new BrowserLevel<string, string>(`depind-light/${chainId}`);
  await database.open();
  return {
    async heights() {
      const keys = await database.keys().all();
      return keys.map((key) => BigInt(key));
    },
    read: (height) => database.get(keyOf(height)),
    write: (height, text) => database.put(keyOf(height), text),
    remove: (height) => database.del(keyOf(height)),
  };
}

function keyOf(height: bigint): string {
  return height.toString().padStart(WIDTH, '0');
}
