/** `depind light start` and `light status` on a localnet: wallets and programs over the verifying proxy. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DirectSecp256k1HdWallet } from '@cosmjs/proto-signing';
import { coins, SigningStargateClient, StargateClient } from '@cosmjs/stargate';
import { main } from '../cli/main.ts';
import {
  run,
  type TerminalOptions,
  type TestTerminal,
  testTerminal,
} from '../cli/testing/terminal.ts';
import { VerifiedRpc } from '../lightclient/rpc/index.ts';
import { connectSocket } from './support/cosmjsSocket.ts';
import { startTestLocalnet, type TestLocalnet } from './support/localnet.ts';

interface Running {
  readonly url: string;
  readonly terminal: TestTerminal;
  stop(): Promise<number>;
}

describe('depind light start', function () {
  this.timeout(60_000);
  let localnet: TestLocalnet;
  let proxy: Running;
  const servers: Server[] = [];

  before(async () => {
    localnet = await startTestLocalnet();
    proxy = await start('--mark /cosmos.tx.v1beta1.Service/Simulate');
  });

  after(async () => {
    assert.equal(await proxy.stop(), 0, proxy.terminal.err());
    for (const server of servers) server.close();
    await localnet.stop();
  });

  async function start(flags = ''): Promise<Running> {
    const terminal = testTerminal({ env: { DEPIND_HOME: localnet.home } });
    const line = `light start --laddr 127.0.0.1:0 -o json ${flags}`.trim().split(/\s+/);
    const running = main(line, terminal);
    while (terminal.out() === '') {
      const ended = await Promise.race([running, pause(10)]);
      assert.equal(ended, undefined, terminal.err());
    }
    const { rpc } = JSON.parse(terminal.out()) as { rpc: string };
    return {
      url: rpc,
      terminal,
      stop() {
        terminal.interrupt();
        return running;
      },
    };
  }

  async function call(url: string, method: string, params: object = {}) {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 7, method, params });
    const headers = { 'content-type': 'application/json' };
    return (await fetch(url, { method: 'POST', headers, body })).json() as Promise<{
      result?: Record<string, unknown>;
      error?: { code: number; message: string; data?: string };
    }>;
  }

  it('serves a wallet: balances, a transfer, its result', async () => {
    const [alice, bob] = [localnet.accounts[0]!, localnet.accounts[1]!];
    const to = bob.address;
    const wallet = await DirectSecp256k1HdWallet.fromMnemonic(alice.mnemonic, { prefix: 'depin' });
    const client = await SigningStargateClient.connectWithSigner(proxy.url, wallet, {
      broadcastPollIntervalMs: 60,
    });
    const before = BigInt((await client.getBalance(to, 'udepin')).amount);
    const fee = { amount: [], gas: '200000' };
    const sent = await client.sendTokens(alice.address, to, coins(5, 'udepin'), fee);
    assert.equal(sent.code, 0);
    const after = BigInt((await client.getBalance(to, 'udepin')).amount);
    assert.equal(after - before, 5n);
    client.disconnect();
  });

  it('answers every query of the modules of depind', async () => {
    const path = '/depin.sensors.v1.Query/Params';
    const { result } = await call(proxy.url, 'abci_query', { path, data: '' });
    const { response } = result as { response: { code: number; value: string; info: string } };
    assert.equal(response.code, 0);
    assert.equal(JSON.parse(response.info).proven, 'all');
    const direct = await call(localnet.rpc, 'abci_query', { path, data: '' });
    assert.equal(
      response.value,
      (direct.result as typeof result & { response: { value: string } }).response.value,
    );
  });

  it('answers GET requests, lists its methods, and refuses what it cannot prove', async () => {
    const block = (await (await fetch(`${proxy.url}/block?height=2`)).json()) as {
      result: { block: { header: { height: string } } };
    };
    assert.equal(block.result.block.header.height, '2');
    const index = await (await fetch(proxy.url)).text();
    for (const method of VerifiedRpc.methods) assert.ok(index.includes(`/${method}`), method);
    const refused = await call(proxy.url, 'genesis');
    assert.match(refused.error?.data ?? '', /^genesis: refused/);
    assert.equal((await call(proxy.url, 'nonsense')).error?.code, -32601);
    assert.equal((await call(proxy.url, 'block', { height: 'x' })).error?.code, -32602);
  });

  it('tells of new blocks over its WebSocket', async () => {
    const { client: comet, close } = await connectSocket(proxy.url);
    const heights: number[] = [];
    const stream = comet.subscribeNewBlock();
    await new Promise<void>((resolve, reject) => {
      stream.addListener({
        next: ({ header }) => {
          heights.push(header.height);
          if (heights.length === 3) resolve();
        },
        error: reject,
        complete: () => undefined,
      });
    });
    assert.deepEqual(heights, [heights[0], heights[0]! + 1, heights[0]! + 2]);
    close();
  });

  it('says why it does not listen', async () => {
    const { port } = new URL(proxy.url);
    const taken = await run(`light start --laddr 127.0.0.1:${port}`.split(' '), {
      env: { DEPIND_HOME: localnet.home },
    });
    assert.equal(taken.code, 1);
    assert.match(taken.err, new RegExp(`port ${port} is in use`));
  });

  describe('with a folder', () => {
    let parent: string;
    let dir: string;
    const env = () => ({ env: { DEPIND_HOME: localnet.home } });
    const status = (flags: string, options: TerminalOptions = env()) =>
      run(`light status ${flags}`.split(' '), options);

    before(async () => {
      parent = await mkdtemp(join(tmpdir(), 'depind-light-'));
      dir = join(parent, 'deep', 'light');
    });
    after(() => rm(parent, { recursive: true, force: true }));

    it('keeps what it has verified, for one process at a time', async () => {
      // As CometBFT's light client names these flags.
      const { rpc, witnesses } = localnet;
      const { result } = await call(rpc, 'header', { height: '2' });
      const { hash } = (result as { header: { last_block_id: { hash: string } } }).header
        .last_block_id;
      // A hash alone is that of the first header.
      const flags = `-p ${rpc} --witnesses ${witnesses} --home-dir ${dir} --hash ${hash}`;
      const first = await start(flags);
      const second = await status(`--dir ${dir}`);
      assert.match(second.err, /another process uses it/);
      assert.equal(await first.stop(), 0);
      const third = await status(`--dir ${dir} -o json`);
      assert.equal(third.code, 0, third.err);
      const shown = JSON.parse(third.out) as { height: string; witnesses: string[] };
      assert.ok(BigInt(shown.height) > 1n);
      assert.deepEqual(shown.witnesses, witnesses);
    });

    it('goes on with the nodes and the header that were named before, and takes others', async () => {
      const nowhere = { env: { DEPIND_HOME: join(parent, 'nowhere') } };
      const alone = await status(`--dir ${dir} -o json`, nowhere);
      assert.equal(alone.code, 0, alone.err);
      const { chainId, primary } = JSON.parse(alone.out) as Record<string, string>;
      assert.deepEqual([chainId, primary], ['depind-test-1', localnet.rpc]);
      const other = localnet.witnesses[0]!;
      const named = await status(`--dir ${dir} -p ${other} --without-witnesses -o json`, nowhere);
      assert.equal(named.code, 0, named.err);
      const kept = await status(`--dir ${dir} -o json`, nowhere);
      assert.equal((JSON.parse(kept.out) as { primary: string }).primary, other);
      assert.match(kept.err, /^warning: no witness is asked/);
      const wrong = `--trust-height 1 --trust-hash ${'00'.repeat(32)}`;
      assert.equal((await status(`--dir ${dir} ${wrong}`, nowhere)).code, 1);
      assert.equal((await status(`--dir ${dir}`, nowhere)).code, 0, 'what failed is not kept');
    });

    it('says what to do when its database is damaged', async () => {
      const blocks = join(dir, 'blocks');
      const current = await readFile(join(blocks, 'CURRENT'));
      await writeFile(join(blocks, 'CURRENT'), 'MANIFEST-999999\n');
      const { code, err } = await status(`--dir ${dir}`);
      assert.equal(code, 1);
      assert.match(err, /CURRENT names no manifest that is there; remove \S+blocks, then all/);
      await writeFile(join(blocks, 'CURRENT'), current);
      assert.equal((await status(`--dir ${dir}`)).code, 0);
    });

    it('refuses folders that are not its own, and changes nothing in them', async () => {
      const file = join(parent, 'file');
      const broken = join(parent, 'broken');
      await writeFile(file, '');
      await mkdir(broken);
      await writeFile(join(broken, 'depind-light.json'), '{"chainId":5}');
      const before = await readdir(localnet.home);
      for (const [flags, message] of [
        [`--dir ${localnet.home}`, /is not empty, and no folder of depind's light client/],
        [`--dir ${dir} --chain-id other-1`, /is of the chain depind-test-1, not of other-1/],
        [`--dir ${file}`, /--dir: \S+ cannot be used: ENOTDIR/],
        [
          `--dir ${broken}`,
          /depind-light\.json: cannot be read: settings\.chainId: expected a text/,
        ],
        // Folders that take none.
        ['--dir /proc/light', /--dir: \/proc\/light cannot be used: /],
        ['--dir /proc/deep/light', /--dir: \/proc\/deep\/light cannot be used: /],
        ['--dir /dev/null/light', /--dir: \/dev\/null\/light cannot be used: /],
      ] as const) {
        const { code, out, err } = await status(`${flags} -o json`);
        assert.deepEqual([code, out], [1, ''], flags);
        assert.match(err, message, flags);
      }
      assert.deepEqual(await readdir(localnet.home), before);
    });
  });

  it('takes so many connections and no more, and tells of calls and blocks when asked to', async () => {
    const talking = await start('--max-open-connections 1 --verbose');
    const { port } = new URL(talking.url);
    const held = connect(Number(port), '127.0.0.1');
    await once(held, 'connect');
    await assert.rejects(fetch(`${talking.url}/health`), /fetch failed/);
    held.destroy();
    for (const method of ['block', 'genesis']) {
      // The server learns a little later that the place is free.
      const answer = () => call(talking.url, method, { height: '2' }).catch(() => undefined);
      while ((await answer()) === undefined) await pause(10);
    }
    while (!/^verified height=\d+$/m.test(talking.terminal.err())) await pause(20);
    assert.equal(await talking.stop(), 0);
    assert.match(talking.terminal.err(), /^block proven=all height=2 ms=\d+$/m);
    assert.match(talking.terminal.err(), /^genesis error="genesis: refused.*" ms=\d+$/m);
    assert.doesNotMatch(proxy.terminal.err(), /proven=/);
  });

  it('passes on nothing of a node that lies', async () => {
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const headers = { 'content-type': 'application/json' };
      const answer = await (await fetch(localnet.rpc, { method: 'POST', headers, body })).text();
      // Each amount of a balance that the node proves becomes another one.
      const isState = body.includes('"abci_query"');
      response.end(isState ? answer.replace(/"value": ?"[^"]+"/, '"value":"OTk5"') : answer);
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    const liar = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    const { address } = localnet.accounts[0]!;
    const alone = await start(`-p ${liar} --without-witnesses`);
    const client = await StargateClient.connect(alone.url);
    await assert.rejects(client.getBalance(address, 'udepin'), /refused|value|root/);
    client.disconnect();
    assert.equal(await alone.stop(), 0);
    const confirmed = await start(`-p ${liar} -w ${localnet.rpc}`);
    const honest = await StargateClient.connect(confirmed.url);
    assert.ok(BigInt((await honest.getBalance(address, 'udepin')).amount) > 999n);
    honest.disconnect();
    assert.equal(await confirmed.stop(), 0);
    assert.match(confirmed.terminal.err(), /is asked no more/);
  });
});
