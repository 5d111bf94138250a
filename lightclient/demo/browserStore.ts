/** Trusted blocks in the browser's own database, shared by all tabs. */
import { BrowserLevel } from 'browser-level';
import { LevelStore, type TextDatabase, type TrustedStore } from '../index.ts';

type Database = BrowserLevel<string, string>;
type Reach = <T>(work: (database: Database) => Promise<T>) => Promise<T>;

/** Opens the store of a chain. @throws Error when the browser keeps nothing, as in some private windows. */
export async function openBrowserStore(chainId: string): Promise<TrustedStore> {
  const reach = await connection('depind-light');
  const database: TextDatabase = {
    get: (key) => reach((open) => open.get(key)),
    put: (key, value) => reach((open) => open.put(key, value)),
    del: (key) => reach((open) => open.del(key)),
    keys: (range) => ({ all: () => reach((open) => open.keys(range).all()) }),
  };
  return new LevelStore({ database, chainId });
}

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
