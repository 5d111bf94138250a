import { deepEqual, equal, match, ok, throws } from 'node:assert/strict';
import type { FastifyInstance } from 'fastify';
import protobuf from 'protobufjs';
import type { QueryRequest, QueryResponse } from '../abci/types.ts';
import { compileTables } from '../descriptors/compile.ts';
import { Descriptors, fromJson, toJson } from '../descriptors/index.ts';
import { loadRoot } from '../descriptors/root.ts';
import { parsePathTemplate } from './pathTemplate.ts';
import { createRestServer } from './server.ts';

type Answer = unknown | { readonly fail: Pick<QueryResponse, 'code' | 'codespace' | 'log'> };

const BANK = '/cosmos.bank.v1beta1.Query';
const BALANCES = '/cosmos/bank/v1beta1/balances';
const NONE = new Uint8Array(0);
const OK = { info: '', index: 0n, key: NONE, height: 7n, code: 0, codespace: '', log: '' };

/** An application that decodes requests and encodes answers by the descriptors, as a real one does. */
function serve(descriptors: Descriptors, answers: Readonly<Record<string, Answer>>) {
  const seen: { path: string; height: bigint; request: unknown }[] = [];
  const types = new Map(
    descriptors.services().flatMap((s) => s.methods.map((m) => [m.path, m] as const)),
  );
  const query = async ({ path, data, height }: QueryRequest): Promise<QueryResponse> => {
    const method = types.get(path)!;
    seen.push({ path, height, request: toJson(descriptors, method.requestType, data) });
    const answer = answers[path];
    if (typeof answer === 'object' && answer !== null && 'fail' in answer) {
      return { ...OK, value: NONE, ...(answer.fail as Pick<QueryResponse, 'code'>) };
    }
    return { ...OK, value: fromJson(descriptors, method.responseType, answer) };
  };
  const server = createRestServer({
    descriptors,
    backend: { query, comet: () => Promise.reject(new Error('no node')) },
    addresses: { format: () => '' },
    application: { name: 'depind', appName: 'depind', version: '1' },
    services: Object.keys(answers),
    cors: true,
  });
  return { server, seen };
}

async function get(server: FastifyInstance, url: string, headers = {}) {
  const response = await server.inject({ method: 'GET', url, headers });
  return { status: response.statusCode, json: response.json(), headers: response.headers };
}

