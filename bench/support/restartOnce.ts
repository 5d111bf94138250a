/** Opens an application on a filled state in a new process, and reads a key; prints the milliseconds. */
import { openDepind } from '../../modules/app.ts';
import { equalBytes } from '../../wire/bytes.ts';
import { FILL_STORE, fillKey, fillValue } from './fill.ts';

const [path = '', keys = ''] = process.argv.slice(2);
const wanted = Math.floor(Number(keys) / 2);
const key = fillKey(wanted);
const begin = performance.now();
const app = await openDepind({ store: { path } });
await app.info();
const value = app.store.store(FILL_STORE).get(key);
const ms = performance.now() - begin;
if (value === undefined || !equalBytes(value, fillValue(wanted)))
  throw new Error('the state is another');
process.stdout.write(`${ms}`);
await app.close();
