import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type Outcome, run } from '../cli/testing/terminal.ts';
import { startTestLocalnet, type TestLocalnet } from './support/localnet.ts';

/** What a node between the program and the localnet changes in an answer. */
type Edit = (method: string, answer: string) => string;

describe('depind light', function () {
  this.timeout(60_000);
  let localnet: TestLocalnet;
  const servers: Server[] = [];
  before(async () => {
    localnet = await startTestLocalnet();
  });
  after(async () => {
    for (const server of servers) server.close();
    await localnet?.stop();
  });

  const depind = (line: string, home = localnet.home): Promise<Outcome> =>
    run(line.split(' '), { env: { DEPIND_HOME: home } });

  /** What a command that must succeed prints as JSON. */
  async function json(line: string) {
    const { code, out, err } = await depind(`${line} -o json`);
    assert.equal(code, 0, `${line}: ${err}`);
    assert.equal(out.trim().split('\n').length, 1, 'one object on stdout');
    return JSON.parse(out);
  }

  async function refused(line: string, message: RegExp): Promise<Outcome> {
    const outcome = await depind(line);
    assert.equal(outcome.code, 1, line);
    assert.match(outcome.err, message, line);
    return outcome;
  }

  /** Another node of the chain, as a program sees it: the localnet's, with its answers changed or not. */
  async function node(edit: Edit = (_, answer) => answer): Promise<string> {
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(localnet.rpc, { method: 'POST', headers, body });
      const { method } = JSON.parse(body) as { method: string };
      response.end(edit(method, await answer.text()));
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  }

  /** Shows another application's state in its headers: their hash is another one then. */
  const otherHeader: Edit = (method, answer) =>
    method === 'commit' ? answer.replace(/("app_hash":\s*")[0-9A-F]{2}/, '$100') : answer;

  /** Hash and time of a block, as the localnet's node says. */
  async function blockAt(height: string): Promise<{ hash: string; time: string }> {
    const answer = await fetch(`${localnet.rpc}/block?height=${height}`);
    const { result } = (await answer.json()) as {
      result: { block_id: { hash: string }; block: { header: { time: string } } };
    };
    return { hash: result.block_id.hash, time: result.block.header.time };
  }

  describe('checkpoint', () => {
    it('gives the header that all sources show', async () => {
      const other = await node();
      const nodes = `--node ${localnet.rpc} --node ${other}`;
      const found = await json(`light checkpoint ${nodes}`);
      const { chainId, height, hash, time, sources } = found;
      assert.deepEqual([chainId, sources], ['depind-test-1', [localnet.rpc, other]]);
      assert.deepEqual({ hash, time }, await blockAt(height));
      assert.deepEqual(await json(`light checkpoint ${nodes} --height ${height}`), found);
      const text = await depind(`light checkpoint ${nodes} --height ${height}`);
      assert.equal(text.err, '');
      assert.ok(text.out.endsWith(`\n--trust-height ${height} --trust-hash ${hash}\n`), text.out);
    });

    it('stays one below the source that is furthest behind', async () => {
      const slow = await node((method, answer) =>
        method === 'status' ? answer.replace(/("latest_block_height":\s*)"\d+"/, '$1"3"') : answer,
      );
      const { height } = await json(`light checkpoint --node ${localnet.rpc} --node ${slow}`);
      assert.equal(height, '2');
    });

    it('warns when there is one source only', async () => {
      const { code, out, err } = await depind('light checkpoint --height 1 -o json');
      assert.equal(code, 0);
      assert.deepEqual(JSON.parse(out).sources, [localnet.rpc]);
      assert.match(err, /^warning: only http\S+ says so/);
    });

    it('names the sources that differ', async () => {
      const liar = await node(otherHeader);
      const line = `light checkpoint --node ${localnet.rpc} --node ${liar} --height 2 -o json`;
      const { hash } = await blockAt('2');
      const { out, err } = await refused(line, /the sources differ at height 2: /);
      assert.equal(out, '');
      assert.ok(err.includes(`${localnet.rpc} shows ${hash}`), err);
      const shown = new RegExp(`${liar} shows ([0-9A-F]{64})`).exec(err)?.[1];
      assert.notEqual(shown ?? hash, hash, err);
    });

    it('names the source that does not answer, or is of another chain', async () => {
      const nobody = 'http://127.0.0.1:1';
      const other = await node((_, answer) => answer.replaceAll('depind-test-1', 'other-9'));
      for (const [line, message] of [
        [`--node ${localnet.rpc} --node ${nobody}`, /^error: http:\/\/127\.0\.0\.1:1: /],
        [`--node ${localnet.rpc} --node ${other}`, new RegExp(`^error: ${other}: .*"other-9"`)],
        [`--node ${localnet.rpc} --chain-id x-1`, /expected "x-1", got "depind-test-1"/],
        [`--node ${localnet.rpc} --height 999999`, /^error: http\S+: /],
        ['--height 0', /--height: expected at least 1/],
        [`--node ${localnet.rpc} --node ${localnet.rpc}/`, /expected each node once/],
      ] as const) {
        await refused(`light checkpoint ${line}`, message);
      }
    });
  });
});
