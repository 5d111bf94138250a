/** Makes the blocks of the crash tests: bank sends, with the AppHash that each height must come to. */
import { toHex } from '../../wire/bytes.ts';
import type { CrashBlocks } from './crashBlocks.ts';
import { TestChain } from './testChain.ts';

/** Blocks of two sends each, run once in memory. */
export async function makeCrashBlocks(count: number): Promise<CrashBlocks> {
  const chain = await TestChain.start({ invariantsEvery: 0n });
  const appHashes = [toHex(chain.lastBlock!.appHash)];
  while (appHashes.length < count) {
    const [alice, bob] = chain.accounts;
    const pair = [alice!, bob!];
    const txs = await Promise.all(
      pair.map((from, i) => {
        const amount = [{ denom: 'udepin', amount: `${appHashes.length + i}` }];
        const value = { fromAddress: from.address, toAddress: pair[1 - i]!.address, amount };
        return from.sign([{ typeUrl: '/cosmos.bank.v1beta1.MsgSend', value }]);
      }),
    );
    for (const { code, log } of await chain.block(txs)) {
      if (code !== 0) throw new Error(`a send of the crash tests fails: ${log}`);
    }
    appHashes.push(toHex(chain.lastBlock!.appHash));
  }
  return { initChain: chain.initRequest!, blocks: chain.requests, appHashes };
}
