/** CosmJS, unmodified, over the verifying client: what a wallet does, and what it is told when a node lies. */
import { strict as assert } from 'node:assert';
import {
  assertIsDeliverTxSuccess,
  coins,
  GasPrice,
  QueryClient,
  SigningStargateClient,
  StargateClient,
  setupStakingExtension,
} from '@cosmjs/stargate';
import { Comet38Client, isComet38Client } from '@cosmjs/tendermint-rpc';
import {
  type ConnectVerifiedOptions,
  connectVerified,
  type VerifiedCometClient,
} from '../lightclient/cosmjs/index.ts';
import { HttpProvider, LightClientError, ProviderError } from '../lightclient/index.ts';
import type { Fetch } from '../lightclient/jsonRpc.ts';
import { rememberingVerifier } from '../lightclient/rememberingVerifier.ts';
import { SECOND } from '../lightclient/testing/chain.ts';
import { formatAddress, parseAddress } from '../wire/address.ts';
import { toHex } from '../wire/bytes.ts';
import { hashHeader } from '../wire/header.ts';
import { nobleVerifier } from '../wire/signature.ts';
import { NETWORK_CHAIN_ID as chainId, startNetwork, type TestNetwork } from './support/network.ts';

const ALONE = { witnesses: [], withoutWitnesses: true };
const SIMULATE = '/cosmos.tx.v1beta1.Service/Simulate';
const verifier = rememberingVerifier(nobleVerifier);

