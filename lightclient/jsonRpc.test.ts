/** What a node's RPC says, or does not, as HttpProvider tells it. */
import { strict as assert } from 'node:assert';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ProviderError, type ProviderReason } from './provider.ts';
import { fails, RpcNode } from './testing/rpcNode.ts';

describe('the JSON-RPC of a node', () => {
  const node = new RpcNode();
  before(() => node.start());
  after(() => node.stop());

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
        node.handler = (_method, _params, response) => {
          response.statusCode = status;
          return { error: { code: -32603, message: 'Internal error', data } };
        };
        await fails(node.provider().txResults(9n), reason, /Internal error/);
      }
    });
  }

  it('does not repeat control characters of an error', async () => {
    node.handler = () => ({ error: { code: 1, message: '\u001b[2Jgone', data: 'x'.repeat(900) } });
    await assert.rejects(node.provider().status(), (error: Error) => {
      assert.ok(error.message.length < 400 && !error.message.includes('\u001b'));
      return true;
    });
  });

  it('gives up on an answer that does not come or does not end', async () => {
    node.handler = () => undefined;
    await fails(node.provider({ timeoutMs: 60 }).status(), 'timeout', /within 60 ms/);
    node.handler = (_method, _params, response) => void response.write('{"jsonrpc":');
    await fails(node.provider({ timeoutMs: 60 }).status(), 'timeout', /within 60 ms/);
  });

  it('does so too when a given fetch takes no notice of the signal', async () => {
    const never = () => new Promise<never>(() => {});
    const endless = async () => new Response(new ReadableStream({ pull: never }));
    for (const fetch of [never, endless]) {
      await fails(node.provider({ timeoutMs: 60, fetch }).status(), 'timeout', /within 60 ms/);
    }
  });

  it('takes an error that is long for an answer all the same', async () => {
    for (const data of ['x'.repeat(5_000), `height 9 is not available${' '.repeat(5_000)}`]) {
      node.handler = () => ({ error: { code: -32603, message: 'Internal error', data } });
      const error: unknown = await node
        .provider()
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
    node.handler = () => ({ result: 'x'.repeat(2_000) });
    await fails(
      node.provider({ maxResponseBytes: 1_000 }).status(),
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
      node.provider({ fetch, maxResponseBytes }).call('health', {});
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
      node.handler = (_method, _params, response) => {
        response.statusCode = status;
        response.end(body);
      };
      await fails(node.provider().status(), reason, /response|status/);
    }
  });

  it('says when nobody listens, naming the host and not the path', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const work = node.provider({ url: `tcp://127.0.0.1:${port}/secret` }).status();
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
    node.handler = (_method, _params, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${port}/` });
      response.end();
      return undefined;
    };
    try {
      await fails(node.provider().status(), 'unreachable', /redirects$/);
      assert.equal(asked, 0);
      await fails(node.provider({ redirect: 'follow' }).status(), 'badResponse', /inside/);
    } finally {
      inside.closeAllConnections();
      inside.close();
    }
  });
});
