/** Trusted blocks in the browser's own database, shared by all tabs. */
import { BrowserLevel } from 'browser-level';
import type { TrustedStore } from '../index.ts';

type Database = BrowserLevel<string, string>;

/** Digits of a height, so that keys stand in the order of heights. */
const WIDTH = 19;

/** Opens the store of a chain. @throws Error when the browser keeps nothing, as in some private windows. */
export async function openBrowserStore(chainId: string): Promise<TrustedStore> {
  const reach = await connection(`depind-light/${chainId}`);
  return {
    heights: () => reach(async (database) => (await database.keys().all()).map(BigInt)),
    read: (height) => reach((database) => database.get(keyOf(height))),
    write: (height, text) => reach((database) => database.put(keyOf(height), text)),
    remove: (height) => reach((database) => database.del(keyOf(height))),
  };
}

type Reach = <T>(work: (database: Database) => Promise<T>) => Promise<T>;

/** Works with the database, and once more with a new one when the user has cleared it meanwhile. */
async function connection(name: string): Promise<Reach> {
  let database = await open(name);
  return async (work) => {
    const used = database;
    try {
      return await work(used);
    } catch {
      if (database === used) database = await open(name);
      return work(database);
    }
  };
}

async function open(name: string): Promise<Database> {
  const database: Database = new BrowserLevel(name);
  await database.open();
  return database;
}

function keyOf(height: bigint): string {
  return height.toString().padStart(WIDTH, '0');
}