describe('connectVerified', function () {
  this.timeout(60_000);
  let network: TestNetwork;
  let trust: ConnectVerifiedOptions['trust'];
  let comet: VerifiedCometClient;
  let client: StargateClient;
  let alice: string;
  let bob: string;

  const connect = (options: Partial<ConnectVerifiedOptions> = {}) =>
    connectVerified({
      chainId,
      trust,
      verifier,
      primary: network.rpc,
      witnesses: [network.rpc, network.rpc],
      unproven: 'refuse',
      witnessWaitMs: 20,
      ...options,
    });

  before(async () => {
    network = await startNetwork();
    const { header } = await new HttpProvider({ url: network.rpc, chainId }).signedHeader(1n);
    trust = { height: 1n, hash: hashHeader(header), period: 3_600n * SECOND };
    [alice, bob] = network.addresses as [string, string];
    comet = await connect();
    client = await StargateClient.create(comet);
    await network.localnet.waitForHeight(3n, 10_000);
  });

  after(async () => {
    comet.disconnect();
    await network.stop();
  });

  it('is a CometClient of CosmJS', () => {
    assert.ok(isComet38Client(comet));
  });

  it('answers accounts, balances and supply from store proofs, as the node answers them', async () => {
    const plain = await StargateClient.connect(network.rpc);
    assert.equal(await client.getChainId(), chainId);
    assert.deepEqual(await client.getAccount(bob), await plain.getAccount(bob));
    assert.deepEqual(await client.getBalance(bob, 'udepin'), await plain.getBalance(bob, 'udepin'));
    assert.deepEqual(await client.getAllBalances(bob), await plain.getAllBalances(bob));
    assert.ok((await client.getHeight()) >= 3);
    plain.disconnect();
  });

  it('goes without witnesses only when told to', async () => {
    await assert.rejects(
      connect({ witnesses: [] }),
      /^TypeError: witnesses: expected at least one/,
    );
    const alone = await connect(ALONE);
    const { verifications } = await alone.explain(() => alone.block(2));
    const late = alone.explain(() => alone.block(2), { signal: AbortSignal.abort('enough') });
    await assert.rejects(late, (reason) => reason === 'enough');
    assert.equal(verifications[0]?.trust.withoutWitnesses, true);
  });

  it('proves what is not there', async () => {
    const nobody = formatAddress('depin', new Uint8Array(20).fill(7));
    assert.equal(await client.getAccount(nobody), null);
    assert.deepEqual(await client.getBalance(nobody, 'udepin'), { denom: 'udepin', amount: '0' });
    assert.deepEqual(await client.getAllBalances(nobody), []);
  });

  it('says how far each answer is proven, and by which header', async () => {
    const { explain } = comet;
    const { value, verifications } = await explain(() => client.getBalance(bob, 'udepin'));
    assert.equal(value.amount, '1000000000000');
    const [verification, ...others] = verifications;
    assert.deepEqual(others, []);
    assert.equal(verification?.subject, '/cosmos.bank.v1beta1.Query/Balance');
    const { header, height, trust: by } = verification;
    assert.deepEqual([verification.proven, verification.unproven], ['all', []]);
    assert.equal(header!.height, height! + 1n);
    assert.deepEqual([by.witnesses, by.withoutWitnesses], [['witness 1', 'witness 2'], false]);
    const block = await new HttpProvider({ url: network.rpc, chainId }).signedHeader(
      header!.height,
    );
    assert.equal(toHex(header!.hash), toHex(hashHeader(block!.header)));
  });

  it('says so in the answer itself too', async () => {
    const data = parseAddress('depin', bob);
    const key = Uint8Array.of(1, ...data);
    const { info, proof, value } = await comet.abciQuery({
      path: '/store/acc/key',
      data: key,
      prove: true,
    });
    assert.equal(JSON.parse(info).proven, 'all');
    assert.equal(proof?.ops.length, 2);
    assert.ok(value.length > 20);
  });

  it('signs, sends and finds a transaction, by what is proven alone but for the gas', async () => {
    const own = await connect({ unproven: { mark: [SIMULATE] } });
    const sender = await SigningStargateClient.createWithSigner(own, network.wallet, {
      gasPrice: GasPrice.fromString('0.01udepin'),
      broadcastPollIntervalMs: 60,
    });
    for (const amount of [11, 12]) {
      const sent = await sender.sendTokens(alice, bob, coins(amount, 'udepin'), 'auto');
      assertIsDeliverTxSuccess(sent);
      assert.deepEqual(sent.events, [], 'events are in no hash');
      const found = await sender.getTx(sent.transactionHash);
      assert.equal(found?.height, sent.height);
    }
    assert.equal((await sender.getBalance(bob, 'udepin')).amount, '1000000000023');
    sender.disconnect();
  });

  it('answers validators and delegations', async () => {
    const plain = await Comet38Client.connect(network.rpc);
    const { staking } = QueryClient.withExtensions(comet, setupStakingExtension);
    const { staking: direct } = QueryClient.withExtensions(plain, setupStakingExtension);
    const { validators } = await staking.validators('BOND_STATUS_BONDED');
    assert.deepEqual(validators, (await direct.validators('BOND_STATUS_BONDED')).validators);
    assert.equal(validators.length, 4);
    const { operatorAddress } = validators[0]!;
    const operator = formatAddress('depin', parseAddress('depinvaloper', operatorAddress));
    const proven = await staking.delegation(operator, operatorAddress);
    assert.deepEqual(proven, await direct.delegation(operator, operatorAddress));
    assert.deepEqual(await staking.params(), await direct.params());
    assert.deepEqual(await staking.pool(), await direct.pool());
    assert.deepEqual(
      await staking.delegatorDelegations(operator),
      await direct.delegatorDelegations(operator),
    );
    assert.equal(await client.getDelegation(bob, operatorAddress), null);
    plain.disconnect();
  });

  it('answers blocks, headers, commits, validators, results and parameters', async () => {
    const plain = await Comet38Client.connect(network.rpc);
    assert.deepEqual(await comet.block(2), await plain.block(2));
    assert.deepEqual((await comet.commit(2)).header, (await plain.commit(2)).header);
    const { blockMetas } = await comet.blockchain(1, 3);
    assert.deepEqual(blockMetas, (await plain.blockchain(1, 3)).blockMetas);
    const { validators, total } = await comet.validatorsAll(2);
    assert.deepEqual(validators, (await plain.validatorsAll(2)).validators);
    assert.equal(total, 4);
    const { results } = await comet.blockResults(2);
    assert.deepEqual(results, []);
    const info = await comet.abciInfo();
    assert.equal(info.lastBlockAppHash?.length, 32);
    plain.disconnect();
  });

  it('refuses what it cannot prove, or marks it where the policy says so', async () => {
    await assert.rejects(comet.genesis(), /^UnprovenError: genesis: refused/);
    await assert.rejects(client.searchTx([{ key: 'message.action', value: 'x' }]), /UnprovenError/);
    const path = '/cosmos.bank.v1beta1.Query/SpendableBalances';
    const query = { path, data: Uint8Array.of(10, bob.length, ...new TextEncoder().encode(bob)) };
    await assert.rejects(comet.abciQuery(query), /^UnprovenError: \/cosmos\.bank/);
    const marking = await connect({ unproven: 'mark' });
    const { value, verifications } = await marking.explain(() => marking.abciQuery(query));
    assert.equal(value.code, 0);
    assert.equal(JSON.parse(value.info).proven, 'none');
    assert.deepEqual(
      verifications.map(({ proven, subject }) => [proven, subject]),
      [['none', path]],
    );
    const sends = [{ key: 'message.action', value: '/cosmos.bank.v1beta1.MsgSend' }];
    const found = await (await StargateClient.create(marking)).searchTx(sends);
    assert.ok(found.length >= 2 && found.every(({ events }) => events.length > 0));
  });

  it('believes no node that lies, and takes the honest one', async () => {
    const hash = (await comet.block(2)).blockId.hash;
    for (const [method, lie] of Object.entries(LIES)) {
      const liar = await connect({ fetch: lyingFetch(method, lie), ...ALONE });
      const isTyped = (e: unknown) => e instanceof LightClientError || e instanceof ProviderError;
      await assert.rejects(ASK[method]!(liar, { bob, hash }), isTyped, method);
      const lies = lyingFetch(method, lie);
      const some: Fetch = (url, request) =>
        url.endsWith('/liar') ? lies(network.rpc, request) : fetch(url, request);
      const both = await connect({ fetch: some, primary: `${network.rpc}/liar` });
      const answers = [both, comet].map((each) => ASK[method]!(each, { bob, hash }));
      assert.deepEqual(await answers[0], await answers[1], method);
      const { primary, removed } = await both.lightClient.status();
      assert.deepEqual([primary, removed.map(({ name }) => name)], ['witness 1', ['primary']]);
    }
  });
});