describe('REST routes of the application', () => {
  const descriptors = Descriptors.load();
  const account = {
    '@type': '/cosmos.auth.v1beta1.BaseAccount',
    address: 'depin1a',
    pub_key: null,
    account_number: '3',
    sequence: '0',
  };
  const { server, seen } = serve(descriptors, {
    [`${BANK}/AllBalances`]: { balances: [{ denom: 'udepin', amount: '5' }], pagination: {} },
    [`${BANK}/Balance`]: { balance: { denom: 'udepin', amount: '5' } },
    [`${BANK}/DenomOwners`]: { fail: { code: 6, codespace: 'sdk', log: 'unknown query path' } },
    [`${BANK}/Params`]: { fail: { code: 1, codespace: 'undefined', log: 'broken' } },
    [`${BANK}/SupplyOf`]: { fail: { code: 2, codespace: 'bank', log: 'refused' } },
    '/cosmos.auth.v1beta1.Query/Account': { account },
    '/cosmos.auth.v1beta1.Query/AccountInfo': {
      fail: {
        code: 22,
        codespace: 'sdk',
        log: 'rpc error: code = NotFound desc = account x not found',
      },
    },
    '/cosmos.tx.v1beta1.Service/Simulate': { gas_info: { gas_used: '9' } },
  });
  after(() => server.close());

  it('give an answer with every field and the height it was read at', async () => {
    const { status, json, headers } = await get(server, `${BALANCES}/depin1a?pagination.limit=10`);
    equal(status, 200);
    equal(headers['content-type'], 'application/json');
    equal(headers['grpc-metadata-x-cosmos-block-height'], '7');
    deepEqual(json, {
      balances: [{ denom: 'udepin', amount: '5' }],
      pagination: { next_key: null, total: '0' },
    });
    deepEqual(seen.at(-1), {
      path: `${BANK}/AllBalances`,
      height: 0n,
      request: {
        address: 'depin1a',
        pagination: { key: null, offset: '0', limit: '10', count_total: false, reverse: false },
        resolve_denom: false,
      },
    });
  });

  it('take lowerCamelCase, booleans as Go parses them, and base64 in any alphabet', async () => {
    const query = 'pagination.countTotal=1&pagination.key=-_8&resolve_denom=TRUE&t=123';
    equal((await get(server, `${BALANCES}/a?${query}`)).status, 200);
    deepEqual(Reflect.get(Object(seen.at(-1)?.request), 'pagination'), {
      key: '+/8=',
      offset: '0',
      limit: '0',
      count_total: true,
      reverse: false,
    });
  });

  it('tell a longer path from a shorter one, and decode what is captured', async () => {
    equal((await get(server, `${BALANCES}/a/by_denom?denom=ibc%2FAB`)).status, 200);
    deepEqual(seen.at(-1)?.request, { address: 'a', denom: 'ibc/AB' });
    await get(server, `/cosmos/bank/v1beta1/denom_owners/ibc%2FAB`);
    equal(Reflect.get(Object(seen.at(-1)?.request), 'denom'), 'ibc/AB');
  });

  it('write an Any with its type', async () => {
    deepEqual((await get(server, '/cosmos/auth/v1beta1/accounts/a')).json, { account });
  });

  it('read the height from its header and refuse one that is none', async () => {
    await get(server, `${BALANCES}/a`, { 'x-cosmos-block-height': '5' });
    equal(seen.at(-1)?.height, 5n);
    for (const height of ['-1', 'x', '', '9223372036854775808']) {
      const { status, json } = await get(server, `${BALANCES}/a`, {
        'x-cosmos-block-height': height,
      });
      deepEqual([status, json.code], [400, 3], height);
    }
  });

  const refused: readonly [
    name: string,
    path: string,
    status: number,
    code: number,
    message: RegExp,
  ][] = [
    ['an unknown route', '/cosmos/nothing', 501, 12, /^Not Implemented$/],
    ['a route that is not served', '/cosmos/bank/v1beta1/supply', 501, 12, /^Not Implemented$/],
    ['a trailing slash', `${BALANCES}/a/by_denom/`, 501, 12, /^Not Implemented$/],
    [
      'a number that is none',
      `${BALANCES}/a?pagination.limit=x`,
      400,
      3,
      /pagination\.limit: expected a whole number \(uint64\), got "x"/,
    ],
    [
      'a negative number',
      `${BALANCES}/a?pagination.limit=-1`,
      400,
      3,
      /limit: expected a number from 0/,
    ],
    [
      'a boolean that is none',
      `${BALANCES}/a?pagination.reverse=maybe`,
      400,
      3,
      /reverse: expected true or false, got "maybe"/,
    ],
    [
      'one field twice',
      `${BALANCES}/a/by_denom?denom=a&denom=b`,
      400,
      3,
      /denom: expected one value, got 2/,
    ],
    [
      'a message as text',
      `${BALANCES}/a?pagination=1`,
      400,
      3,
      /PageRequest cannot be given as text/,
    ],
    ['a missing account', '/cosmos/auth/v1beta1/account_info/x', 404, 5, /account x not found/],
    [
      'an unimplemented query',
      '/cosmos/bank/v1beta1/denom_owners/x',
      501,
      12,
      /unknown query path/,
    ],
    ['a broken query', '/cosmos/bank/v1beta1/params', 500, 2, /^broken$/],
    [
      'a query that its module refuses',
      '/cosmos/bank/v1beta1/supply/by_denom?denom=x',
      400,
      3,
      /^refused$/,
    ],
    ['a broken path', `${BALANCES}/%zz`, 400, 3, /%zz/],
  ];
  for (const [name, path, status, code, message] of refused) {
    it(`answer ${status} to ${name}`, async () => {
      const answer = await get(server, path);
      deepEqual([answer.status, answer.json.code, answer.json.details], [status, code, []]);
      match(answer.json.message, message);
    });
  }

  it('read a body as JSON and refuse one that is not, or is too large', async () => {
    const url = '/cosmos/tx/v1beta1/simulate';
    const post = (payload: string, type = 'text/plain') =>
      server.inject({ method: 'POST', url, payload, headers: { 'content-type': type } });
    const good = await post('{"tx_bytes":"AAE="}');
    equal(good.json().gas_info.gas_used, '9');
    equal(good.json().result, null);
    deepEqual(seen.at(-1)?.request, { tx: null, tx_bytes: 'AAE=' });
    for (const bad of [
      '{',
      '[]',
      'null',
      '"x"',
      '{"tx_byte":""}',
      '{"tx_bytes":5}',
      '{"__proto__":1}',
    ]) {
      const { statusCode, json } = await post(bad, 'application/json');
      deepEqual([statusCode, json().code], [400, 3], bad);
    }
    const large = await post(`{"tx_bytes":"${'A'.repeat(1024 * 1024)}"}`);
    deepEqual([large.statusCode, large.json().code], [413, 3]);
  });

  it('answer 501 to another method, and let pages of other origins call', async () => {
    const { statusCode } = await server.inject({ method: 'POST', url: `${BALANCES}/a` });
    equal(statusCode, 501);
    equal((await server.inject({ method: 'HEAD', url: `${BALANCES}/a` })).statusCode, 501);
    const headers = { origin: 'https://a.example', 'access-control-request-method': 'GET' };
    const preflight = await server.inject({ method: 'OPTIONS', url: `${BALANCES}/a`, headers });
    equal(preflight.statusCode, 204);
    equal(preflight.headers['access-control-allow-origin'], '*');
  });

  it('list themselves with their comments, as a page and as OpenAPI', async () => {
    const page = await server.inject({ method: 'GET', url: '/' });
    match(page.body, /<code>\/cosmos\/bank\/v1beta1\/balances\/\{address\}<\/code>/);
    const { json } = await get(server, '/openapi.json');
    const operation = json.paths[`${BALANCES}/{address}`].get;
    ok(operation.description.length > 0);
    deepEqual(operation.parameters.map((p: { name: string }) => p.name).slice(0, 3), [
      'address',
      'pagination.key',
      'pagination.offset',
    ]);
  });

  it('refuse to start for a method that nothing declares', () => {
    throws(
      () => serve(descriptors, { '/a.B/C': {} }),
      /\/a\.B\/C: no service declares this method/,
    );
  });
});

