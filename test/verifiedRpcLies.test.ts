/** The verifying RPC under `refuse`, with every value of every answer of its node changed, one at a time. */
import { strict as assert } from 'node:assert';
import { assertIsDeliverTxSuccess, coins, GasPrice, SigningStargateClient } from '@cosmjs/stargate';
import {
  HttpProvider,
  LightClient,
  LightClientError,
  ProviderError,
} from '../lightclient/index.ts';
import { rememberingVerifier } from '../lightclient/rememberingVerifier.ts';
import { UnprovenError, VerifiedRpc } from '../lightclient/rpc/index.ts';
import { SECOND } from '../lightclient/testing/chain.ts';
import {
  Conversation,
  type Json,
  leaves,
  withChange,
} from '../lightclient/testing/conversation.ts';
import { parseAddress } from '../wire/address.ts';
import { fromHex, toBase64, toHex } from '../wire/bytes.ts';
import { QueryAllBalancesRequest } from '../wire/gen/cosmos/bank/v1beta1/query.ts';
import { hashHeader } from '../wire/header.ts';
import { nobleVerifier } from '../wire/signature.ts';
import { NETWORK_CHAIN_ID as chainId, startNetwork } from './support/network.ts';

/** Parts of answers that are read by nobody, or only shown where the policy says so. */
const UNREAD = new Set([
  'log',
  'info',
  'events',
  'codespace',
  'jsonrpc',
  'id',
  'index',
  'canonical',
]);
/** What the RPC passes on as the word of the node, and says so. */
const NODES_OWN_WORD = new Set([
  'node_info',
  'validator_info',
  'earliest_block_hash',
  'earliest_app_hash',
  'earliest_block_height',
  'earliest_block_time',
  'catching_up',
  'proposer_priority',
]);

const HEADER_METHODS = new Set(['commit', 'validators', 'status']);

interface Call {
  readonly method: string;
  readonly params: Readonly<Record<string, string | boolean>>;
}

describe('VerifiedRpc under refuse', function () {
  this.timeout(120_000);
  const verifier = rememberingVerifier(nobleVerifier);
  const conversation = new Conversation();
  let calls: readonly Call[];
  let now: bigint;
  let hash: Uint8Array;

  async function rpcOver(fetch: typeof conversation.record, url: string): Promise<VerifiedRpc> {
    const client = await LightClient.create({
      chainId,
      primary: new HttpProvider({ url, chainId, fetch }),
      witnesses: [],
      withoutWitnesses: true,
      trust: { height: 1n, hash, period: 3_600n * SECOND },
      now: () => now,
      verifier,
    });
    return new VerifiedRpc({ client, unproven: 'refuse' });
  }

  const answers = new Map<Call, string>();
  /** The requests that a call makes. */
  const asked = new Map<Call, Set<string>>();

  const noting =
    (call: Call, fetch: typeof conversation.record): typeof conversation.record =>
    (url, request) => {
      asked.get(call)!.add(String(request.body));
      return fetch(url, request);
    };

  async function askAll(fetch: typeof conversation.record, url: string): Promise<void> {
    for (const call of calls) {
      asked.set(call, new Set());
      const { result } = await (await rpcOver(noting(call, fetch), url)).call(
        call.method,
        call.params,
      );
      answers.set(call, JSON.stringify(proven(result as Json)));
    }
  }

  before(async () => {
    const network = await startNetwork();
    try {
      const { rpc: url } = network;
      const [from, to] = network.addresses as [string, string];
      hash = hashHeader((await new HttpProvider({ url, chainId }).signedHeader(1n)).header);
      const sender = await SigningStargateClient.connectWithSigner(url, network.wallet, {
        gasPrice: GasPrice.fromString('0.01udepin'),
        broadcastPollIntervalMs: 60,
      });
      const sent = await sender.sendTokens(from, to, coins(7, 'udepin'), 'auto');
      assertIsDeliverTxSuccess(sent);
      sender.disconnect();
      const at = `${sent.height}`;
      await network.localnet.waitForHeight(BigInt(sent.height) + 2n, 10_000);
      now = BigInt(Date.now() + 5_000) * 1_000_000n;
      const txHash = toBase64(fromHex(sent.transactionHash));
      const balances = QueryAllBalancesRequest.encode({ address: to } as QueryAllBalancesRequest);
      const key = toHex(Uint8Array.of(1, ...parseAddress('depin', to)));
      const query = `tx.hash='${sent.transactionHash}'`;
      const path = '/cosmos.bank.v1beta1.Query/AllBalances';
      const data = toHex(balances.finish());
      calls = [
        { method: 'block', params: { height: at } },
        { method: 'header', params: { height: at } },
        { method: 'commit', params: { height: at } },
        { method: 'validators', params: { height: at } },
        { method: 'blockchain', params: { minHeight: at, maxHeight: at } },
        { method: 'block_results', params: { height: at } },
        { method: 'consensus_params', params: { height: at } },
        { method: 'tx', params: { hash: txHash, prove: true } },
        { method: 'tx_search', params: { query, prove: false } },
        { method: 'abci_query', params: { path: '/store/acc/key', data: key, height: at } },
        { method: 'abci_query', params: { path, data, height: at } },
      ];
      // What was asked once has one answer from then on, as in the replay.
      await askAll(async (to, request) => {
        const said = conversation.answers.get(String(request.body));
        return said === undefined ? conversation.record(to, request) : Response.json(said);
      }, url);
    } finally {
      await network.stop();
    }
  });

  it('answers the same from what was recorded', async () => {
    const before = new Map(answers);
    await askAll(conversation.replay(), 'http://recorded');
    assert.deepEqual(answers, before);
  });

  it('gives what is true, or nothing', async () => {
    const refused = new Map<string, number>();
    let changes = 0;
    for (const call of calls) {
      const expected = answers.get(call);
      for (const request of asked.get(call)!) {
        const { method } = JSON.parse(request) as Call;
        // Headers are got in one way for all calls.
        if (HEADER_METHODS.has(method) && call !== calls[0] && call.method !== method) continue;
        const answer = conversation.answers.get(request)!;
        for (const path of leaves(answer, UNREAD)) {
          if (path.some((name) => NODES_OWN_WORD.has(name))) continue;
          changes += 1;
          const wrong = withChange(answer, path, changes * 7);
          const fetch = conversation.replay(request, wrong);
          const rpc = await rpcOver(fetch, 'http://recorded').catch(told);
          const got = await rpc?.call(call.method, call.params).catch(told);
          if (got === undefined) refused.set(method, (refused.get(method) ?? 0) + 1);
          else {
            const where = `${call.method}: ${method} ${path.join('.')}`;
            assert.ok(JSON.stringify(proven(got.result as Json)) === expected, where);
          }
        }
      }
    }
    for (const method of ['commit', 'validators', 'tx', 'block', 'block_results', 'abci_query']) {
      assert.ok((refused.get(method) ?? 0) > 5, `${method}: ${refused.get(method)} refused`);
    }
  });
});

/** Undefined for an error that says what is wrong. @throws another one. */
function told(error: unknown): undefined {
  const isTold = [LightClientError, ProviderError, UnprovenError].some(
    (kind) => error instanceof kind,
  );
  if (!isTold) throw error;
}

/** An answer without what it says itself to be unproven. */
function proven(json: Json): Json {
  if (json === null || typeof json !== 'object') return json;
  if (Array.isArray(json)) return json.map(proven);
  const entries = Object.entries(json).filter(([name]) => name !== 'proposer_priority');
  return Object.fromEntries(entries.map(([name, value]) => [name, proven(value)]));
}
