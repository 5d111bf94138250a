/** The light client's verified values: over real trees, and over the RPC of a running localnet. */
import { strict as assert } from 'node:assert';
import { assertIsDeliverTxSuccess, coins, GasPrice, SigningStargateClient } from '@cosmjs/stargate';
import {
  HttpProvider,
  LightClient,
  LightClientError,
  type LightClientOptions,
  type Provider,
  ProviderError,
} from '../lightclient/index.ts';
import { rememberingVerifier } from '../lightclient/rememberingVerifier.ts';
import { SECOND } from '../lightclient/testing/chain.ts';
import { Conversation, leaves, withChange } from '../lightclient/testing/conversation.ts';
import { parseAddress } from '../wire/address.ts';
import { concatBytes, fromHex, toUtf8 } from '../wire/bytes.ts';
import { DEVICES_STORE, deviceKey } from '../wire/deviceKeys.ts';
import { Device } from '../wire/gen/depin/devices/v1/devices.ts';
import { hashHeader } from '../wire/header.ts';
import { nobleVerifier } from '../wire/signature.ts';
import { devices, world } from './support/deviceQuestions.ts';
import { STATE_HEIGHT } from './support/deviceWorld.ts';
import { NETWORK_CHAIN_ID as chainId, startNetwork, type TestNetwork } from './support/network.ts';
import { Tampered } from './support/tamperedNode.ts';

/** Long parts of answers that are not even read. */
const UNREAD = new Set(['tx_result', 'events', 'finalize_block_events', 'validator_info']);

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
  const verifier = rememberingVerifier(nobleVerifier);
  const conversation = new Conversation();
  let options: Omit<LightClientOptions, 'primary' | 'witnesses'>;
  let question: { readonly hash: Uint8Array; readonly key: Uint8Array; readonly height: bigint };

  /** The answers to the question over a way to ask, alone. */
  async function proveOver(fetch: typeof conversation.record, url = 'http://recorded') {
    const primary = new HttpProvider({ url, chainId, fetch });
    const alone = { primary, witnesses: [], withoutWitnesses: true };
    const client = await LightClient.create({ ...options, ...alone });
    const transaction = await client.verifyTx(question.hash);
    const { value } = await client.getVerified('bank', question.key, question.height);
    return { transaction, value };
  }

  let proven: Awaited<ReturnType<typeof proveOver>>;

  // The network runs only as long as it is asked: what it said is repeated later.
  before(async () => {
    const network = await startNetwork();
    try {
      const { rpc: url } = network;
      const provider = () => new HttpProvider({ url, chainId });
      const { header } = await provider().signedHeader(1n);
      const trust = { height: 1n, hash: hashHeader(header), period: PERIOD };
      const end = BigInt(Date.now() + 5_000) * 1_000_000n;
      options = { chainId, trust, verifier, witnessWaitMs: 50, now: () => end };
      const nodes = { primary: provider(), witnesses: [provider()] };
      const client = await LightClient.create({ ...options, ...nodes });
      const sent = await sendOnce(network);
      const height = BigInt(sent.height);
      const hash = fromHex(sent.transactionHash);
      await network.localnet.waitForHeight(height + 2n, 10_000);
      const key = balanceKey(network.addresses[1]!);
      question = { hash, key, height };
      proven = await proveOver(conversation.record, url);
      await proveWithWitness(client, question, sent.gasUsed);
    } finally {
      await network.stop();
    }
  });

  it('proves the same alone', () => {
    assert.equal(proven.transaction.result?.code, 0);
    assert.equal(proven.transaction.height, question.height);
    assert.equal(amountOf(proven.value), 1_000_000_000_077n);
  });

  it('refuses each value changed on the way, or proves the same', async () => {
    const refused = new Map<string, number>();
    let count = 0;
    for (const [request, answer] of conversation.answers) {
      const { method } = JSON.parse(request) as { method: string };
      for (const path of leaves(answer, UNREAD)) {
        count += 1;
        const wrong = withChange(answer, path, count * 7);
        const got = await proveOver(conversation.replay(request, wrong)).catch(expectedError);
        if (got === undefined) refused.set(method, (refused.get(method) ?? 0) + 1);
        else {
          // Of no next block yet, the result is left out; nothing else may differ.
          const { result = proven.transaction.result } = got.transaction;
          const same = { ...got, transaction: { ...got.transaction, result } };
          assert.deepEqual(same, proven, `${method} ${path.join('.')}`);
        }
      }
    }
    for (const method of ['commit', 'validators', 'tx', 'block_results', 'abci_query']) {
      assert.ok((refused.get(method) ?? 0) >= 4, `${method}: ${refused.get(method)} refused`);
    }
  });
});

/** Undefined for a refusal. @throws what is none. */
function expectedError(error: unknown): undefined {
  if (!(error instanceof LightClientError || error instanceof ProviderError)) throw error;
}

async function sendOnce({ rpc, wallet, addresses }: TestNetwork) {
  const sender = await SigningStargateClient.connectWithSigner(rpc, wallet, {
    gasPrice: GasPrice.fromString('0.01udepin'),
    broadcastPollIntervalMs: 60,
  });
  const [from, to] = addresses as [string, string];
  const sent = await sender.sendTokens(from, to, coins(77, 'udepin'), 'auto');
  assertIsDeliverTxSuccess(sent);
  sender.disconnect();
  return sent;
}

/** While the network runs: follows it, up and down, with another node to confirm. */
async function proveWithWitness(
  client: LightClient,
  { hash, key, height }: { hash: Uint8Array; key: Uint8Array; height: bigint },
  gasUsed: bigint,
): Promise<void> {
  const transaction = await client.verifyTx(hash);
  assert.equal(transaction.height, height);
  assert.equal(transaction.result?.gasUsed, gasUsed);
  const before = await client.getVerified('bank', key, height - 1n);
  const after = await client.getVerified('bank', key, height);
  assert.equal(amountOf(after.value) - amountOf(before.value), 77n);
  const other = await client.getVerified('bank', concatBytes(key, toUtf8('x')), height);
  assert.equal(other.value, undefined);
  const newest = await client.update();
  assert.ok(newest.signedHeader.header.height >= height + 2n);
  const second = await client.verifyToHeight(2n);
  assert.equal(second.signedHeader.header.height, 2n);
  assert.deepEqual((await client.status()).removed, []);
}

function amountOf(value: Uint8Array | undefined): bigint {
  return BigInt(new TextDecoder().decode(value));
}

/** Of the bank module: 0x02, the address behind its length, the denom. */
function balanceKey(account: string): Uint8Array {
  const address = parseAddress('depin', account);
  return concatBytes(Uint8Array.of(2, address.length), address, toUtf8('udepin'));
}
