import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../testing/terminal.ts';
import { listenError, shownUrl } from './ports.ts';

describe('homes', function () {
  this.timeout(60_000);
  let folder: string;
  let home: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'depind-home-'));
    home = join(folder, 'net');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const init = (...flags: string[]) =>
    run(['localnet', 'init', '--home', home, '--validators', '1', ...flags]);

  it('are made whole, with genesis, keys and marker', async () => {
    const made = await init('-o', 'json');
    assert.equal(made.code, 0, made.err);
    const { kind, chainId, validators, seed } = JSON.parse(made.out);
    assert.deepEqual(
      [kind, chainId, validators, seed],
      ['localnet', 'depind-localnet-1', 1, 'depind'],
    );
    const genesis = JSON.parse(
      await readFile(join(home, 'node0', 'config', 'genesis.json'), 'utf8'),
    );
    assert.equal(genesis.chain_id, 'depind-localnet-1');
    assert.equal(genesis.app_state.staking.validators[0].description.moniker, 'north');
    assert.deepEqual((await readdir(folder)).sort(), ['net'], 'no draft is left');
    assert.match((await init()).err, /is a home already/);
  });

  it('are not made with a chain id that no start would take', async () => {
    for (const id of ['', 'x'.repeat(51)]) {
      const refused = await run(['localnet', 'init', '--home', home, '--chain-id', id]);
      assert.match(refused.err, /genesis\.chain_id: expected a text of 1 to 50 bytes, got /);
      assert.equal(refused.code, 1);
      assert.deepEqual(await readdir(folder), [], 'nothing is left');
    }
  });

  it('name who plans upgrades in their genesis', async () => {
    const authority = async (node = 'node0'): Promise<string> => {
      const path = join(home, node, 'config', 'genesis.json');
      return JSON.parse(await readFile(path, 'utf8')).app_state.upgrade.authority;
    };
    await init();
    assert.equal(await authority(), '');
    const start = ['localnet', 'start', '--home', home, '--rpc-port', '0', '--rest-port', '0'];
    assert.match(
      (await run([...start, '--authority', 'alice'])).err,
      /--authority: .* has the module gov's, got depin1\w+ \(--reset begins anew\)/,
    );
    const unknown = await init('--reset', '--authority', 'zoe');
    assert.match(unknown.err, /--authority: .*no account .* has this name: alice, .* validator0\)/);
    assert.equal(await authority(), '', 'what is refused deletes nothing');
    for (const name of ['alice', 'validator0']) {
      assert.equal((await init('--reset', '--authority', name)).code, 0);
      const shown = await run(['keys', 'show', name, '-a', '--home', home]);
      assert.equal(await authority(), shown.out.trim());
    }
    const address = await authority();
    assert.equal((await init('--reset', '--authority', address)).code, 0);
    assert.equal(await authority(), address);
  });

  it('give the same keys for one seed, and others without', async () => {
    const keyOf = async (...flags: string[]): Promise<string> => {
      assert.equal((await init('--reset', ...flags)).code, 0);
      return readFile(join(home, 'node0', 'config', 'priv_validator_key.json'), 'utf8');
    };
    assert.equal(await keyOf('--seed', 'a'), await keyOf('--seed', 'a'));
    assert.notEqual(await keyOf('--seed', 'a'), await keyOf());
  });

  it('are deleted by --reset only where a marker stands', async () => {
    await mkdir(home);
    await writeFile(join(home, 'precious.txt'), 'mine');
    const refused = await init('--reset');
    assert.equal(refused.code, 1);
    assert.match(refused.err, /is no home of depind .* not deleted/);
    assert.match((await init()).err, /is not empty, and no home of depind/);
    assert.ok(existsSync(join(home, 'precious.txt')));
  });

  it('that cannot be written name their path', async () => {
    await writeFile(home, 'a file, no folder');
    home = join(home, 'inner');
    const refused = await init();
    assert.equal(refused.code, 1);
    assert.match(refused.err, new RegExp(`error: ${folder}/net (is not a folder|exists already)`));
  });

  it('refuse flags that they contradict', async () => {
    await init();
    const ports = ['--rpc-port', '0', '--rest-port', '0'];
    const start = ['localnet', 'start', '--home', home, ...ports, '--validators', '3'];
    assert.match((await run(start)).err, /--validators: .* has 1, got 3/);
  });

  it('with a marker that is none name the file', async () => {
    await init();
    await writeFile(join(home, 'depind.json'), '{}');
    assert.match((await init('--reset')).err, /depind\.json: expected kind, chainId/);
  });

  it('belong to one validator after init', async () => {
    const made = await run(['init', 'anna', '--chain-id', 'anna-1', '--home', home, '-o', 'json']);
    assert.equal(made.code, 0, made.err);
    assert.deepEqual(JSON.parse(made.out), { home, chain_id: 'anna-1', moniker: 'anna' });
    const listed = await run(['keys', 'list', '--home', home]);
    assert.match(listed.out, /operator {2}depin1/);
    assert.match(
      (await run(['init', 'x'.repeat(71), '--home', home])).err,
      /moniker: expected 1 to 70/,
    );
    const own = join(folder, 'own');
    assert.equal((await run(['init', 'anna', '--home', own, '--authority', 'operator'])).code, 0);
    const genesis = JSON.parse(await readFile(join(own, 'node0/config/genesis.json'), 'utf8'));
    const operator = await run(['keys', 'show', 'operator', '-a', '--home', own]);
    assert.equal(genesis.app_state.upgrade.authority, operator.out.trim());
    assert.match((await run(['start', '--home', folder])).err, /is no home of depind/);
  });
});

describe('ports', () => {
  it('in use are named before a home is made', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const home = join(tmpdir(), `depind-never-${port}`);
    try {
      for (const [flag, other, name] of [
        ['--rpc-port', '--rest-port', 'RPC'],
        ['--rest-port', '--rpc-port', 'REST'],
      ] as const) {
        const ports = [flag, String(port), other, '0'];
        const refused = await run(['localnet', 'start', '--home', home, ...ports]);
        assert.deepEqual(refused, {
          code: 1,
          out: '',
          err: `error: ${name} port ${port} is in use\n`,
        });
      }
      assert.ok(!existsSync(home));
    } finally {
      server.close();
    }
  });

  it('are shown as people type them', () => {
    assert.equal(shownUrl('127.0.0.1', 1), 'http://localhost:1');
    assert.equal(shownUrl('0.0.0.0', 1), 'http://localhost:1');
    assert.equal(shownUrl('192.0.2.7', 1), 'http://192.0.2.7:1');
    assert.equal(shownUrl('fe80::1', 1), 'http://[fe80::1]:1');
    const cause = Object.assign(new Error('x'), { code: 'EADDRNOTAVAIL' });
    const place = { host: '9.9.9.9', port: 1 };
    assert.equal(listenError('RPC', place, cause), 'RPC cannot listen on 9.9.9.9:1: EADDRNOTAVAIL');
  });
});
