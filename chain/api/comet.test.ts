import { deepEqual, equal, match } from 'node:assert/strict';
import { fromBase64, fromHex, toBase64, toHex } from '../../wire/bytes.ts';
import { sha256 } from '../../wire/hash.ts';
import {
  blockIdToJson,
  blockToJson,
  headerToJson,
  validatorToJson,
} from '../../wire/json/encode.ts';
import { parseTime } from '../../wire/time.ts';
import type { Block, Validator } from '../../wire/types.ts';
import type { QueryRequest } from '../abci/types.ts';
import { Descriptors, fromJson } from '../descriptors/index.ts';
import { createRestServer } from './server.ts';

const TX_PATH = '/cosmos/tx/v1beta1/txs';
const NODE_PATH = '/cosmos/base/tendermint/v1beta1';
const filled = (byte: number, length: number) => new Uint8Array(length).fill(byte);

describe('REST answers made from CometBFT RPC', () => {
  const descriptors = Descriptors.load();
  const send = { from_address: 'a', to_address: 'b', amount: [{ denom: 'udepin', amount: '5' }] };
  const message = { '@type': '/cosmos.bank.v1beta1.MsgSend', ...send };
  const tx = fromJson(descriptors, 'cosmos.tx.v1beta1.Tx', {
    body: { messages: [message], memo: 'm' },
    auth_info: { fee: { gas_limit: '200000' } },
    signatures: [toBase64(filled(1, 64))],
  });
  const hash = toHex(sha256(tx)).toUpperCase();
  const blockId = { hash: filled(1, 32), parts: { total: 1, hash: filled(2, 32) } };
  const block: Block = {
    header: {
      version: { block: 11n, app: 0n },
      chainId: 'depind-1',
      height: 5n,
      time: parseTime('2026-01-31T12:30:45.123456789Z'),
      lastBlockId: blockId,
      lastCommitHash: filled(3, 32),
      dataHash: filled(4, 32),
      validatorsHash: filled(5, 32),
      nextValidatorsHash: filled(5, 32),
      consensusHash: filled(6, 32),
      appHash: filled(7, 32),
      lastResultsHash: filled(8, 32),
      evidenceHash: filled(9, 32),
      proposerAddress: filled(10, 20),
    },
    transactions: [tx, fromHex('ff')],
    evidence: [],
    lastCommit: {
      height: 4n,
      round: 0,
      blockId,
      signatures: [
        { flag: 2, validatorAddress: filled(10, 20), timestamp: 0n, signature: filled(1, 64) },
      ],
    },
  };
  const validator: Validator = {
    address: filled(10, 20),
    publicKey: { type: 'ed25519', bytes: filled(11, 32) },
    votingPower: 10n,
    proposerPriority: -3n,
  };
  const found = {
    hash,
    height: '5',
    index: 0,
    tx: toBase64(tx),
    tx_result: {
      code: 5,
      data: toBase64(fromHex('0aff')),
      log: 'insufficient funds',
      info: '',
      gas_wanted: '200000',
      gas_used: '6',
      codespace: 'sdk',
      events: [{ type: 'tx', attributes: [{ key: 'fee', value: '1udepin', index: true }] }],
    },
  };
  const rpcError = (data: string) => ({ code: -32603, message: 'Internal error', data });
  const blockJson = { block_id: blockIdToJson(blockId), block: blockToJson(block) };
  const status = {
    node_info: {
      protocol_version: { p2p: '8', block: '11', app: '0' },
      id: 'ab'.repeat(20),
      listen_addr: 'tcp://0.0.0.0:26656',
      network: 'depind-1',
      version: '0.38.17',
      channels: '4020',
      moniker: 'one',
      other: { tx_index: 'on', rpc_address: 'tcp://0.0.0.0:26657' },
    },
    sync_info: { catching_up: false },
  };
  const results: Record<string, (params: Readonly<Record<string, unknown>>) => unknown> = {
    tx: (params) => {
      if (params.hash === toBase64(fromHex(hash))) return found;
      throw rpcError('tx (AA) not found, err: <nil>');
    },
    header: () => ({ header: headerToJson(block.header) }),
    tx_search: () => ({ txs: [found], total_count: '1' }),
    block: ({ height }) => {
      if (height !== '99') return blockJson;
      throw rpcError('height 99 must be less than or equal to the current blockchain height 5');
    },
    validators: () => ({
      block_height: '5',
      validators: [validatorToJson(validator)],
      count: '1',
      total: '1',
    }),
    status: () => status,
    broadcast_tx_sync: () => ({ code: 0, data: '', log: '', codespace: '', hash }),
    broadcast_tx_async: () => {
      throw rpcError('tx already exists in cache');
    },
  };
  const calls: { method: string; params: Readonly<Record<string, unknown>> }[] = [];
  const queries: QueryRequest[] = [];
  const server = createRestServer({
    descriptors,
    backend: {
      comet: async (method, params) => {
        calls.push({ method, params });
        return results[method]!(params);
      },
      query: async (request) => {
        queries.push(request);
        const { key, value } = { key: fromHex('01'), value: fromHex('02') };
        const proofOps = [{ type: 'ics23:iavl', key, data: value }];
        const text = { log: '', info: '', codespace: '' };
        return { ...text, code: 0, index: 0n, key, value, height: 4n, proofOps };
      },
    },
    addresses: { format: (bytes, role) => `${role}:${toHex(bytes)}` },
    application: { name: 'depind', appName: 'depindd', version: '0.1.0' },
    services: [],
  });
  after(() => server.close());

  const get = async (url: string) => {
    const response = await server.inject({ method: 'GET', url });
    return { status: response.statusCode, json: response.json() };
  };
  const post = async (url: string, payload: object) => {
    const response = await server.inject({ method: 'POST', url, payload });
    return { status: response.statusCode, json: response.json() };
  };
  const fullTx = {
    body: {
      messages: [message],
      memo: 'm',
      timeout_height: '0',
      unordered: false,
      timeout_timestamp: null,
      extension_options: [],
      non_critical_extension_options: [],
    },
    auth_info: {
      signer_infos: [],
      fee: { amount: [], gas_limit: '200000', payer: '', granter: '' },
      tip: null,
    },
    signatures: [toBase64(filled(1, 64))],
  };
  const txResponse = {
    height: '5',
    txhash: hash,
    codespace: 'sdk',
    code: 5,
    data: '0AFF',
    raw_log: 'insufficient funds',
    logs: [],
    info: '',
    gas_wanted: '200000',
    gas_used: '6',
    tx: { '@type': '/cosmos.tx.v1beta1.Tx', ...fullTx },
    timestamp: '2026-01-31T12:30:45Z',
    events: found.tx_result.events,
  };

  it('give a transaction by its hash, in either case', async () => {
    deepEqual(await get(`${TX_PATH}/${hash.toLowerCase()}`), {
      status: 200,
      json: { tx: fullTx, tx_response: txResponse },
    });
  });

  it('tell a missing transaction from a hash that is none', async () => {
    const missing = 'A'.repeat(64);
    deepEqual(await get(`${TX_PATH}/${missing}`), {
      status: 404,
      json: { code: 5, message: `tx not found: ${missing}`, details: [] },
    });
    equal((await get(`${TX_PATH}/xyz`)).status, 400);
  });

  it('search transactions by query, page and order, and as older clients ask', async () => {
    const { json } = await get(
      `${TX_PATH}?query=tx.height%3D5&order_by=ORDER_BY_DESC&page=2&limit=3`,
    );
    deepEqual(json, { txs: [fullTx], tx_responses: [txResponse], pagination: null, total: '1' });
    const search = () => calls.findLast(({ method }) => method === 'tx_search')?.params;
    deepEqual(search(), {
      query: 'tx.height=5',
      prove: false,
      page: '2',
      per_page: '3',
      order_by: 'desc',
    });
    await get(`${TX_PATH}?events=a%3D'b'&events=c%3D1&pagination.offset=20&pagination.limit=10`);
    deepEqual(search(), {
      query: "a='b' AND c=1",
      prove: false,
      page: '3',
      per_page: '10',
      order_by: 'asc',
    });
    equal((await get(TX_PATH)).status, 400);
  });

  it('broadcast in the modes sync and async only', async () => {
    const tx_bytes = toBase64(tx);
    const sync = await post(TX_PATH, { tx_bytes, mode: 'BROADCAST_MODE_SYNC' });
    equal(sync.json.tx_response.txhash, hash);
    equal(sync.json.tx_response.tx, null);
    deepEqual(calls.at(-1), { method: 'broadcast_tx_sync', params: { tx: tx_bytes } });
    const { tx_response: known } = (await post(TX_PATH, { tx_bytes, mode: 3 })).json;
    deepEqual([known.code, known.codespace, known.txhash], [19, 'sdk', hash]);
    for (const body of [{ tx_bytes }, { tx_bytes, mode: 'BROADCAST_MODE_BLOCK' }, { mode: 2 }]) {
      equal((await post(TX_PATH, body)).status, 400);
    }
  });

  it('turn transaction bytes into JSON and back', async () => {
    const decoded = await post('/cosmos/tx/v1beta1/decode', { tx_bytes: toBase64(tx) });
    deepEqual(decoded.json, { tx: fullTx });
    const encoded = await post('/cosmos/tx/v1beta1/encode', { tx: fullTx });
    deepEqual(fromBase64(encoded.json.tx_bytes), tx);
    equal((await post('/cosmos/tx/v1beta1/decode', { tx_bytes: '/w==' })).status, 400);
    equal((await post('/cosmos/tx/v1beta1/encode', {})).status, 400);
  });

  it('give a block in both forms, and refuse heights beyond the chain', async () => {
    const { json } = await get(`${NODE_PATH}/blocks/latest`);
    equal(json.block_id.hash, toBase64(filled(1, 32)));
    equal(json.block.header.time, '2026-01-31T12:30:45.123456789Z');
    equal(json.block.header.proposer_address, toBase64(filled(10, 20)));
    deepEqual(json.block.data.txs, [toBase64(tx), '/w==']);
    equal(json.block.last_commit.signatures[0].block_id_flag, 'BLOCK_ID_FLAG_COMMIT');
    equal(json.sdk_block.header.proposer_address, `consensus:${'0a'.repeat(20)}`);
    await get(`${NODE_PATH}/blocks/5`);
    deepEqual(calls.at(-1), { method: 'block', params: { height: '5' } });
    for (const height of ['99', '0', '-1', 'x']) {
      const refused = await get(`${NODE_PATH}/blocks/${height}`);
      deepEqual([refused.status, refused.json.code], [400, 3], height);
    }
  });

  it('give a block with its transactions, without bytes that are none', async () => {
    const { json } = await get(`${TX_PATH}/block/5`);
    deepEqual(json.txs, [fullTx]);
    deepEqual(json.pagination, { next_key: null, total: '2' });
    equal((await get(`${TX_PATH}/block/5?pagination.offset=2`)).status, 400);
  });

  it('give validators with their keys', async () => {
    const { json } = await get(`${NODE_PATH}/validatorsets/5?pagination.limit=10`);
    deepEqual(json, {
      block_height: '5',
      validators: [
        {
          address: `consensus:${'0a'.repeat(20)}`,
          pub_key: {
            '@type': '/cosmos.crypto.ed25519.PubKey',
            key: toBase64(filled(11, 32)),
          },
          voting_power: '10',
          proposer_priority: '-3',
        },
      ],
      pagination: { next_key: null, total: '1' },
    });
    deepEqual(calls.at(-1)?.params, { height: '5', page: '1', per_page: '10' });
    equal((await get(`${NODE_PATH}/validatorsets/latest`)).status, 200);
  });

  it('tell about the node', async () => {
    const { json } = await get(`${NODE_PATH}/node_info`);
    deepEqual(json.default_node_info, {
      protocol_version: { p2p: '8', block: '11', app: '0' },
      default_node_id: 'ab'.repeat(20),
      listen_addr: 'tcp://0.0.0.0:26656',
      network: 'depind-1',
      version: '0.38.17',
      channels: 'QCA=',
      moniker: 'one',
      other: { tx_index: 'on', rpc_address: 'tcp://0.0.0.0:26657' },
    });
    match(json.application_version.cosmos_sdk_version, /^v0\.50\.\d+$/);
    deepEqual((await get(`${NODE_PATH}/syncing`)).json, { syncing: false });
  });

  it('pass raw queries on, but only those that are not gRPC paths', async () => {
    const query = 'path=/store/bank/key&data=AQ==&height=4&prove=true';
    const { json } = await get(`${NODE_PATH}/abci_query?${query}`);
    deepEqual(queries.at(-1), {
      path: '/store/bank/key',
      data: fromHex('01'),
      height: 4n,
      prove: true,
    });
    deepEqual(json, {
      code: 0,
      log: '',
      info: '',
      index: '0',
      key: 'AQ==',
      value: 'Ag==',
      proof_ops: { ops: [{ type: 'ics23:iavl', key: 'AQ==', data: 'Ag==' }] },
      height: '4',
      codespace: '',
    });
    for (const path of ['', '/cosmos.bank.v1beta1.Query/Params']) {
      equal((await get(`${NODE_PATH}/abci_query?path=${path}`)).status, 400);
    }
  });

  it('answer 500 when the node fails or answers nonsense', async () => {
    const { header } = results;
    results.header = () => ({ header: { time: 'yesterday' } });
    const { status: code, json } = await get(`${TX_PATH}/${hash}`);
    deepEqual([code, json.code], [500, 13]);
    match(json.message, /header\.time/);
    results.header = () => {
      throw new Error('connection refused');
    };
    match((await get(`${TX_PATH}/${hash}`)).json.message, /^header: connection refused$/);
    results.header = header!;
  });
});
