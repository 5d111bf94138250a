import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { txHash } from '../../wire/block.ts';
import { fromBase64, toBase64, toHex, toUtf8 } from '../../wire/bytes.ts';
import type { Localnet } from '../localnet.ts';
import { makeTestNetwork, type TestNetwork } from '../testing/network.ts';
import { ROUTES } from './routes.ts';

type Json = Record<string, unknown>;
interface Answer {
  readonly id?: unknown;
  readonly result?: Json;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: string };
}

describe('the RPC', () => {
  let network: TestNetwork;
  let localnet: Localnet;
  let url: string;
  const hash = toHex(txHash(toUtf8('a=1'))).toUpperCase();
  let height = '';
  before(async () => {
    network = await makeTestNetwork();
    localnet = await network.start({ blockIntervalMs: 20 });
    url = localnet.rpcUrl;
    const committed = await call('broadcast_tx_commit', { tx: toBase64(toUtf8('a=1')) });
    height = String(committed.height);
    await call('broadcast_tx_commit', { tx: toBase64(toUtf8('b=22')) });
  });
  after(() => network.remove());

  async function raw(body: string, path = '/'): Promise<{ status: number; text: string }> {
    const response = await fetch(url + path, { method: 'POST', body });
    return { status: response.status, text: await response.text() };
  }
  async function post(body: unknown): Promise<Answer> {
    const { status, text } = await raw(JSON.stringify(body));
    assert.equal(status, 200);
    return JSON.parse(text) as Answer;
  }
  async function call(method: string, params: unknown = {}): Promise<Json> {
    const answer = await post({ jsonrpc: '2.0', id: 1, method, params });
    assert.equal(answer.error, undefined, JSON.stringify(answer.error));
    assert.equal(answer.id, 1);
    return answer.result!;
  }
  async function fails(method: string, params: unknown = {}) {
    return (await post({ jsonrpc: '2.0', id: 1, method, params })).error!;
  }
  async function get(path: string): Promise<{ status: number; answer: Answer }> {
    const response = await fetch(url + path);
    return { status: response.status, answer: (await response.json()) as Answer };
  }
  const at = (value: unknown, path: string): unknown =>
    path.split('.').reduce<unknown>((inner, name) => (inner as Json)?.[name], value);

  /** Method, its params, and fields that must be there with this form. */
  const HEX32 = /^[0-9A-F]{64}$/;
  const table: [string, Json, Record<string, RegExp>][] = [
    ['health', {}, {}],
    [
      'status',
      {},
      {
        'node_info.version': /^0\.38\./,
        'node_info.id': /^[0-9a-f]{40}$/,
        'node_info.protocol_version.block': /^11$/,
        'sync_info.latest_block_hash': HEX32,
        'sync_info.latest_app_hash': HEX32,
        'sync_info.earliest_block_height': /^1$/,
        'validator_info.voting_power': /^10$/,
      },
    ],
    ['net_info', {}, { n_peers: /^3$/, 'peers.0.node_info.moniker': /^node1$/ }],
    ['genesis', {}, { 'genesis.chain_id': /^test-chain-1$/, 'genesis.app_state.first': /^value$/ }],
    ['genesis_chunked', { chunk: '0' }, { total: /^1$/, data: /^[\w+/=]+$/ }],
    [
      'blockchain',
      { minHeight: '1', maxHeight: '2' },
      {
        last_height: /^\d+$/,
        'block_metas.0.header.height': /^2$/,
        'block_metas.0.block_size': /^\d+$/,
      },
    ],
    [
      'block',
      { height: '2' },
      {
        'block_id.hash': HEX32,
        'block_id.parts.total': /^1$/,
        'block.last_commit.signatures.3.signature': /=$/,
      },
    ],
    ['header', { height: 2 }, { 'header.time': /^20\d\d-.*Z$/, 'header.version.app': /^7$/ }],
    [
      'commit',
      { height: '2' },
      { canonical: /^true$/, 'signed_header.commit.signatures.0.block_id_flag': /^2$/ },
    ],
    [
      'block_results',
      { height: '2' },
      { height: /^2$/, 'finalize_block_events.0.type': /^block$/, app_hash: /=$/ },
    ],
    [
      'validators',
      {},
      {
        count: /^4$/,
        total: /^4$/,
        'validators.0.pub_key.type': /^tendermint\/PubKeyEd25519$/,
        'validators.3.proposer_priority': /^-?\d+$/,
      },
    ],
    ['consensus_params', {}, { 'consensus_params.block.max_gas': /^-1$/ }],
    ['consensus_state', {}, { 'round_state.height/round/step': /^\d+\/0\/\d$/ }],
    ['dump_consensus_state', {}, { 'round_state.height': /^\d+$/ }],
    ['unconfirmed_txs', { limit: '5' }, { n_txs: /^\d+$/, total_bytes: /^\d+$/ }],
    ['num_unconfirmed_txs', {}, { total: /^\d+$/ }],
    ['check_tx', { tx: 'Yw==' }, { code: /^2$/, log: /key=value/ }],
    ['abci_info', {}, { 'response.data': /^key-value$/, 'response.last_block_height': /^\d+$/ }],
    [
      'abci_query',
      { path: '/value', data: toHex(toUtf8('a')), prove: false },
      { 'response.value': /^MQ==$/, 'response.height': /^[1-9]/ },
    ],
    [
      'tx_search',
      { query: "set.key='a' AND set.value='1'" },
      { total_count: /^1$/, 'txs.0.tx': /^YT0x$/, 'txs.0.tx_result.gas_used': /^7$/ },
    ],
    [
      'tx_search',
      { query: `tx.hash='${hash}'`, prove: true },
      { total_count: /^1$/, 'txs.0.proof.root_hash': HEX32 },
    ],
    ['tx_search', { query: 'set.size > 1' }, { total_count: /^1$/, 'txs.0.tx': /^Yj0yMg==$/ }],
    ['tx_search', { query: "set.key='a' AND set.value='22'" }, { total_count: /^0$/ }],
    ['tx_search', { query: 'set.hidden EXISTS' }, { total_count: /^0$/ }],
    [
      'tx_search',
      { query: 'tx.height > 0', order_by: 'desc', per_page: '1' },
      { total_count: /^2$/, 'txs.0.tx': /^Yj0yMg==$/ },
    ],
    [
      'block_search',
      { query: "block.parity='even' AND block.height <= 4", per_page: 1 },
      { total_count: /^2$/, 'blocks.0.block.header.height': /^4$/ },
    ],
  ];
  for (const [method, params, fields] of table) {
    it(`${method} ${JSON.stringify(params)}`, async () => {
      await localnet.waitForHeight(5n, 3000);
      const result = await call(method, params);
      for (const [path, form] of Object.entries(fields)) {
        assert.match(String(at(result, path)), form, path);
      }
    });
  }

  it('has the 31 routes of CometBFT 0.38, three of them for sockets', () => {
    assert.equal(Object.keys(ROUTES).length, 28);
  });

  it('finds blocks and headers by hash, transactions by hash, in each form of asking', async () => {
    const blockHash = String(at(await call('block', { height: '3' }), 'block_id.hash'));
    const base64 = Buffer.from(blockHash, 'hex').toString('base64');
    for (const result of [
      await call('block_by_hash', { hash: base64 }),
      (await get(`/block_by_hash?hash=0x${blockHash}`)).answer.result,
      (await call('block', ['3'])) as Json,
      (await get('/block?height=3')).answer.result,
      (await get('/block?height="3"')).answer.result,
    ]) {
      assert.equal(at(result, 'block.header.height'), '3');
    }
    assert.equal(at(await call('header_by_hash', { hash: blockHash }), 'header.height'), '3');
    assert.equal(at(await call('block_by_hash', { hash: 'AAAA' }), 'block'), null);
    const txs = [
      await call('tx', { hash: Buffer.from(hash, 'hex').toString('base64'), prove: true }),
      (await get(`/tx?hash=0x${hash}&prove=true`)).answer.result,
    ];
    for (const tx of txs) {
      assert.equal(at(tx, 'height'), height);
      assert.equal(at(tx, 'index'), 0);
      assert.equal(at(tx, 'proof.data'), 'YT0x');
    }
    const query = (await get('/abci_query?path="/value"&data="b"')).answer.result;
    assert.equal(at(query, 'response.value'), toBase64(toUtf8('22')));
  });

  it('keeps both results of the same bytes, and shows the one that succeeded', async () => {
    const tx = toBase64(toUtf8('fail=x'));
    await call('broadcast_tx_commit', { tx });
    const second = await call('broadcast_tx_commit', { tx });
    assert.equal(at(second, 'tx_result.code'), 5);
    const bytes = toHex(txHash(toUtf8('fail=x'))).toUpperCase();
    const found = await call('tx_search', { query: `tx.hash='${bytes}'` });
    assert.equal(found.total_count, '2');
  });

  it('has a committed transaction in the index before it answers', async () => {
    for (let i = 0; i < 3; i++) {
      const { hash } = await call('broadcast_tx_commit', { tx: toBase64(toUtf8(`now${i}=1`)) });
      const found = await call('tx_search', { query: `tx.hash='${hash}'` });
      assert.equal(found.total_count, '1');
      assert.equal(at(await call('tx_search', { query: `set.key='now${i}'` }), 'total_count'), '1');
    }
  });

  it('sends: sync gives the check, async the hash, a known one the words of CometBFT', async () => {
    const bad = await call('broadcast_tx_sync', { tx: toBase64(toUtf8('bad')) });
    assert.equal(bad.code, 2);
    const tx = toBase64(toUtf8('async=1'));
    const sent = await call('broadcast_tx_async', { tx });
    assert.equal(sent.hash, toHex(txHash(fromBase64(tx))).toUpperCase());
    assert.match(
      (await fails('broadcast_tx_sync', { tx: 'YT0x' })).data!,
      /^tx already exists in cache$/,
    );
    assert.match(
      (await fails('broadcast_tx_commit', { tx: 'YT0x' })).data!,
      /^error on broadcastTxCommit: tx already exists in cache$/,
    );
    assert.equal((await call('broadcast_tx_commit', { tx: 'YmFk' })).height, '0');
    assert.equal((await get('/broadcast_tx_sync?tx="quoted=1"')).answer.result!.code, 0);
  });

  it('says with the words that light clients read that a height is to come or gone', async () => {
    const { code, message, data } = await fails('commit', { height: '999999' });
    assert.deepEqual([code, message], [-32603, 'Internal error']);
    assert.match(
      data!,
      /^height 999999 must be less than or equal to the current blockchain height \d+$/,
    );
    assert.match(
      (await fails('block', { height: '0' })).data!,
      /^height must be greater than 0, but got 0$/,
    );
    const other = await makeTestNetwork();
    try {
      const pruned = await other.start();
      await pruned.broadcast(toUtf8('retain=3'));
      await pruned.waitForHeight(6n, 3000);
      const body = JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'validators',
        params: { height: '1' },
      });
      const answer = (await (
        await fetch(pruned.rpcUrl, { method: 'POST', body })
      ).json()) as Answer;
      assert.match(answer.error!.data!, /^height 1 is not available, lowest height is 3$/);
    } finally {
      await other.remove();
    }
  });

  const wrongParams: [string, unknown, number, RegExp][] = [
    ['block', { height: 'x' }, -32602, /height: expected an integer, got "x"/],
    ['block', { height: 1.5 }, -32602, /height: expected an integer/],
    ['block', { height: '9223372036854775808' }, -32602, /64-bit/],
    ['block', ['1', '2'], -32602, /expected 1 parameters/],
    ['block', 'x', -32602, /expected map or array/],
    ['tx', { hash: 'not base64' }, -32602, /hash: expected standard base64/],
    ['tx', { hash: 'AAAA', prove: 'true' }, -32602, /prove: expected true or false/],
    ['tx', { hash: 'AAAA' }, -32603, /^tx \(000000\) not found$/],
    ['abci_query', { path: '/value', data: '0xff' }, -32602, /data: expected hex digits/],
    ['abci_query', { path: 5 }, -32602, /path: expected a text, got 5/],
    ['tx_search', { query: '' }, -32603, /query/],
    ['tx_search', { query: "a='b" }, -32603, /query: invalid input/],
    ['tx_search', { query: `a='${'x'.repeat(513)}'` }, -32603, /maximum query length exceeded/],
    [
      'tx_search',
      { query: 'tx.height>0', page: '99' },
      -32603,
      /page should be within \[1, \d+\] range, given 99/,
    ],
    ['tx_search', { query: 'tx.height>0', order_by: 'up' }, -32603, /order_by/],
    ['tx_search', { query: "tx.hash='zz'" }, -32603, /hash/],
    [
      'blockchain',
      { minHeight: '9', maxHeight: '2' },
      -32603,
      /min height 9 can't be greater than max height 2/,
    ],
    ['genesis_chunked', { chunk: '7' }, -32603, /7 is invalid/],
    ['broadcast_evidence', { evidence: {} }, -32603, /takes none/],
    ['subscribe', { query: "tm.event='Tx'" }, -32601, /^$/],
    ['dial_seeds', {}, -32601, /^$/],
    ['constructor', {}, -32601, /^$/],
    ['__proto__', {}, -32601, /^$/],
  ];
  for (const [method, params, code, data] of wrongParams) {
    it(`refuses ${method} ${JSON.stringify(params).slice(0, 50)}`, async () => {
      const error = await fails(method, params);
      assert.equal(error.code, code);
      assert.match(error.data ?? '', data);
    });
  }

  const malformed: [string, string, number, unknown][] = [
    ['no JSON', '{', -32700, null],
    ['a member twice', '{"jsonrpc":"2.0","id":1,"id":2,"method":"health"}', -32700, null],
    ['deep nesting', '['.repeat(500) + ']'.repeat(500), -32700, null],
    ['a fractional id', '{"jsonrpc":"2.0","id":1.5,"method":"health"}', -32600, null],
    ['a huge id', '{"jsonrpc":"2.0","id":1e300,"method":"health"}', -32600, null],
    ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"health"}', -32600, null],
    ['a method that is no text', '{"jsonrpc":"2.0","id":1,"method":7}', -32600, null],
    ['another version', '{"jsonrpc":"1.0","id":1,"method":"health"}', -32600, null],
    ['a text', '"health"', -32600, null],
    ['an empty batch', '[]', -32600, null],
    ['a batch of 21', `[${Array(21).fill('{"id":1,"method":"health"}').join(',')}]`, -32600, null],
  ];
  for (const [name, body, code, id] of malformed) {
    it(`answers ${name} with ${code}`, async () => {
      const { status, text } = await raw(body);
      const answer = JSON.parse(text) as Answer;
      assert.deepEqual([status, answer.error?.code, answer.id], [200, code, id]);
    });
  }

  it('answers batches in order, one wrong call among them, and no notifications', async () => {
    const body = '[{"id":"x","method":"health"},{"method":"health"},7,{"id":2,"method":"nope"}]';
    const answers = JSON.parse((await raw(body)).text) as Answer[];
    assert.deepEqual(
      answers.map(({ id, error }) => [id, error?.code]),
      [
        ['x', undefined],
        [null, -32600],
        [2, -32601],
      ],
    );
    assert.equal((await raw('{"method":"health"}')).text, '');
    const twenty = `[${Array(20).fill('{"id":1,"method":"health"}').join(',')}]`;
    assert.equal((JSON.parse((await raw(twenty)).text) as Answer[]).length, 20);
  });

  it('ignores __proto__ among params', async () => {
    const body = '{"jsonrpc":"2.0","id":1,"method":"block","params":{"__proto__":{"height":"x"}}}';
    assert.equal((JSON.parse((await raw(body)).text) as Answer).error, undefined);
  });

  it('bounds the body, and knows no other paths', async () => {
    assert.equal((await raw(`"${'x'.repeat(1_000_000)}"`)).status, 413);
    assert.equal((await raw('{}', '/status')).status, 404);
    assert.equal((await fetch(`${url}/nothing`)).status, 404);
    assert.equal((await fetch(`${url}/subscribe`)).status, 404);
    assert.equal((await fetch(`${url}/websocket`)).status, 404);
  });

  it('answers a GET that fails with 500 and the error', async () => {
    const cases: [string, number][] = [
      ['/block?height=999999', -32603],
      ['/block?height=x', -32602],
      ['/tx_search?query=unquoted', -32602],
      ['/tx?hash=0xzz', -32602],
      ['/tx?hash=0x00&prove=maybe', -32602],
    ];
    for (const [path, code] of cases) {
      const { status, answer } = await get(path);
      assert.deepEqual([status, answer.error?.code, answer.id], [500, code, -1], path);
    }
  });

  it('lists its endpoints, escapes the Host header and lets any page call', async () => {
    const response = await fetch(url, { headers: { origin: 'http://example.org' } });
    assert.equal(response.headers.get('access-control-allow-origin'), 'http://example.org');
    assert.match(await response.text(), /\/tx_search\?query=_&amp;prove=_/);
    const { hostname, port } = new URL(url);
    const page = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write('GET / HTTP/1.1\r\nHost: <script>\r\nConnection: close\r\n\r\n');
      });
      let text = '';
      socket.on('data', (data) => {
        text += String(data);
      });
      socket.on('close', () => resolve(text));
    });
    assert.ok(!page.includes('<script>'));
  });
});
