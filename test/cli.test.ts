import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { NetworkFile } from '../cli/home.ts';
import type { BlockOutcome } from '../cli/localnet/counters.ts';
import { Counting } from '../cli/localnet/counting.ts';
import { main } from '../cli/main.ts';
import { type Outcome, run, type TerminalOptions, testTerminal } from '../cli/testing/terminal.ts';
import { bundleToCode } from '../lightclient/codes/index.ts';
import { bundleToText } from '../lightclient/index.ts';
import { startTestLocalnet, type TestLocalnet } from './support/localnet.ts';

/** The program against a running localnet, in this process. */
describe('depind against a localnet', function () {
  this.timeout(60_000);
  let localnet: TestLocalnet;
  before(async () => {
    localnet = await startTestLocalnet({ devices: 6 });
  });
  after(() => localnet?.stop());

  const depind = (line: string, options: TerminalOptions = {}): Promise<Outcome> =>
    run(line.split(' '), { env: { DEPIND_HOME: localnet.home }, ...options });

  /** What a command that must succeed prints as JSON. */
  async function json(line: string) {
    const { code, out, err } = await depind(`${line} -o json`);
    assert.equal(code, 0, `${line}: ${err}`);
    assert.equal(out.trim().split('\n').length, 1, 'one object on stdout');
    return JSON.parse(out);
  }

  it('sends coins, waits for the block, and finds the transaction again', async () => {
    const before = await json('query bank balance bob udepin');
    const sent = await json('tx bank send alice bob 5000udepin -y --fees 7udepin --note hello');
    assert.equal(sent.code, 0);
    assert.notEqual(sent.height, '0');
    assert.equal(sent.tx.body.memo, 'hello');
    assert.deepEqual(sent.tx.auth_info.fee.amount, [{ denom: 'udepin', amount: '7' }]);
    const after = await json('query bank balance bob udepin');
    assert.equal(BigInt(after.balance.amount) - BigInt(before.balance.amount), 5000n);
    assert.deepEqual(await json(`query tx ${sent.txhash}`), sent);
    const piped = { stdin: `${JSON.stringify({ txhash: sent.txhash })}\n` };
    const waited = await depind('query wait-tx -o json', piped);
    assert.deepEqual(JSON.parse(waited.out), sent);
  });

  it('exits with 1 when a transaction fails in its block, and still prints it', async () => {
    const failed = await depind(
      'tx bank send alice bob 999999999999999udepin -y --gas 200000 -o json',
    );
    assert.equal(failed.code, 1);
    const response = JSON.parse(failed.out);
    assert.deepEqual([response.codespace, response.code], ['sdk', 5]);
    assert.notEqual(response.height, '0');
    assert.match(failed.err, /transaction failed: .*insufficient funds \(sdk\/5\)/);
    assert.equal((await depind(`query tx ${response.txhash}`)).code, 1);
  });

  it('exits with 1 when a transaction fails its check, which does not wait', async () => {
    const wrong = '--sequence 99 --account-number 4 --gas 100000';
    const failed = await depind(`tx bank send alice bob 1udepin -y ${wrong} -o json`);
    assert.equal(failed.code, 1);
    assert.deepEqual([JSON.parse(failed.out).code, JSON.parse(failed.out).height], [32, '0']);
    assert.match(failed.err, /account sequence mismatch/);
  });

  it('refuses what cannot be sent before it is signed', async () => {
    for (const [line, message] of [
      ['tx bank send alice bob 999999999999999udepin -y', /the transaction would fail: .*sdk\/5/],
      ['tx bank send alice bob 1udepin', /pass -y \(--yes\)/],
      ['tx bank send alice cosmos1xyz 1udepin -y', /to: .*no key has this name/],
      [
        'tx bank send alice bob 1udepin -y --chain-id other-1',
        /--chain-id: expected depind-test-1/,
      ],
      ['tx bank send alice bob 1udepin -y --offline', /--offline: needs a limit by --gas/],
    ] as const) {
      const refused = await depind(line);
      assert.equal(refused.code, 1, line);
      assert.match(refused.err, message);
    }
  });

  it('signs offline what is handed in later, and simulates', async () => {
    const { account } = await json('query auth account carol');
    const numbers = `--account-number ${account.account_number} --sequence ${account.sequence}`;
    const line = `tx bank send carol bob 3udepin -y --offline --gas 150000 ${numbers}`;
    const signed = await json(line);
    assert.equal(signed.signatures.length, 1);
    const path = join(localnet.home, 'signed.json');
    await writeFile(path, JSON.stringify(signed));
    assert.equal((await json(`tx broadcast ${path} -y`)).code, 0);
    const unsigned = await json('tx bank send carol bob 3udepin --generate-only');
    assert.deepEqual(unsigned.signatures, []);
    assert.deepEqual(unsigned.body, signed.body);
    assert.match((await json('tx bank send carol bob 3udepin --dry-run')).gas_used, /^\d{5}$/);
  });

  it('runs derived messages and queries, with key names for addresses', async () => {
    const bought = await json(
      'tx credits buy 1000000udepin --from dave -y --gas-prices 0.01udepin',
    );
    assert.equal(bought.code, 0);
    assert.deepEqual(await json('query credits balance dave'), { credits: '100000' });
    const none = await depind('query devices show 00');
    assert.equal(none.code, 1);
    assert.match(none.err, /query failed: .*40 hex digits/);
    const { validators } = await json('query staking validators');
    assert.equal(validators.length, 4);
    const { block } = await json('query block 1');
    assert.equal(block.header.height, '1');
    const future = await depind('query bank balances bob --height 999999');
    assert.match(future.err, /cannot query with height in the future/);
  });

  it('shows status for programs and people', async () => {
    const status = await json('status');
    assert.equal(status.node_info.network, 'depind-test-1');
    assert.match((await depind('status')).out, /^chain: depind-test-1\nnode: /);
    const nobody = await depind('status --node http://localhost:1');
    assert.equal(nobody.code, 1);
    assert.match(nobody.err, /node http:\/\/localhost:1 cannot be reached/);
  });

  it('tells the hash when the block does not come in time', async () => {
    const hash = 'AB'.repeat(32);
    const late = await depind(`query wait-tx ${hash} --wait-timeout 50ms`);
    assert.equal(late.code, 1);
    assert.match(late.err, new RegExp(`transaction ${hash} is in no block after 50 ms`));
  });

  it('leaves a running localnet alone when started twice', async () => {
    const ports = '--rpc-port 0 --rest-port 0 --no-fleet';
    const second = await depind(`localnet start --home ${localnet.home} ${ports}`);
    assert.equal(second.code, 1);
    assert.match(second.err, /blockstore\.db cannot be used: .*another process holds it/);
    const file = await readFile(join(localnet.home, 'localnet.json'), 'utf8');
    assert.equal((JSON.parse(file) as NetworkFile).rpc, localnet.rpc);
  });

  it('serves the REST API on the port that it names', async () => {
    const answer = await fetch(`${localnet.rest}/cosmos/base/tendermint/v1beta1/node_info`);
    const { default_node_info: info } = (await answer.json()) as {
      default_node_info: { network: string };
    };
    assert.equal(info.network, 'depind-test-1');
  });

  it('counts what happened before it began to count', async () => {
    const { sync_info: sync } = await json('status');
    const height = BigInt(sync.latest_block_height);
    let tell: (block: BlockOutcome) => void = () => undefined;
    const counted = {
      rpcUrl: localnet.rpc,
      height: () => height,
      on(_event: 'block', listener: typeof tell) {
        tell = listener;
        return () => undefined;
      },
    };
    const counting = new Counting(counted, await mkdtemp(join(localnet.home, 'counting-')));
    tell({ height: height + 1n, results: [], events: [] });
    while (counting.counts.height <= height) await setTimeout(5);
    await counting.stop();
    const query = encodeURIComponent(`"tx.height<=${height}"`);
    const found = await fetch(`${localnet.rpc}/tx_search?query=${query}&per_page=1`);
    const { result } = (await found.json()) as { result: { total_count: string } };
    assert.equal(String(counting.counts.transactions), result.total_count);
    const { pagination } = await json(`query devices list --count-total --height ${height}`);
    assert.equal(String(counting.counts.devices), pagination.total);
  });

  describe('with a device that reports', () => {
    let deviceId: string;
    before(async () => {
      for (;;) {
        const { devices } = await json('query devices list');
        const found = devices.find((device: { last_batch: string }) => device.last_batch !== '0');
        if (found === undefined) continue;
        deviceId = found.id;
        // The header above proves the state.
        const { sync_info: now } = await json('status');
        while ((await json('status')).sync_info.latest_block_height === now.latest_block_height) {
          // Each answer takes longer than nothing.
        }
        return;
      }
    });

    it('verifies its newest report, step by step', async () => {
      const { verified, steps, report } = await json(`light verify-device ${deviceId}`);
      assert.equal(verified, true);
      assert.equal(steps.length, 8);
      assert.ok(steps.every((step: { ok: boolean }) => step.ok));
      assert.equal(report.device_id, deviceId);
      const text = await depind(`light verify-device ${deviceId}`);
      assert.match(text.out, /^✓ trusted header: .*✓ device signature: .*\nverified: report /s);
    });

    it('names the step that fails, and exits with 1', async () => {
      const { height } = localnet.trust;
      const trust = `--trust-height ${height} --trust-hash ${'00'.repeat(32)}`;
      const failed = await depind(`light verify-device ${deviceId} ${trust} -o json`);
      assert.equal(failed.code, 1);
      const { verified, steps, report } = JSON.parse(failed.out);
      assert.deepEqual([verified, report], [false, null]);
      assert.deepEqual([steps.at(-1).name, steps.at(-1).ok], ['trusted header', false]);
      const text = await depind(`light verify-device ${deviceId} ${trust}`);
      assert.match(text.out, /✗ trusted header: .*\n\nNOT VERIFIED: trusted header/);
    });

    it('writes the proof in one file, which is verified without a node', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'depind-proof-'));
      const file = join(folder, 'device.proof');
      const exported = await json(`light verify-device ${deviceId} --export-proof ${file}`);
      const { verified, report } = await json(`light verify-proof ${file} --device ${deviceId}`);
      assert.deepEqual([verified, report], [true, exported.report]);
      const other = await depind(`light verify-proof ${file} --device ${'00'.repeat(20)}`);
      assert.match(other.out, /NOT VERIFIED: store proof of the batch root/);
      const bytes = await readFile(file);
      for (const text of [bundleToText(bytes), bundleToCode(bytes)]) {
        await writeFile(file, `${text}\n`);
        assert.equal((await json(`light verify-proof ${file}`)).verified, true, text.slice(0, 20));
      }
      bytes[bytes.length - 1]! ^= 1;
      await writeFile(file, bytes);
      const changed = await depind(`light verify-proof ${file}`);
      assert.equal(changed.code, 1);
      assert.match(changed.out, /NOT VERIFIED/);
      await writeFile(file, 'c29tZXRoaW5n');
      assert.match((await depind(`light verify-proof ${file}`)).out, /expected one of version 1/);
      await writeFile(file, 'DEPIND:PROOF:A');
      assert.match((await depind(`light verify-proof ${file}`)).err, /cannot be read: .*base45/);
      assert.match((await depind(`light verify-proof ${folder}/none`)).err, /cannot be read/);
      await rm(folder, { recursive: true });
    });

    it('fails closed when the node serves nothing', async () => {
      const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as { port: number };
      const failed = await depind(
        `light verify-device ${deviceId} --node http://127.0.0.1:${port}`,
      );
      server.close();
      assert.equal(failed.code, 1);
      assert.match(failed.out, /NOT VERIFIED: trusted header/);
    });

    it('needs to know what to trust', async () => {
      const env = { DEPIND_HOME: '/nonexistent' };
      const line = `light verify-device ${deviceId} --node ${localnet.rpc} --chain-id depind-test-1`;
      assert.match((await depind(line, { env })).err, /--trust-height and --trust-hash: needed/);
      assert.match(
        (await depind('light verify-device xy')).err,
        /expected 40 hex digits, got "xy"/,
      );
    });
  });
});

