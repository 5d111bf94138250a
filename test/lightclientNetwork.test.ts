/** Device reports verified over HTTP from a localnet of four validators, and with each answer changed on the way. */
import { strict as assert } from 'node:assert';
import { Registry } from '@cosmjs/proto-signing';
import { assertIsDeliverTxSuccess, GasPrice, SigningStargateClient } from '@cosmjs/stargate';
import {
  type DeviceVerification,
  HttpProvider,
  type VerifyDeviceOptions,
  verifyDevice,
} from '../lightclient/index.ts';
import { rememberingVerifier } from '../lightclient/rememberingVerifier.ts';
import { Conversation, leaves, withChange } from '../lightclient/testing/conversation.ts';
import { parseAddress } from '../wire/address.ts';
import { hashHeader } from '../wire/header.ts';
import { REPORT_KIND, weatherPayload } from '../wire/reportPayload.ts';
import { nobleVerifier } from '../wire/signature.ts';
import { TestDevice } from './support/devices.ts';
import { NETWORK_CHAIN_ID as chainId, startNetwork, type TestNetwork } from './support/network.ts';
import { depindTypes } from './support/registry.ts';

const CELL = '872a1072bffffff';

/** Parts of answers that nothing depends on, as CometBFT serves them. */
const UNPROVEN = new Set([
  'jsonrpc',
  'id',
  'canonical',
  'proposer_priority',
  'count',
  'block_height',
  'codespace',
  'index',
  'info',
  'log',
]);

describe('verifyDevice over HTTP', function () {
  this.timeout(60_000);
  const verifier = rememberingVerifier(nobleVerifier);
  const conversation = new Conversation();
  let options: Omit<VerifyDeviceOptions, 'provider'>;
  let first: DeviceVerification;
  let newest: DeviceVerification;

  const verifyOver = (fetch: typeof conversation.record, url = 'http://recorded') =>
    verifyDevice({ ...options, provider: new HttpProvider({ url, chainId, fetch }) });

  // The network runs only as long as it is asked: what it said is repeated later.
  before(async () => {
    const network = await startNetwork();
    try {
      const devices = ['one', 'two', 'three'].map(
        (seed) => new TestDevice({ seed, type: 'secp256k1', chainId }),
      );
      await report(network, devices);
      const provider = new HttpProvider({ url: network.rpc, chainId });
      const { header } = await provider.signedHeader(1n);
      const trust = { height: 1n, hash: hashHeader(header) };
      const now = BigInt(Date.now() + 5_000) * 1_000_000n;
      const { latestHeight } = await provider.status();
      const question = { chainId, trust, now, verifier, deviceId: devices[1]!.id };
      options = { ...question, height: latestHeight - 1n };
      first = await verifyOver(conversation.record, network.rpc);
      newest = await verifyDevice({ ...question, provider });
    } finally {
      await network.stop();
    }
  });

  it('proves the newest report in few requests', () => {
    assert.deepEqual(
      first.steps.filter(({ ok }) => !ok),
      [],
    );
    assert.equal(first.verified, true);
    assert.equal(first.report?.sequence, 1n);
    assert.equal(first.headersFetched, 2);
    assert.equal(conversation.answers.size, 7);
  });

  it('proves it by default at the newest height', () => {
    assert.equal(newest.verified, true, newest.steps.at(-1)?.detail);
    assert.ok(newest.height! >= options.height!);
  });

  it('refuses each value changed on the way, and names a step', async () => {
    let count = 0;
    for (const [request, answer] of conversation.answers) {
      for (const path of leaves(answer, UNPROVEN)) {
        count += 1;
        const wrong = withChange(answer, path, count * 7);
        const { verified, steps } = await verifyOver(conversation.replay(request, wrong));
        const where = `${JSON.parse(request).method} ${path.join('.')}`;
        assert.deepEqual([verified, steps.at(-1)?.ok], [false, false], where);
      }
    }
    assert.ok(count > 120, `${count} values were changed`);
  });

  it('fails closed when an answer is missing', async () => {
    for (const request of conversation.answers.keys()) {
      const { verified, steps } = await verifyOver(conversation.replay(request, {}));
      assert.deepEqual([verified, steps.at(-1)?.ok], [false, false], request);
    }
  });
});

/** Registers stations and submits one report of each in one batch. */
async function report(network: TestNetwork, devices: readonly TestDevice[]): Promise<void> {
  const [owner] = network.addresses as [string];
  const client = await SigningStargateClient.connectWithSigner(network.rpc, network.wallet, {
    registry: new Registry(depindTypes()),
    gasPrice: GasPrice.fromString('0.01udepin'),
    broadcastPollIntervalMs: 60,
  });
  const enrolments = devices.flatMap((device) => [
    {
      typeUrl: '/depin.devices.v1.MsgRegisterDevice',
      value: {
        owner,
        keyType: device.protoType,
        publicKey: device.publicKey,
        signature: device.enrolment(parseAddress('depin', owner)),
      },
    },
    {
      typeUrl: '/depin.sensors.v1.MsgRegisterStation',
      value: { owner, deviceId: device.id, model: 'WS2000', cell: CELL },
    },
  ]);
  assertIsDeliverTxSuccess(await client.signAndBroadcast(owner, enrolments, 'auto'));
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
  const kind = REPORT_KIND.weather;
  const fields = { sequence: 1n, timeMs: BigInt(Date.now()), kind, payload };
  const reports = devices.map((device) => device.report(fields));
  const submit = {
    typeUrl: '/depin.devices.v1.MsgSubmitReports',
    value: { submitter: owner, reports },
  };
  assertIsDeliverTxSuccess(await client.signAndBroadcast(owner, [submit], 'auto'));
  const height = await client.getHeight();
  const next = BigInt(height) + 2n;
  await network.localnet.waitForHeight(next, 10_000);
  client.disconnect();
}
