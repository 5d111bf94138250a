// Verifies the newest report of a device of a running localnet, with its other validators as witnesses:
//   node device.js path/to/.localnet/localnet.json <device id>
import { readFileSync } from 'node:fs';
import { fromHex, HttpProvider, LightClient } from 'depind-lightclient';

const DAY = 86_400_000_000_000n;

const [, , file = '.localnet/localnet.json', deviceId = ''] = process.argv;
const { chainId, rpc, witnesses, trust } = JSON.parse(readFileSync(file, 'utf8'));

/** @param {string} url */
const node = (url) => new HttpProvider({ url, chainId });

const client = await LightClient.create({
  chainId,
  primary: node(rpc),
  witnesses: witnesses.map(node),
  trust: { height: BigInt(trust.height), hash: fromHex(trust.hash), period: DAY },
});
const { verified, steps, report } = await client.verifyDevice(deviceId);
for (const { name, ok, detail } of steps) console.log(ok ? 'ok    ' : 'FAILED', name, '·', detail);
if (verified) console.log(`report ${report.sequence} of device ${deviceId} is proven`);
else process.exitCode = 1;
