/** Verifies a device once in a new process; prints the milliseconds of the call. */
import { HttpProvider, verifyDevice } from '../../lightclient/index.ts';
import { fromHex } from '../../wire/bytes.ts';

const [url = '', chainId = '', height = '', hash = '', deviceId = ''] = process.argv.slice(2);
const begin = performance.now();
const { verified, steps } = await verifyDevice({
  provider: new HttpProvider({ url, chainId }),
  chainId,
  trust: { height: BigInt(height), hash: fromHex(hash) },
  deviceId,
  now: BigInt(Date.now()) * 1_000_000n,
});
if (!verified) throw new Error(steps.at(-1)?.detail);
process.stdout.write(`${performance.now() - begin}`);
