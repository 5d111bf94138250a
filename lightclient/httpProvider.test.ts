import { strict as assert } from 'node:assert';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toBase64, toUtf8 } from '../wire/bytes.ts';
import { signedHeaderToJson, validatorToJson } from '../wire/json/encode.ts';
import { formatTime } from '../wire/time.ts';
import { HttpProvider, type HttpProviderOptions } from './httpProvider.ts';
import { ProviderError, type ProviderReason } from './provider.ts';
import { CHAIN_ID, makeBlock, START, signersOf } from './testing/chain.ts';

type Params = Readonly<Record<string, unknown>>;
type Handler = (method: string, params: Params, response: ServerResponse) => unknown;

const many = makeBlock({ height: 7n, signers: signersOf('many', Array<bigint>(230).fill(1n)) });
const block = makeBlock({ height: 7n, signers: signersOf('few', [2n, 1n]) });

let server: Server;
let handler: Handler;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = '';
  for await (const chunk of request) text += chunk;
  const { id, method, params } = JSON.parse(text);
  const result = handler(method, params, response);
  if (result === undefined) return;
  response.end(JSON.stringify({ jsonrpc: '2.0', id, ...(result as object) }));
}

function provider(change: Partial<HttpProviderOptions> = {}): HttpProvider {
  const { port } = server.address() as AddressInfo;
  return new HttpProvider({ url: `127.0.0.1:${port}`, chainId: CHAIN_ID, ...change });
}

async function fails(work: Promise<unknown>, reason: ProviderReason, text: RegExp): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof ProviderError);
    assert.equal(error.reason, reason, error.message);
    assert.match(error.message, text);
    return true;
  });
}

/** A page of validators as CometBFT serves them. */
function pageOf({ page, per_page }: Params) {
  const from = (Number(page) - 1) * Number(per_page);
  const items = many.validators.slice(from, from + Number(per_page)).map(validatorToJson);
  return { block_height: '7', validators: items, count: `${items.length}`, total: '230' };
}