/** The program as a process of its own. */
describe('the depind process', function () {
  this.timeout(60_000);
  let folder: string;
  const children: ChildProcess[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'depind-process-'));
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  function start(...arguments_: string[]) {
    const child = spawn(process.execPath, ['--import=tsx', 'cli/run.ts', ...arguments_]);
    children.push(child);
    const written = { out: '', err: '' };
    child.stdout.on('data', (chunk) => {
      written.out += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      written.err += String(chunk);
    });
    const exit = once(child, 'close').then(([code]) => ({ code, ...written }));
    const line = once(child.stdout, 'data').then(() => JSON.parse(written.out) as NetworkFile);
    return { child, exit, line };
  }

  const localnetLine = (home: string): string[] =>
    `localnet start --home ${home} --rpc-port 0 --rest-port 0 --block-time 50ms --no-fleet --validators 1 -o json`.split(
      ' ',
    );

  async function appHashAt(rpc: string, height: number): Promise<string> {
    const answer = await fetch(`${rpc}/block?height=${height}`);
    const { result } = (await answer.json()) as {
      result: { block: { header: { app_hash: string } } };
    };
    return result.block.header.app_hash;
  }

  it('says why it halts, and exits with 1, when its home is gone', async () => {
    const home = join(folder, 'vanishing');
    const network = start(...localnetLine(home));
    await network.line;
    await rename(home, `${home}-gone`);
    const { code, err } = await network.exit;
    assert.equal(code, 1, err);
    assert.match(err, /^error: halted at height \d+: ENOENT: .*vanishing/m);
  });

  it('makes a localnet, stops when asked with exit code 0, and goes on where it was', async () => {
    const home = join(folder, 'net');
    const first = start(...localnetLine(home));
    const network = await first.line;
    assert.deepEqual(JSON.parse(await readFile(join(home, 'localnet.json'), 'utf8')), network);
    assert.equal(network.accounts.length, 5);
    const { height } = network.trust;
    const block = await fetch(`${network.rpc}/block?height=${height}`);
    const { result } = (await block.json()) as { result: { block_id: { hash: string } } };
    assert.equal(result.block_id.hash, network.trust.hash);
    const appHash = await appHashAt(network.rpc, height);
    const env = { DEPIND_HOME: home };
    const sent = await run('tx bank send alice bob 5udepin -y'.split(' '), { env });
    assert.equal(sent.code, 0, sent.err);
    first.child.kill('SIGINT');
    const ended = await first.exit;
    assert.equal(ended.code, 0, ended.err);
    assert.match(ended.err, /height \d+ · 1 transactions/);

    // The second run shares this process, which loads it all faster than a new one.
    const terminal = testTerminal();
    const second = main(localnetLine(home), terminal);
    while (terminal.out() === '') await setTimeout(10);
    const again = JSON.parse(terminal.out()) as NetworkFile;
    assert.ok(again.trust.height > height, 'goes on from the stored height');
    assert.equal(await appHashAt(again.rpc, height), appHash);
    terminal.interrupt();
    assert.equal(await second, 0, terminal.err());
    assert.match(terminal.err(), /height \d+ · 1 transactions/);

    const genesis = join(home, 'node0', 'config', 'genesis.json');
    const text = await readFile(genesis, 'utf8');
    await writeFile(genesis, text.replace('"initial_height": "1"', '"initial_height": "one"'));
    const corrupt = await run(localnetLine(home));
    assert.equal(corrupt.code, 1);
    assert.match(corrupt.err, /^error: genesis file \S+: genesis\.initial_height: expected .*\n$/);
  });

  it('prints results on stdout alone, and exits with 1 on failure', async () => {
    const [version, failed] = await Promise.all([
      start('version', '-o', 'json').exit,
      start('status', '--node', 'http://localhost:1', '-o', 'json').exit,
    ]);
    assert.deepEqual([version.code, version.err], [0, '']);
    assert.equal(JSON.parse(version.out).name, 'depind');
    assert.deepEqual([failed.code, failed.out], [1, '']);
    assert.match(failed.err, /^error: node .* cannot be reached/);
  });
});
