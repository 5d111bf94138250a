import assert from 'node:assert/strict';
import { type SignerData, SigningStargateClient } from '@cosmjs/stargate';
import { TxRaw } from 'cosmjs-types/cosmos/tx/v1beta1/tx';
import { NETWORK_CHAIN_ID, startNetwork, type TestNetwork } from './support/network.ts';

const coins = (amount: string) => [{ denom: 'udepin', amount }];

/** Longer than it takes to sign and send four transactions. */
const BLOCK_INTERVAL_MS = 800;

describe('a transaction that waits with a low fee', function () {
  this.timeout(30_000);
  let network: TestNetwork;
  let client: SigningStargateClient;

  before(async () => {
    network = await startNetwork({ blockIntervalMs: BLOCK_INTERVAL_MS });
    client = await SigningStargateClient.connectWithSigner(network.rpc, network.wallet);
  });

  after(async () => {
    client?.disconnect();
    await network?.stop();
  });

  it('is replaced with CosmJS: the second is committed, with what stood behind it, and the first never', async () => {
    const [alice, bob] = network.addresses as [string, string];
    const signed = async (sequence: number, fee: string): Promise<Uint8Array> => {
      const signer: SignerData = { accountNumber: 0n, sequence, chainId: NETWORK_CHAIN_ID };
      const value = { fromAddress: alice, toAddress: bob, amount: coins('7') };
      const message = { typeUrl: '/cosmos.bank.v1beta1.MsgSend', value };
      const raw = await client.sign(
        alice,
        [message],
        { amount: coins(fee), gas: '200000' },
        '',
        signer,
      );
      return TxRaw.encode(raw).finish();
    };
    const [low, behind, little, high] = await Promise.all([
      signed(0, '100'),
      signed(1, '100'),
      signed(0, '109'),
      signed(0, '9000'),
    ]);
    const height = network.localnet.height();
    await network.localnet.waitForHeight(height + 1n, 10_000);
    const lowHash = await client.broadcastTxSync(low);
    const behindHash = await client.broadcastTxSync(behind);
    await assert.rejects(
      client.broadcastTxSync(little),
      /replacement underpriced: 109udepin .* at least 110udepin is needed/,
    );
    const highHash = await client.broadcastTxSync(high);
    await network.localnet.waitForHeight(height + 3n, 20_000);
    const committed = await client.getTx(highHash);
    assert.equal(committed?.code, 0);
    const next = await client.getTx(behindHash);
    assert.deepEqual([next?.code, next?.height], [0, committed.height]);
    assert.equal(await client.getTx(lowHash), null);
    assert.equal((await client.getSequence(alice)).sequence, 2);
    await assert.rejects(
      client.broadcastTxSync(low),
      /account sequence mismatch, expected 2, got 0/,
    );
  });
});
