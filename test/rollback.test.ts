/** `depind rollback` on the home of a localnet, and the next start, which runs the blocks once more. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalnetHome } from '../cli/localnet/create.ts';
import { type Network, startNetwork } from '../cli/localnet/network.ts';
import { run } from '../cli/testing/terminal.ts';
import { nodePaths, silentLogger } from '../localnet/index.ts';
import { openDepind } from '../modules/app.ts';
import { toHex } from '../wire/bytes.ts';

const WAIT_MS = 20_000;

describe('depind rollback', function () {
  this.timeout(60_000);
  let folder = '';
  let home = '';
  let network: Network | undefined;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'depind-rollback-'));
    home = join(folder, 'net');
    await createLocalnetHome({ home, chainId: 'depind-test-1', validators: 1, seed: 'test' });
  });
  after(async () => {
    await network?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(): Promise<Network> {
    network = await startNetwork({
      home,
      host: '127.0.0.1',
      rpcPort: 0,
      restPort: 0,
      blockIntervalMs: 20,
      minimumGasPrices: '',
      pruning: 'default',
      logger: silentLogger,
      onOwned: async () => undefined,
    });
    return network;
  }

  async function stop(): Promise<void> {
    await network?.stop();
    network = undefined;
  }

  const depind = (line: string) => run([...line.split(' '), '--home', home], { env: {} });

  /** AppHash by height, of all heights of the stopped network. */
  async function appHashes(): Promise<string[]> {
    const path = join(nodePaths(home, 0).data, 'application.db');
    const app = await openDepind({ store: { path } });
    const hashes = [''];
    for (let height = 1n; height <= app.store.version; height++) {
      hashes.push(toHex(app.store.at(height).appHash).toUpperCase());
    }
    await app.close();
    return hashes;
  }

  it('takes the state back, and the next start comes to the same AppHash again', async () => {
    const first = await start();
    await first.localnet.waitForHeight(2n, WAIT_MS);
    for (const amount of [1000, 2000, 3000]) {
      const line = `tx bank send alice bob ${amount}udepin -y --node ${first.localnet.rpcUrl}`;
      const sent = await depind(line);
      assert.equal(sent.code, 0, sent.err);
    }
    const locked = await depind('rollback');
    assert.match(
      `${locked.code} ${locked.err}`,
      /^1 error: the network of .* is running: stop it first/,
    );
    await stop();
    const before = await appHashes();
    assert.ok(new Set(before).size > 4, 'the sends change the state');
    const signed = await readFile(nodePaths(home, 0).validatorState, 'utf8');

    const back = await depind('rollback --height 2 -o json');
    assert.equal(back.code, 0, back.err);
    const answer = { home, height: '2', app_hash: before[2], validators: 1 };
    assert.deepEqual(JSON.parse(back.out), answer);
    assert.deepEqual(await appHashes(), before.slice(0, 3));
    assert.equal(await readFile(nodePaths(home, 0).validatorState, 'utf8'), signed);

    const again = await start();
    const last = BigInt(before.length - 1);
    await again.localnet.waitForHeight(last + 2n, WAIT_MS);
    await stop();
    assert.deepEqual((await appHashes()).slice(0, before.length), before);
  });

  it('goes back one block when no height is given', async () => {
    const before = await appHashes();
    const back = await depind('rollback');
    assert.match(back.out, new RegExp(`at height ${before.length - 2}, AppHash ${before.at(-2)}`));
    assert.deepEqual(await appHashes(), before.slice(0, -1));
  });

  for (const [height, message] of [
    ['0', /--height: expected a height whose state is kept, 1 to \d+, got 0/],
    ['99999', /--height: expected a height whose state is kept, 1 to \d+, got 99999/],
    ['-1', /expected a whole number of 64 bits/],
  ] as const) {
    it(`refuses height ${height}`, async () => {
      const { code, err } = await depind(`rollback --height ${height}`);
      assert.equal(code, 1);
      assert.match(err, message);
    });
  }
});
