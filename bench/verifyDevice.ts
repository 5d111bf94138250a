/** How long it takes to prove what a device reported, and how many bytes the proof has. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createNodeVerifier } from '../chain/app/nodeVerifier.ts';
import { chooseBackend } from '../chain/crypto/chooseBackend.ts';
import type { NetworkFile } from '../cli/home.ts';
import { HttpProvider, verifyDevice as verify } from '../lightclient/index.ts';
import { fromHex } from '../wire/bytes.ts';
import { reportingDevices } from './support/devicesOf.ts';
import { type Bench, type Figure, figureOf, timed } from './support/figure.ts';
import { type RunningProgram, runProgram, startProgram } from './support/program.ts';
import { recordingFetch } from './support/recordedNode.ts';
import { programBeside } from './support/root.ts';
import { inherited } from './support/sender.ts';

const ONCE = programBeside('verifyOnce');
const DEVICES = 10;
const REPORT_TIMEOUT_MS = 60_000;

/** Against a localnet in a process of its own, as it runs by default: 60 devices, a block a second. */
export const verifyDevice: Bench = {
  name: 'verifyDevice',
  async run({ quick, progress }) {
    const program = await startProgram([]);
    try {
      const ids = await reportingDevices(program.network, DEVICES, REPORT_TIMEOUT_MS);
      progress(`${ids.length} devices report`);
      return await measure(program, ids, quick ? 3 : 10);
    } finally {
      await program.stop();
    }
  },
};

async function measure(
  program: RunningProgram,
  ids: readonly string[],
  rounds: number,
): Promise<Figure[]> {
  const { network, home } = program;
  const times = { warm: [] as number[], cold: [] as number[], program: [] as number[] };
  const sizes: number[] = [];
  for (const id of ids) sizes.push((await verifyWarm(network, id)).proofSizeBytes);
  for (let round = 0; round < rounds; round++) {
    const id = ids[round % ids.length]!;
    times.warm.push(await timed(() => verifyWarm(network, id)));
    times.cold.push(await verifyCold(network, id));
    times.program.push(
      await timed(() => runProgram(['light', 'verify-device', id, '--home', home])),
    );
  }
  const inMs = (name: string, values: readonly number[]): Figure =>
    figureOf({ name: `verify-device, ${name}`, unit: 'ms', better: 'lower' }, values);
  return [
    inMs('warm process', times.warm),
    inMs("warm process, the node's answers at hand", await timesAtHand(network, ids, 5 * rounds)),
    inMs('first call of a process', times.cold),
    inMs('as a command', times.program),
    figureOf({ name: 'proof size', unit: 'bytes', better: 'lower' }, sizes),
  ];
}

/** Milliseconds of verifying alone: each device's answers are those that the node gave the first time. */
async function timesAtHand(
  { rpc, chainId, trust }: NetworkFile,
  ids: readonly string[],
  rounds: number,
): Promise<number[]> {
  // As every program on Node does that takes its signatures from there.
  await (await createNodeVerifier({ workers: 0 })).close();
  const { verifier } = (await chooseBackend()).backend;
  const now = BigInt(Date.now()) * 1_000_000n;
  const times: number[] = [];
  for (const deviceId of ids.slice(0, 3)) {
    const provider = new HttpProvider({ url: rpc, chainId, fetch: recordingFetch() });
    const { height, hash } = trust;
    const root = { height: BigInt(height), hash: fromHex(hash) };
    for (let round = 0; round < rounds + 1; round++) {
      const ms = await timed(async () => {
        const result = await verify({ provider, chainId, trust: root, deviceId, now, verifier });
        if (!result.verified) throw new Error(`${deviceId}: ${result.steps.at(-1)?.detail}`);
      });
      if (round > 0) times.push(ms);
    }
  }
  return times;
}

async function verifyWarm({ rpc, chainId, trust }: NetworkFile, deviceId: string) {
  const result = await verify({
    provider: new HttpProvider({ url: rpc, chainId }),
    chainId,
    trust: { height: BigInt(trust.height), hash: fromHex(trust.hash) },
    deviceId,
    now: BigInt(Date.now()) * 1_000_000n,
  });
  if (!result.verified) throw new Error(`${deviceId}: ${result.steps.at(-1)?.detail}`);
  return result;
}

/** Milliseconds of the call alone, without the start of the process. */
async function verifyCold({ rpc, chainId, trust }: NetworkFile, id: string): Promise<number> {
  const args = [...inherited(), ONCE, rpc, chainId, String(trust.height), trust.hash, id];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return Number(stdout);
}
