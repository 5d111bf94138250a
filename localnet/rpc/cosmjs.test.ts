import assert from 'node:assert/strict';
import { Comet38Client, connectComet, HttpBatchClient } from '@cosmjs/tendermint-rpc';
import { connectSocket } from '../../test/support/cosmjsSocket.ts';
import { txHash } from '../../wire/block.ts';
import { toUtf8 } from '../../wire/bytes.ts';
import type { Localnet } from '../localnet.ts';
import { makeTestNetwork, type TestNetwork } from '../testing/network.ts';

describe('CosmJS as a client', () => {
  let network: TestNetwork;
  let localnet: Localnet;
  let client: Comet38Client;
  before(async () => {
    network = await makeTestNetwork();
    localnet = await network.start({ blockIntervalMs: 20 });
    await localnet.waitForHeight(3n, 3000);
    const connected = await connectComet(localnet.rpcUrl);
    assert.ok(connected instanceof Comet38Client, 'the version makes it the 0.38 client');
    client = connected;
    for (const text of ['x=1', 'y=2', 'z=3']) {
      const sent = await client.broadcastTxCommit({ tx: toUtf8(text) });
      assert.equal(sent.txResult?.code, 0);
    }
  });
  after(async () => {
    client.disconnect();
    await network.remove();
  });

  it('reads everything that it offers', async () => {
    const status = await client.status();
    assert.equal(status.nodeInfo.network, 'test-chain-1');
    assert.equal(status.validatorInfo.votingPower, 10n);
    assert.equal((await client.abciInfo()).data, 'key-value');
    const query = await client.abciQuery({ path: '/value', data: toUtf8('x') });
    assert.deepEqual(query.value, toUtf8('1'));
    assert.equal((await client.block(1)).block.lastCommit, null);
    const block = await client.block(3);
    assert.equal(block.block.lastCommit?.signatures.length, 4);
    assert.equal((await client.block()).block.header.version.block, 11);
    assert.equal((await client.blockResults(3)).height, 3);
    assert.equal((await client.blockchain(1, 3)).blockMetas.length, 3);
    assert.equal((await client.blockSearchAll({ query: 'block.height < 4' })).totalCount, 3);
    assert.equal((await client.commit(2)).canonical, true);
    assert.equal((await client.genesis()).validators.length, 4);
    assert.equal(await client.health(), null);
    assert.ok((await client.numUnconfirmedTxs()).total >= 0);
    const all = await client.txSearchAll({ query: 'tx.height > 0', per_page: 2 });
    assert.deepEqual(
      all.txs.map(({ tx }) => String.fromCharCode(...tx)),
      ['x=1', 'y=2', 'z=3'],
    );
    const tx = await client.tx({ hash: txHash(toUtf8('y=2')), prove: true });
    assert.equal(tx.proof?.proof.total, 1);
    assert.equal((await client.validatorsAll(2)).validators.length, 4);
    assert.equal((await client.validators({ height: 2, per_page: 1, page: 4 })).count, 1);
    const sync = await client.broadcastTxSync({ tx: toUtf8('sync=1') });
    assert.equal(sync.code, 0);
    assert.equal((await client.broadcastTxAsync({ tx: toUtf8('async=1') })).hash.length, 32);
  });

  it('sends calls in batches', async () => {
    const batch = await Comet38Client.create(
      new HttpBatchClient(localnet.rpcUrl, { batchSizeLimit: 20 }),
    );
    const heights = Array.from({ length: 25 }, (_, i) => (i % 3) + 1);
    const blocks = await Promise.all(heights.map((height) => batch.block(height)));
    assert.deepEqual(
      blocks.map(({ block }) => block.header.height),
      heights,
    );
    batch.disconnect();
  });

  it('subscribes to blocks, headers and transactions', async () => {
    const { client: subscriber, close } = await connectSocket(localnet.rpcUrl);
    const blocks: { readonly header: { readonly height: number } }[] = [];
    const headers: number[] = [];
    const twoBlocks = new Promise<void>((resolve, reject) => {
      const subscription = subscriber.subscribeNewBlock().subscribe({
        next: (event) => {
          blocks.push(event);
          if (blocks.length < 2) return;
          subscription.unsubscribe();
          resolve();
        },
        error: reject,
      });
    });
    const oneHeader = new Promise<void>((resolve, reject) => {
      subscriber.subscribeNewBlockHeader().subscribe({
        next: ({ height }) => {
          headers.push(height);
          resolve();
        },
        error: reject,
      });
    });
    const oneTx = new Promise<string>((resolve, reject) => {
      subscriber.subscribeTx("set.key='w'").subscribe({
        next: ({ tx, height, result }) =>
          resolve(`${String.fromCharCode(...tx)} ${height > 0} ${result.code}`),
        error: reject,
      });
    });
    await Promise.all([twoBlocks, oneHeader]);
    assert.equal(blocks[1]!.header.height, blocks[0]!.header.height + 1);
    await subscriber.broadcastTxSync({ tx: toUtf8('w=9') });
    assert.equal(await oneTx, 'w=9 true 0');
    close();
  });
});
