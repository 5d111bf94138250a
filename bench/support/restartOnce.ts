/**
 * Opens an application on a filled state in a new process, reads a key, and commits a block of updates. Prints how long
 * opening took and when the block was committed.
 */
import { arenaTrees, nobleArenaTrees } from '../../chain/store/index.ts';
import { openDepind } from '../../modules/app.ts';
import { equalBytes } from '../../wire/bytes.ts';
import { changedValue, FILL_STORE, fillKey, UPDATES } from './fill.ts';
import type { Restarted } from './sdkRace.ts';

const [path = '', text = '', hashing = ''] = process.argv.slice(2);
const keys = Number(text);
const key = fillKey(Math.floor(keys / 2));
const begin = performance.now();
const trees = hashing === 'noble' ? nobleArenaTrees : arenaTrees;
const app = await openDepind({ store: { path, trees } });
await app.info();
const value = app.store.store(FILL_STORE).get(key);
const seconds = (performance.now() - begin) / 1000;
if (value === undefined) throw new Error('the state is another');
const store = app.store.store(FILL_STORE);
const keyOf = (update: number): Uint8Array => fillKey(Math.floor((update * keys) / UPDATES));
for (let i = 0; i < UPDATES; i++) store.set(keyOf(i), changedValue(i));
await app.store.commit();
const committedAt = performance.timeOrigin + performance.now();
if (!equalBytes(store.get(keyOf(1)) ?? key, changedValue(1))) throw new Error('no update');
const restarted: Restarted = { seconds, committedAt };
process.stdout.write(JSON.stringify(restarted));
await app.close();
