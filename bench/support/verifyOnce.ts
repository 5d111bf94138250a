/** Verifies a device once in a new process, with the compiled light client; prints the milliseconds as JSON. */
import type * as LightClient from '../../lightclient/index.ts';
import { fromHex } from '../../wire/bytes.ts';

const COMPILED = new URL('../../dist/lightclient/index.js', import.meta.url).href;

const [url = '', chainId = '', height = '', hash = '', deviceId = ''] = process.argv.slice(2);
const begin = performance.now();
const { HttpProvider, verifyDevice } = (await import(COMPILED)) as typeof LightClient;
const loadMs = performance.now() - begin;
const { verified, steps } = await verifyDevice({
  provider: new HttpProvider({ url, chainId }),
  chainId,
  trust: { height: BigInt(height), hash: fromHex(hash) },
  deviceId,
  now: BigInt(Date.now()) * 1_000_000n,
});
if (!verified) throw new Error(steps.at(-1)?.detail);
const verifyMs = performance.now() - begin - loadMs;
process.stdout.write(JSON.stringify({ loadMs, verifyMs }));