type Ask = (comet: VerifiedCometClient, of: { bob: string; hash: Uint8Array }) => Promise<unknown>;

/** A question whose answer rests on the method. */
const ASK: Readonly<Record<string, Ask>> = {
  abci_query: async (comet, { bob }) =>
    (await StargateClient.create(comet)).getBalance(bob, 'udepin'),
  block: (comet) => comet.block(2),
  block_results: (comet) => comet.blockResults(2),
};

/** What stands in place of a text of the answer. */
const LIES: Readonly<Record<string, (text: string) => string>> = {
  // The first value in base64: another balance than the proof's.
  abci_query: (text) => text.replace(/"value":"[^"]+"/, `"value":"${btoa('5')}"`),
  block: (text) => text.replace('"txs":[', `"txs":["${btoa('added')}"`),
  block_results: (text) =>
    text.replace('"txs_results":null', '"txs_results":[{"code":0,"gas_wanted":"1"}]'),
};

function lyingFetch(method: string, lie: (text: string) => string): Fetch {
  return async (url, request) => {
    const response = await fetch(url, request);
    if (!String(request.body).includes(`"method":"${method}"`)) return response;
    const text = await response.text();
    const changed = lie(text);
    assert.notEqual(changed, text, method);
    return new Response(changed, { status: response.status });
  };
}
