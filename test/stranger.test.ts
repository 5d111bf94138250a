import assert from 'node:assert/strict';
import { Registry } from '@cosmjs/proto-signing';
import {
  assertIsDeliverTxSuccess,
  defaultRegistryTypes,
  GasPrice,
  SigningStargateClient,
  StargateClient,
} from '@cosmjs/stargate';
import { formatAddress, parseAddress } from '../wire/address.ts';
import {
  type MsgSubmitReports,
  MsgSubmitReportsResponse,
} from '../wire/gen/depin/devices/v1/tx.ts';
import { REPORT_KIND, weatherPayload } from '../wire/reportPayload.ts';
import { connectSocket } from './support/cosmjsSocket.ts';
import { TestDevice } from './support/devices.ts';
import { NETWORK_CHAIN_ID, startNetwork, type TestNetwork } from './support/network.ts';
import { depindTypes } from './support/registry.ts';

/** A program that knows CosmJS from npm and depind's message types, and nothing else of this project. */
describe("a stranger's client", function () {
  this.timeout(60_000);
  let network: TestNetwork;
  let client: SigningStargateClient;
  let alice: string;
  let bob: string;

  before(async () => {
    network = await startNetwork();
    [alice, bob] = network.addresses as [string, string];
    client = await SigningStargateClient.connectWithSigner(network.rpc, network.wallet, {
      registry: new Registry([...defaultRegistryTypes, ...depindTypes()]),
      gasPrice: GasPrice.fromString('0.01udepin'),
      broadcastPollIntervalMs: 60,
    });
  });

  after(async () => {
    client?.disconnect();
    await network?.stop();
  });

  it('reads the chain id, heights, accounts and balances', async () => {
    assert.equal(await client.getChainId(), NETWORK_CHAIN_ID);
    assert.ok((await client.getHeight()) >= 1);
    assert.equal((await client.getBalance(bob, 'udepin')).amount, '1000000000000');
    assert.equal(Number((await client.getAccount(alice))?.accountNumber), 0);
    assert.deepEqual(await client.getAllBalances(bob), [
      { denom: 'udepin', amount: '1000000000000' },
    ]);
    assert.equal((await client.getBlock(1)).header.height, 1);
  });

  it('sends tokens with fee "auto"', async () => {
    const result = await client.sendTokens(
      alice,
      bob,
      [{ denom: 'udepin', amount: '1234' }],
      'auto',
      'from afar',
    );
    assertIsDeliverTxSuccess(result);
    assert.equal((await client.getBalance(bob, 'udepin')).amount, '1000000001234');
    const found = await client.getTx(result.transactionHash);
    assert.equal(found?.height, result.height);
    assert.equal(found?.code, 0);
    const searched = await client.searchTx(
      `transfer.recipient='${bob}' AND tx.height=${result.height}`,
    );
    assert.deepEqual(
      searched.map(({ hash }) => hash),
      [result.transactionHash],
    );
  });

  it('fails with the SDK code and words', async () => {
    const amount = [{ denom: 'udepin', amount: '999999999999999' }];
    await assert.rejects(client.sendTokens(alice, bob, amount, 'auto'), /insufficient funds/);
    const fee = { amount: [{ denom: 'udepin', amount: '2000' }], gas: '200000' };
    const result = await client.sendTokens(alice, bob, amount, fee);
    assert.equal(result.code, 5);
    assert.match(result.rawLog ?? '', /message index: 0: spendable balance/);
  });

  it('registers a station and submits its reports, and finds them', async () => {
    const device = new TestDevice({ seed: 'stranger', type: 'p256', chainId: NETWORK_CHAIN_ID });
    const register = {
      typeUrl: '/depin.devices.v1.MsgRegisterDevice',
      value: {
        owner: alice,
        keyType: device.protoType,
        publicKey: device.publicKey,
        signature: device.enrolment(parseAddress('depin', alice)),
      },
    };
    const station = {
      typeUrl: '/depin.sensors.v1.MsgRegisterStation',
      value: { owner: alice, deviceId: device.id, model: 'WS2000', cell: CELL },
    };
    assertIsDeliverTxSuccess(await client.signAndBroadcast(alice, [register, station], 'auto'));
    const payload = weatherPayload.encode({
      cell: BigInt(`0x${CELL}`),
      temperature: 21_500,
      humidity: 550_000,
      windSpeed: 3_000,
      windDirection: 90_000,
      pressure: 101_325,
      precipitation: 0,
      illuminance: 20_000,
    });
    const report = device.report({
      sequence: 1n,
      timeMs: BigInt(Date.now()),
      kind: REPORT_KIND.weather,
      payload,
    });
    const value: MsgSubmitReports = { submitter: bob, reports: [report] };
    const submit = { typeUrl: '/depin.devices.v1.MsgSubmitReports', value };
    const result = await client.signAndBroadcast(bob, [submit], 'auto');
    assertIsDeliverTxSuccess(result);
    const response = MsgSubmitReportsResponse.decode(result.msgResponses[0]!.value);
    assert.equal(response.accepted, 1);
    const found = await client.searchTx(
      `depin.devices.v1.EventReportAccepted.device_id='"${device.id}"'`,
    );
    assert.deepEqual(
      found.map(({ hash }) => hash),
      [result.transactionHash],
    );
    const replayed = await client.signAndBroadcast(bob, [submit], {
      amount: [{ denom: 'udepin', amount: '5000' }],
      gas: '500000',
    });
    assert.equal(replayed.code, 8);
    assert.match(replayed.rawLog ?? '', /report sequence was used before/);
  });

  it('subscribes to new blocks over the WebSocket', async () => {
    const { client: socket, close } = await connectSocket(network.rpc);
    const heights: number[] = [];
    await new Promise<void>((resolve, reject) => {
      const subscription = socket.subscribeNewBlock().subscribe({
        next(event) {
          heights.push(event.header.height);
          if (heights.length < 3) return;
          subscription.unsubscribe();
          resolve();
        },
        error: reject,
      });
    });
    assert.deepEqual(heights, [heights[0], heights[0]! + 1, heights[0]! + 2]);
    close();
  });

  it('is told null for an account that is none', async () => {
    const reader = await StargateClient.connect(network.rpc);
    assert.equal(await reader.getAccount(formatAddress('depin', new Uint8Array(20).fill(9))), null);
    reader.disconnect();
  });
});

/** An H3 cell of resolution 7. */
const CELL = '872a1072bffffff';
