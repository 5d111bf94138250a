/** Signed transfers through FinalizeBlock and Commit of one application, from bytes that it has not seen before. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChainApplication } from '../chain/app/application.ts';
import { createNodeVerifier } from '../chain/app/nodeVerifier.ts';
import { DEFAULT_CONSENSUS_PARAMS } from '../localnet/consensus/params.ts';
import { openDepind } from '../modules/app.ts';
import { toUtf8 } from '../wire/bytes.ts';
import { nobleVerifier, type SignatureVerifier } from '../wire/signature.ts';
import { type Bench, type BenchOptions, type Figure, figureOf, timed } from './support/figure.ts';
import { makeSendWork, type SendWork } from './support/sendWork.ts';

const ACCOUNTS = 10_000;
const BLOCK_SIZE = 2_000;
/** Every account sends twice: once with its key to be kept, once with the key known. */
const BLOCKS = 10;
const START = 1_700_000_000_000_000_000n;
const SECOND = 1_000_000_000n;

/** The same blocks with every way of verifying. */
export const blockSends: Bench = {
  name: 'blockSends',
  async run(options) {
    const work = makeSendWork({ accounts: ACCOUNTS, blocks: BLOCKS, blockSize: BLOCK_SIZE });
    return [
      await measure(work, 'native', async () => (await createNodeVerifier()).verifier, options),
      await measure(work, 'noble', () => nobleVerifier, options),
    ];
  },
};

async function measure(
  work: SendWork,
  name: string,
  makeVerifier: () => SignatureVerifier | Promise<SignatureVerifier>,
  { quick, progress }: BenchOptions,
): Promise<Figure> {
  const rates: number[] = [];
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    const ms = await runWork(work, await makeVerifier());
    progress(`sends by FinalizeBlock and Commit, ${name}: ${ms.map(Math.round).join(' ')} ms`);
    rates.push((work.blocks.flat().length * 1000) / ms.reduce((sum, each) => sum + each, 0));
  }
  return figureOf({ name: `sends in blocks, ${name}`, unit: 'tx/s', better: 'higher' }, rates);
}

/** Milliseconds of each block, on a new state on disk. @throws Error when a transaction fails. */
async function runWork(work: SendWork, verifier: SignatureVerifier): Promise<number[]> {
  const home = await mkdtemp(join(tmpdir(), 'depind-bench-'));
  const app = await openDepind({ store: { path: join(home, 'application.db') }, verifier });
  try {
    await app.initChain({
      time: START,
      chainId: work.chainId,
      consensusParams: DEFAULT_CONSENSUS_PARAMS,
      validators: [],
      appStateBytes: toUtf8(work.appState),
      initialHeight: 1n,
    });
    await runBlock(app, 1n, []);
    const times: number[] = [];
    for (const [i, txs] of work.blocks.entries()) {
      times.push(await timed(() => runBlock(app, BigInt(i + 2), txs)));
    }
    return times;
  } finally {
    await app.close();
    await rm(home, { recursive: true, force: true });
  }
}

async function runBlock(
  app: ChainApplication,
  height: bigint,
  txs: readonly Uint8Array[],
): Promise<void> {
  const { txResults } = await app.finalizeBlock({
    txs,
    height,
    time: START + height * SECOND,
    hash: new Uint8Array(32),
    nextValidatorsHash: new Uint8Array(32),
    proposerAddress: new Uint8Array(20),
    misbehavior: [],
    decidedLastCommit: { round: 0, votes: [] },
  });
  const failed = txResults.find(({ code }) => code !== 0);
  if (failed !== undefined) throw new Error(`a transfer fails: ${failed.log}`);
  await app.commit();
}
