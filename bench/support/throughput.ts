/** How long a network takes for a pile of transactions. */
import type { TxResult } from '../../chain/abci/types.ts';
import type { Localnet } from '../../localnet/index.ts';
import { Sender } from './sender.ts';

const TIMEOUT_MS = 300_000;

/** What came of the pile. */
export interface Throughput {
  /** From the first request to the commit of the block with the last transaction. */
  readonly seconds: number;
  readonly blocks: number;
  readonly results: readonly TxResult[];
}

/**
 * Sends the transactions over the RPC and waits until all are in blocks.
 * @throws Error when one is refused or fails, or it takes over five minutes.
 */
export async function sendAll(localnet: Localnet, txs: readonly Uint8Array[]): Promise<Throughput> {
  const sender = await Sender.prepare({ url: localnet.rpcUrl, txs });
  const counted = countResults(localnet, txs.length);
  const begin = performance.now();
  const [, end] = await Promise.all([sender.send(), counted.done]);
  const { results, blocks } = counted;
  const failed = results.find(({ code }) => code !== 0);
  if (failed !== undefined) throw new Error(`a transaction fails: ${failed.log}`);
  return { seconds: (end - begin) / 1000, blocks: blocks.count, results };
}

/** `done` gives the time of the block that holds the last of so many. */
function countResults(localnet: Localnet, expected: number) {
  const results: TxResult[] = [];
  const blocks = { count: 0 };
  const done = new Promise<number>((resolve, reject) => {
    const leave = (): void => {
      clearTimeout(timer);
      offBlock();
      offHalt();
    };
    const timer = setTimeout(() => {
      leave();
      reject(new Error(`${results.length} of ${expected} transactions after ${TIMEOUT_MS} ms`));
    }, TIMEOUT_MS);
    const offHalt = localnet.on('halt', (error) => {
      leave();
      reject(error);
    });
    const offBlock = localnet.on('block', (block) => {
      if (block.results.length > 0) blocks.count += 1;
      results.push(...block.results);
      if (results.length < expected) return;
      leave();
      resolve(performance.now());
    });
  });
  return { results, blocks, done };
}