describe('HttpProvider', () => {
  before((done) => {
    server = createServer(answer).listen(0, '127.0.0.1', done);
  });
  after((done) => {
    server.closeAllConnections();
    server.close(done);
  });

  it('asks for a commit by height as CometBFT reads it', async () => {
    handler = (method, params) => {
      assert.deepEqual([method, params], ['commit', { height: '7' }]);
      return { result: { signed_header: signedHeaderToJson(block.signedHeader), canonical: true } };
    };
    assert.deepEqual(await provider().signedHeader(7n), block.signedHeader);
  });

  it('asks for the latest commit without a height', async () => {
    handler = (_, params) => {
      assert.deepEqual(params, {});
      return { result: { signed_header: signedHeaderToJson(block.signedHeader) } };
    };
    assert.deepEqual(await provider().signedHeader(), block.signedHeader);
  });

  it('collects all pages of validators', async () => {
    const pages: unknown[] = [];
    handler = (_, params) => {
      pages.push(params.page);
      return { result: pageOf(params) };
    };
    assert.deepEqual(await provider().validators(7n), many.validators);
    assert.deepEqual(pages, ['1', '2', '3']);
  });

  it('refuses pages that never add up to the total', async () => {
    handler = () => ({ result: { validators: [], total: '230' } });
    await fails(provider().validators(7n), 'badResponse', /expected 230 in all, got 0/);
    handler = (_, params) => ({ result: { ...pageOf(params), total: '10' } });
    await fails(provider().validators(7n), 'badResponse', /expected 10 in all, got 100/);
    handler = () => ({ result: { validators: [], total: '10001' } });
    await fails(provider().validators(7n), 'badResponse', /total/);
    const one = many.validators.slice(0, 1).map(validatorToJson);
    const fetch = async () => Response.json({ result: { validators: one, total: '230' } });
    await fails(provider({ fetch }).validators(7n), 'badResponse', /expected 230 .*got 100/);
  });

  it('asks for a store value with its proof', async () => {
    handler = (method, params) => {
      const expected = { path: '/store/devices/key', data: '01ff', prove: true, height: '6' };
      assert.deepEqual([method, params], ['abci_query', expected]);
      const op = { type: 'ics23:iavl', key: toBase64(Uint8Array.of(1, 255)), data: 'AQID' };
      const response = {
        code: 0,
        key: op.key,
        value: 'BAUG',
        height: '6',
        proofOps: { ops: [op] },
      };
      return { result: { response } };
    };
    const data = Uint8Array.of(1, 255);
    const path = '/store/devices/key';
    const got = await provider().abciQuery({ path, data, height: 6n, prove: true });
    assert.deepEqual(got, {
      code: 0,
      codespace: '',
      log: '',
      key: data,
      value: Uint8Array.of(4, 5, 6),
      height: 6n,
      proofOps: [{ type: 'ics23:iavl', key: data, data: Uint8Array.of(1, 2, 3) }],
    });
  });

  it('reads the status, and refuses that of another chain', async () => {
    const status = (network: string) => ({
      node_info: { network },
      sync_info: {
        latest_block_height: '12',
        latest_block_time: formatTime(START),
        catching_up: false,
      },
    });
    handler = () => ({ result: status(CHAIN_ID) });
    const expected = {
      chainId: CHAIN_ID,
      latestHeight: 12n,
      latestTime: START,
      isCatchingUp: false,
    };
    assert.deepEqual(await provider().status(), expected);
    handler = () => ({ result: status('other') });
    await fails(
      provider().status(),
      'badResponse',
      /network: expected "test-chain-1", got "other"/,
    );
  });

  it('refuses a header of another chain or height', async () => {
    handler = () => ({ result: { signed_header: signedHeaderToJson(block.signedHeader) } });
    await fails(provider({ chainId: 'other' }).signedHeader(7n), 'badResponse', /chain_id/);
    await fails(provider().signedHeader(8n), 'badResponse', /height: expected 8, got 7/);
  });

  const errors: [string, ProviderReason][] = [
    ['height 9 must be less than or equal to the current blockchain height 7', 'heightTooHigh'],
    ['height 1 is not available, lowest height is 3', 'notFound'],
    ['Timeout exceeded while waiting', 'timeout'],
    ['transaction indexing is disabled', 'notFound'],
    ['could not find results for height #9', 'notFound'],
    ['node is not persisting finalize block responses', 'notFound'],
    ['something else', 'badResponse'],
  ];
  for (const [data, reason] of errors) {
    it(`knows ${reason} by CometBFT's phrase "${data}", with status 200 or 500`, async () => {
      for (const status of [200, 500]) {
        handler = (_method, _params, response) => {
          response.statusCode = status;
          return { error: { code: -32603, message: 'Internal error', data } };
        };
        await fails(provider().txResults(9n), reason, /Internal error/);
      }
    });
  }

  it('does not repeat control characters of an error', async () => {
    handler = () => ({ error: { code: 1, message: '\u001b[2Jgone', data: 'x'.repeat(900) } });
    await assert.rejects(provider().status(), (error: Error) => {
      assert.ok(error.message.length < 400 && !error.message.includes('\u001b'));
      return true;
    });
  });

  it('gives up on an answer that does not come or does not end', async () => {
    handler = () => undefined;
    await fails(provider({ timeoutMs: 60 }).status(), 'timeout', /within 60 ms/);
    handler = (_method, _params, response) => void response.write('{"jsonrpc":');
    await fails(provider({ timeoutMs: 60 }).status(), 'timeout', /within 60 ms/);
  });

  it('does so too when a given fetch takes no notice of the signal', async () => {
    const never = () => new Promise<never>(() => {});
    const endless = async () => new Response(new ReadableStream({ pull: never }));
    for (const fetch of [never, endless]) {
      await fails(provider({ timeoutMs: 60, fetch }).status(), 'timeout', /within 60 ms/);
    }
  });

  it('blames a node for one only where no chain makes it that long', async () => {
    handler = () => ({ result: 'x'.repeat(2_000) });
    const short = provider({ maxResponseBytes: 1_000 });
    const tooLong = /^\w+: response: expected at most 1000 bytes$/;
    await fails(short.signedHeader(5n), 'badResponse', tooLong);
    await fails(short.validators(5n), 'badResponse', tooLong);
    await fails(short.txResults(5n), 'notFound', tooLong);
    await fails(short.call('block', { height: '5' }), 'notFound', tooLong);
  });

  it('takes an error that is long for an answer all the same', async () => {
    for (const data of ['x'.repeat(5_000), `height 9 is not available${' '.repeat(5_000)}`]) {
      handler = () => ({ error: { code: -32603, message: 'Internal error', data } });
      const error: unknown = await provider()
        .signedHeader(9n)
        .catch((reason: unknown) => reason);
      assert.ok(error instanceof ProviderError);
      assert.deepEqual(
        [error.isAnswer, error.reason],
        [true, data[0] === 'x' ? 'badResponse' : 'notFound'],
      );
      assert.ok(error.message.length < 400);
    }
  });

  it('gives up on an answer that is too long', async () => {
    handler = () => ({ result: 'x'.repeat(2_000) });
    await fails(
      provider({ maxResponseBytes: 1_000 }).status(),
      'badResponse',
      /at most 1000 bytes/,
    );
  });

  it('reads an answer that comes byte by byte, as far as it may be long', async () => {
    const text = JSON.stringify({ result: { hash: 'x'.repeat(500) } });
    const fetch = async () =>
      new Response(
        new ReadableStream({
          start(controller) {
            for (const byte of Buffer.from(text)) controller.enqueue(Uint8Array.of(byte));
            controller.close();
          },
        }),
      );
    const call = (maxResponseBytes: number) =>
      provider({ fetch, maxResponseBytes }).call('health', {});
    assert.deepEqual(await call(text.length), JSON.parse(text).result);
    await fails(call(text.length - 1), 'notFound', /at most \d+ bytes/);
  });

  it('refuses what is no JSON-RPC answer', async () => {
    const bodies: [number, string | Uint8Array, ProviderReason][] = [
      [200, 'not json', 'badResponse'],
      [200, '[]', 'badResponse'],
      [200, '{"result":null}', 'badResponse'],
      [200, '{"error":"text"}', 'badResponse'],
      [200, Uint8Array.of(0x22, 0xff, 0x22), 'badResponse'],
      [404, '{}', 'unreachable'],
      [502, 'gateway', 'unreachable'],
      [503, '{"error":"try later"}', 'unreachable'],
      [504, Uint8Array.of(0x22, 0xff, 0x22), 'unreachable'],
      [429, '"slow down"', 'unreachable'],
      [403, '{"result":{}}', 'unreachable'],
    ];
    for (const [status, body, reason] of bodies) {
      handler = (_method, _params, response) => {
        response.statusCode = status;
        response.end(body);
      };
      await fails(provider().status(), reason, /response|status/);
    }
  });

  it('says when nobody listens, naming the host and not the path', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const work = provider({ url: `tcp://127.0.0.1:${port}/secret` }).status();
    await fails(
      work,
      'unreachable',
      new RegExp(`^127.0.0.1:${port} cannot be reached, or redirects$`),
    );
  });

  it('goes where a node redirects to only when it is told to', async () => {
    let asked = 0;
    const inside = createServer((_, response) => {
      asked += 1;
      response.end('{"error":{"code":1,"message":"inside"}}');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => inside.once('listening', resolve));
    const { port } = inside.address() as AddressInfo;
    handler = (_method, _params, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${port}/` });
      response.end();
      return undefined;
    };
    try {
      await fails(provider().status(), 'unreachable', /redirects$/);
      assert.equal(asked, 0);
      await fails(provider({ redirect: 'follow' }).status(), 'badResponse', /inside/);
    } finally {
      inside.closeAllConnections();
      inside.close();
    }
  });

  it('refuses urls that it cannot ask, without repeating them', () => {
    for (const url of ['ftp://host', 'http://me:pass@host', 'http://', 'file:///x']) {
      assert.throws(() => provider({ url }), /^TypeError: url: expected http/);
    }
  });

  it('names the path of what it does not understand', async () => {
    handler = () => {
      const json = signedHeaderToJson(block.signedHeader);
      return {
        result: { signed_header: { ...json, header: { ...json.header, time: toUtf8('x') } } },
      };
    };
    await fails(provider().signedHeader(7n), 'badResponse', /commit\.signed_header\.header\.time/);
  });
});