/** Annotations that no text of the project uses today, on their own. */
const TEXT = `syntax = "proto3"; package test.v1;
enum Color { COLOR_UNSPECIFIED = 0; COLOR_RED = 1; }
message Inner { repeated uint32 numbers = 1; Color color = 2; }
message Ask { string denom = 1; Inner inner = 2; repeated string names = 3; repeated Inner list = 4; }
message Told { string text = 1; }
service Query {
  rpc Denom(Ask) returns (Told) { option (google.api.http) = {
    get: "/test/denoms/{denom=**}"
    additional_bindings { get: "/test/colors/{inner.color}/{denom}" }
  }; }
  rpc Inside(Ask) returns (Told) { option (google.api.http) = { put: "/test/inner/{denom=*}" body: "inner" }; }
}`;

describe('annotations', () => {
  it('with wildcards, nested captures, more bindings and a field as body make routes', async () => {
    const root = loadRoot();
    protobuf.parse(TEXT, root, { keepCase: true });
    const { server, seen } = serve(new Descriptors(compileTables(root)), {
      '/test.v1.Query/Denom': { text: 'x' },
      '/test.v1.Query/Inside': { text: 'y' },
    });
    const empty = { denom: '', inner: null, names: [], list: [] };
    await get(server, '/test/denoms/ibc/AB/c?inner.numbers=1&inner.numbers=2&names=a');
    await get(server, '/test/colors/COLOR_RED/d');
    await get(server, '/test/colors/1/e');
    await server.inject({
      method: 'PUT',
      url: '/test/inner/f?names=b',
      payload: '{"numbers":[3]}',
    });
    deepEqual(
      seen.map(({ request }) => request),
      [
        {
          ...empty,
          denom: 'ibc/AB/c',
          inner: { numbers: [1, 2], color: 'COLOR_UNSPECIFIED' },
          names: ['a'],
        },
        { ...empty, denom: 'd', inner: { numbers: [], color: 'COLOR_RED' } },
        { ...empty, denom: 'e', inner: { numbers: [], color: 'COLOR_RED' } },
        { ...empty, denom: 'f', inner: { numbers: [3], color: 'COLOR_UNSPECIFIED' }, names: ['b'] },
      ],
    );
    equal((await get(server, '/test/colors/COLOR_BLUE/d')).status, 400);
    equal((await get(server, '/test/denoms/a?list=1')).status, 400);
    await server.close();
  });

  it('that the router cannot serve are refused with the template', () => {
    for (const template of ['a', '/a/{b=**}/c', '/a/{b=x/*}', '/a/*', '/a:verb', '/a//b']) {
      throws(
        () => parsePathTemplate(template),
        /path template .*(is not supported|expected)/,
        template,
      );
    }
  });
});
