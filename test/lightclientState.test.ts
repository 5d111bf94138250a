/** The light client's verified values: over real trees, and over the RPC of a running localnet. */
import { strict as assert } from 'node:assert';
import { assertIsDeliverTxSuccess, coins, GasPrice, SigningStargateClient } from '@cosmjs/stargate';
import {
  HttpProvider,
  LightClient,
  LightClientError,
  type Provider,
} from '../lightclient/index.ts';
import { SECOND } from '../lightclient/testing/chain.ts';
import { parseAddress } from '../wire/address.ts';
import { concatBytes, fromHex, toUtf8 } from '../wire/bytes.ts';
import { DEVICES_STORE, deviceKey } from '../wire/deviceKeys.ts';
import { Device } from '../wire/gen/depin/devices/v1/devices.ts';
import { hashHeader } from '../wire/header.ts';
import { devices, world } from './support/deviceQuestions.ts';
import { STATE_HEIGHT } from './support/deviceWorld.ts';
import { NETWORK_CHAIN_ID as chainId, startNetwork } from './support/network.ts';
import { Tampered } from './support/tamperedNode.ts';

const PERIOD = 3_600n * SECOND;

/** A light client of the world whose primary and only witness are these. */
function openWorld(primary: Provider, witness: Provider = new Tampered(world, {})) {
  const { trust, now, chainId: ofWorld } = world.options;
  return LightClient.create({
    chainId: ofWorld,
    primary,
    witnesses: [witness],
    trust: { ...trust, period: PERIOD },
    now: () => now,
  });
}

describe('LightClient.getVerified', () => {
  const { id } = devices.ed25519;
  const key = deviceKey(id);

  it('gives a value with the header that proves it', async () => {
    const proven = await (await openWorld(world)).getVerified(DEVICES_STORE, key);
    assert.equal(proven.height, STATE_HEIGHT);
    assert.deepEqual(proven.header, world.target.signedHeader.header);
    assert.equal(Device.decode(proven.value!).id, id);
  });

  it('gives a proven absence', async () => {
    const client = await openWorld(world);
    const { value } = await client.getVerified(DEVICES_STORE, deviceKey('80'.repeat(20)));
    assert.equal(value, undefined);
  });

  it('reads the height that is asked for', async () => {
    const client = await openWorld(world);
    const { height } = await client.getVerified(DEVICES_STORE, key, STATE_HEIGHT);
    assert.equal(height, STATE_HEIGHT);
    await assert.rejects(client.getVerified(DEVICES_STORE, key, 0n), /^RangeError: height/);
  });

  it('takes a witness in place of a node whose proof does not hold', async () => {
    const lies = { record: () => world.proveAt(STATE_HEIGHT - 1n, id) };
    const client = await openWorld(new Tampered(world, lies));
    const { value } = await client.getVerified(DEVICES_STORE, key);
    assert.deepEqual(value, world.prove(id).value);
    assert.equal((await client.status()).primary, 'witness 1');
  });

  it('refuses what no node proves', async () => {
    const lies = { record: () => world.proveAt(STATE_HEIGHT - 1n, id) };
    const client = await openWorld(new Tampered(world, lies), new Tampered(world, lies));
    await assert.rejects(client.getVerified(DEVICES_STORE, key), (error) => {
      assert.ok(error instanceof LightClientError);
      assert.match(error.message, /^store devices at height 9: height: got 8, expected 9$/);
      return true;
    });
  });
});

describe('LightClient over HTTP', function () {
  this.timeout(60_000);

  it('follows a localnet, proves a balance, its absence and the transaction that changed it', async () => {
    const network = await startNetwork();
    try {
      const { rpc: url, wallet, addresses } = network;
      const provider = () => new HttpProvider({ url, chainId });
      const { header } = await provider().signedHeader(1n);
      const trust = { height: 1n, hash: hashHeader(header), period: PERIOD };
      const client = await LightClient.create({
        chainId,
        primary: provider(),
        witnesses: [provider()],
        trust,
        witnessWaitMs: 50,
      });
      const sender = await SigningStargateClient.connectWithSigner(url, wallet, {
        gasPrice: GasPrice.fromString('0.01udepin'),
        broadcastPollIntervalMs: 60,
      });
      const [from, to] = addresses as [string, string];
      const sent = await sender.sendTokens(from, to, coins(77, 'udepin'), 'auto');
      assertIsDeliverTxSuccess(sent);
      sender.disconnect();
      const height = BigInt(sent.height);
      await network.localnet.waitForHeight(height + 2n, 10_000);

      const transaction = await client.verifyTx(fromHex(sent.transactionHash));
      assert.equal(transaction.height, height);
      assert.equal(transaction.result?.code, 0);
      assert.equal(transaction.result?.gasUsed, sent.gasUsed);

      const key = balanceKey(to);
      const before = await client.getVerified('bank', key, height - 1n);
      const after = await client.getVerified('bank', key, height);
      const amount = (value: Uint8Array | undefined) => BigInt(new TextDecoder().decode(value));
      assert.equal(amount(after.value) - amount(before.value), 77n);
      const other = await client.getVerified('bank', concatBytes(key, toUtf8('x')), height);
      assert.equal(other.value, undefined);

      const newest = await client.update();
      assert.ok(newest.signedHeader.header.height >= height + 2n);
      const second = await client.verifyToHeight(2n);
      assert.equal(second.signedHeader.header.height, 2n);
      assert.deepEqual((await client.status()).removed, []);
    } finally {
      await network.stop();
    }
  });
});

/** Of the bank module: 0x02, the address behind its length, the denom. */
function balanceKey(account: string): Uint8Array {
  const address = parseAddress('depin', account);
  return concatBytes(Uint8Array.of(2, address.length), address, toUtf8('udepin'));
}
