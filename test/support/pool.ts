/** A pool of waiting transactions with its application, and what a validator does with both. */
import type { EncodeObject } from '@cosmjs/proto-signing';
import type { CheckTxResponse, TxResult } from '../../chain/abci/types.ts';
import { prepareRequest } from '../../chain/testing/blockRequest.ts';
import { Mempool } from '../../localnet/node/mempool.ts';
import { type TestAccount, TestChain } from './testChain.ts';
import { signTx, type TxParts } from './txs.ts';

const BLOCK_BYTES = 1_000_000n;

export const send = (from: TestAccount, to: TestAccount, amount = '7'): EncodeObject => ({
  typeUrl: '/cosmos.bank.v1beta1.MsgSend',
  value: {
    fromAddress: from.address,
    toAddress: to.address,
    amount: [{ denom: 'udepin', amount }],
  },
});

/** What the check of a transaction gave, as a text. */
export const outcomeOf = ({ codespace, code, log }: CheckTxResponse): string =>
  code === 0 ? 'waits' : `${codespace}/${code}: ${log}`;

export class Pool {
  readonly chain: TestChain;
  readonly mempool: Mempool;

  private constructor(chain: TestChain) {
    this.chain = chain;
    const blockLimits = () => ({ maxBytes: BLOCK_BYTES, maxGas: -1n });
    this.mempool = new Mempool({ application: chain.app, blockLimits });
  }

  static async start(options: Parameters<typeof TestChain.start>[0] = {}): Promise<Pool> {
    const chain = await TestChain.start(options);
    for (const account of chain.accounts) account.sequence = 0;
    return new Pool(chain);
  }

  /** A signed transfer of its first signer to itself. */
  tx(signers: readonly TestAccount[], parts: Partial<TxParts> = {}): Promise<Uint8Array> {
    const messages = signers.map((signer) => send(signer, signer));
    return signTx({ messages, signers, gas: 100_000n, ...parts });
  }

  async check(tx: Uint8Array): Promise<string> {
    return outcomeOf(await this.mempool.check(tx));
  }

  /** What this validator would propose. */
  async propose(maxTxBytes = BLOCK_BYTES): Promise<readonly Uint8Array[]> {
    const { txs } = await this.chain.app.prepareProposal(
      prepareRequest({
        txs: this.mempool.reap({ maxBytes: maxTxBytes, maxGas: -1n }),
        maxTxBytes,
        height: this.chain.height + 1n,
        time: this.chain.timeNs,
      }),
    );
    return txs;
  }

  /** A block of these, or of what this validator proposes; the pool is told of it. */
  async block(given?: readonly Uint8Array[]): Promise<readonly TxResult[]> {
    const txs = given ?? (await this.propose());
    const results = await this.chain.block(txs);
    await this.mempool.update(txs, results, async () => undefined);
    return results;
  }
}
