/** Signed transfers through FinalizeBlock and Commit of one application, from bytes that it has not seen before. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChainApplication } from '../chain/app/application.ts';
import { createNodeVerifier } from '../chain/app/nodeVerifier.ts';
import type { CryptoBackendName, ServerVerifier } from '../chain/crypto/backend.ts';
import { blockRequest } from '../chain/testing/blockRequest.ts';
import { DEFAULT_CONSENSUS_PARAMS } from '../localnet/consensus/params.ts';
import { openDepind } from '../modules/app.ts';
import { toUtf8 } from '../wire/bytes.ts';
import {
  type Bench,
  type BenchOptions,
  type Figure,
  figureOf,
  median,
  timed,
} from './support/figure.ts';
import { buildSdkRace, raceSends } from './support/sdkRace.ts';
import { makeSendWork, type SendWork } from './support/sendWork.ts';

const ACCOUNTS = 10_000;
const BLOCK_SIZE = 2_000;
/** Every account sends three times: first with a key to be kept, then with the key known. */
const BLOCKS = 15;
const START = 1_700_000_000_000_000_000n;
const SECOND = 1_000_000_000n;

/** What runs the blocks. */
interface Racer {
  readonly name: string;
  /** Milliseconds of each block. */
  run(work: SendWork): Promise<readonly number[]>;
}

const SDK = 'Cosmos SDK';

/** depind with this back end, on all cores. */
const depind = (backend: CryptoBackendName): Racer => ({
  name: backend,
  async run(work) {
    const { verifier, close } = await createNodeVerifier({ backend });
    try {
      return await runWork(work, verifier);
    } finally {
      await close();
    }
  },
});

const cosmosSdk: Racer = {
  name: SDK,
  run: async (work) => (await raceSends(work)).map((seconds) => seconds * 1000),
};

/** The same blocks by each racer in turn, so that a busy machine is busy for all of them. */
export const blockSends: Bench = {
  name: 'blockSends',
  async run(options) {
    const { quick, progress } = options;
    const hasGo = await buildSdkRace();
    if (!hasGo) progress('there is no Go here: no rival');
    const racers = [
      depind('native'),
      ...(hasGo ? [cosmosSdk] : []),
      depind('wasm'),
      depind('noble'),
    ];
    const work = makeSendWork({ accounts: ACCOUNTS, blocks: BLOCKS, blockSize: BLOCK_SIZE });
    const rates = new Map<string, number[]>(racers.map(({ name }) => [name, []]));
    for (let round = 0; round < (quick ? 1 : 3); round++) {
      for (const racer of racers) {
        // It takes as long as all others together, and no target rests on it.
        if (racer.name === 'noble' && round > 0) continue;
        rates.get(racer.name)!.push(await rateOf(racer, work, options));
      }
    }
    return figuresOf(rates);
  },
};

/** Transfers a second in the middle one of the blocks: neither the warm-up nor a pause counts. */
async function rateOf(racer: Racer, work: SendWork, { progress }: BenchOptions): Promise<number> {
  const ms = await racer.run(work);
  progress(`sends in blocks, ${racer.name}: ${ms.map(Math.round).join(' ')} ms`);
  return (BLOCK_SIZE * 1000) / median(ms);
}

/** With the Cosmos SDK, also how many times as many depind does: the median of rounds, each within itself. */
function figuresOf(rates: ReadonlyMap<string, readonly number[]>): Figure[] {
  const sdk = rates.get(SDK);
  return [...rates].flatMap(([name, values]) => {
    const rate = figureOf(
      { name: `sends in blocks, ${name}`, unit: 'tx/s', better: 'higher' },
      values,
    );
    if (sdk === undefined || name === SDK) return [rate];
    const ratios = values.map((value, round) => value / sdk[round]!);
    const ratio = { name: `sends in blocks, ${name} over ${SDK}`, unit: 'times' } as const;
    return [rate, figureOf({ ...ratio, better: 'higher' }, ratios)];
  });
}

/** Milliseconds of each block, on a new state on disk. @throws Error when a transaction fails. */
async function runWork(work: SendWork, verifier: ServerVerifier): Promise<number[]> {
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
  const { txResults } = await app.finalizeBlock(
    blockRequest({
      txs,
      height,
      time: START + height * SECOND,
    }),
  );
  const failed = txResults.find(({ code }) => code !== 0);
  if (failed !== undefined) throw new Error(`a transfer fails: ${failed.log}`);
  await app.commit();
}
