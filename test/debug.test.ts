import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FinalizeBlockResponse } from '../chain/abci/types.ts';
import { readRecordedTx } from '../cli/debug/recordedTx.ts';
import { openApplication } from '../cli/nodeHome.ts';
import { type Outcome, run } from '../cli/testing/terminal.ts';
import { nodePaths } from '../localnet/index.ts';
import { heightKey, openDatabase, readSealed, sealedPut } from '../localnet/node/database.ts';
import { decodeRecord, encodeRecord } from '../localnet/node/records.ts';
import { toHex } from '../wire/bytes.ts';
import { startTestLocalnet, type TestLocalnet } from './support/localnet.ts';

interface Step {
  readonly kind: string;
  readonly collection?: string;
  readonly key?: unknown;
  readonly value?: unknown;
  readonly gas: number;
}

describe('depind debug', function () {
  this.timeout(60_000);
  let localnet: TestLocalnet;
  let folder = '';
  const hashes = { accepted: '', refused: '', later: '' };
  /** Heights of the same. */
  const heights = { accepted: 0n, later: 0n };

  let whileRunning:
    | Record<'trace' | 'roots' | 'diff' | 'exported' | 'rollback', Outcome>
    | undefined;

  const depind = (line: string): Promise<Outcome> =>
    run(line.split(' '), { env: { DEPIND_HOME: localnet.home } });

  /** Sends a transaction of alice and gives what is printed. */
  async function send(line: string): Promise<{ txhash: string; height: string }> {
    return JSON.parse((await depind(`tx bank send alice ${line} -y -o json`)).out);
  }

  before(async () => {
    localnet = await startTestLocalnet({ validators: 2 });
    folder = await mkdtemp(join(tmpdir(), 'depind-debug-'));
    const accepted = await send('bob 5000udepin --fees 7udepin');
    const refused = await send('bob 999999999999999udepin --gas 200000');
    const later = await send('carol 11udepin');
    hashes.accepted = accepted.txhash;
    hashes.refused = refused.txhash;
    hashes.later = later.txhash;
    heights.accepted = BigInt(accepted.height);
    heights.later = BigInt(later.height);
    const { TMPDIR } = process.env;
    process.env.TMPDIR = folder;
    whileRunning = {
      trace: await depind(`debug trace ${hashes.accepted} -o json`),
      roots: await depind('debug roots --height 2'),
      diff: await depind(`debug diff ${localnet.home}@0 ${localnet.home}@1`),
      exported: await depind('export'),
      rollback: await depind('rollback'),
    };
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    assert.deepEqual(await readdir(folder), [], 'copies are removed');
    await localnet.halt();
  });
  after(async () => {
    await localnet?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('traces a transaction: reads, writes, gas and events, and the same result as recorded', async () => {
    const { code, out, err } = await depind(`debug trace ${hashes.accepted} -o json`);
    assert.equal(code, 0, err);
    const report = JSON.parse(out);
    assert.deepEqual([report.code, report.equals_record, report.differences], [0, true, []]);
    const steps = report.steps as Step[];
    const paid = steps.reduce((sum, { gas }) => sum + gas, 0);
    assert.equal(paid, Number(report.gas_used), 'every unit of gas belongs to a step');
    const sums = Object.values(report.gas_by_operation as Record<string, number>);
    assert.equal(
      sums.reduce((sum, gas) => sum + gas, 0),
      paid,
    );
    const written = steps.filter(({ kind }) => kind === 'write');
    const balances = written.filter(({ collection }) => collection === 'bank.balances');
    assert.ok(balances.length >= 2);
    assert.match(JSON.stringify(balances[0]!.key), /depin1\w+ \([0-9a-f]{40}\).*udepin/);
    assert.match(String(balances[0]!.value), /^\d+$/);
    assert.ok(written.some(({ collection }) => collection === 'auth.accounts'));
    assert.ok(report.events.some(({ type }: { type: string }) => type === 'transfer'));
    assert.equal(report.gas_by_operation['ante verify: secp256k1'], 1000);
  });

  it('shows it to people, with the reason of a refused one', async () => {
    const { code, out } = await depind(`debug trace ${hashes.refused}`);
    assert.equal(code, 0);
    assert.match(out, /refused: sdk\/5: failed to execute message; message index: 0: .*funds/);
    assert.match(out, /auth\.accounts +depin1/);
    assert.match(out, /the same result as recorded/);
    assert.equal((await depind(`debug trace ${hashes.later} --validator 1`)).code, 0);
  });

  it('exits with 1 when the result is another one than recorded', async () => {
    const copy = join(folder, 'tampered');
    await cp(localnet.home, copy, { recursive: true });
    const database = await openDatabase(join(nodePaths(copy, 0).data, 'blockstore.db'));
    const key = `results/${heightKey(heights.accepted)}`;
    const results = decodeRecord<FinalizeBlockResponse>(readSealed(database, key)!);
    const txResults = results.txResults.map((tx) => ({
      ...tx,
      gasUsed: tx.gasUsed + 1n,
      log: '!',
    }));
    await database.batch([sealedPut(key, encodeRecord({ ...results, txResults }))]);
    await database.close();
    const { code, out } = await depind(`debug trace ${hashes.accepted} --home ${copy} -o json`);
    assert.equal(code, 1);
    const { differences, equals_record } = JSON.parse(out);
    assert.equal(equals_record, false);
    const fields = (differences as { field: string }[]).map(({ field }) => field);
    assert.deepEqual(fields, ['gas_used', 'log']);
    const text = await depind(`debug trace ${hashes.accepted} --home ${copy}`);
    assert.match(text.out, /ANOTHER RESULT than recorded:\n {2}gas_used: recorded \d+, now \d+/);
  });

  it('shows the root of each store at any kept height, the same on every validator', async () => {
    const roots = (words: string): Promise<Outcome> => depind(`debug roots ${words}`.trim());
    const [first, second] = await Promise.all(
      [0, 1].map((validator) => roots(`--height 2 --validator ${validator} -o json`)),
    );
    assert.equal(first!.out, second!.out);
    const { height, app_hash, stores } = JSON.parse(first!.out);
    assert.equal(height, '2');
    const { application } = await openApplication(localnet.home, 0);
    const state = application.store.at(2n);
    assert.equal(app_hash, toHex(state.appHash).toUpperCase());
    assert.deepEqual(
      stores.map(({ name, root }: { name: string; root: string }) => [name, root]),
      [...state.storeRoots].map(([name, root]) => [name, toHex(root)]),
    );
    const latest = application.store.version;
    await application.close();
    assert.match((await roots('')).out, new RegExp(`^height ${latest}, AppHash [0-9A-F]{64}\n`));
    const future = await roots('--height 99999');
    assert.equal(future.code, 1);
    assert.match(future.err, /--height: kept are \d+ to \d+, got 99999/);
  });

  it('looks into a copy while the network runs, and finds the same there; nothing is taken back then', async () => {
    const { trace, roots, diff, exported, rollback } = whileRunning!;
    for (const { code, err } of [trace, roots, diff, exported]) {
      assert.equal(code, 0, err);
      assert.match(
        err,
        /^the network of \S+ is running: this is a copy of its state at height \d+$/m,
      );
    }
    assert.equal(JSON.parse(trace.out).equals_record, true);
    assert.equal(roots.out, (await depind('debug roots --height 2')).out);
    assert.match(diff.out, /^the states are the same \(heights 1 to \d+ are kept by both\)/);
    const height = Number(JSON.parse(exported.out).initial_height) - 1;
    assert.equal(exported.out, (await depind(`export --height ${height}`)).out);
    assert.equal(rollback.code, 1);
    assert.match(rollback.err, /the network of \S+ is running: stop it first$/m);
  });

  it('says why it cannot trace', async () => {
    const copy = join(folder, 'rolledBack');
    await cp(localnet.home, copy, { recursive: true });
    await depind(`rollback --home ${copy} --height ${heights.accepted - 2n}`);
    for (const [line, message] of [
      [`debug trace ${'0'.repeat(64)}`, /tx not found in .*blockstore\.db: 0000/],
      ['debug trace xyz', /txhash: expected 64 hex digits, got "xyz"/],
      [`debug trace ${hashes.accepted} --validator 7`, /has 2 validators, counted from 0; got 7/],
      [`debug trace ${hashes.accepted} --home ${folder}`, /is no home of depind/],
      [
        `debug trace ${hashes.accepted} --home ${copy}`,
        /the state at height \d+, before the transaction's block, is not kept: kept are 1 to \d+/,
      ],
    ] as const) {
      const { code, err } = await depind(line);
      assert.equal(code, 1, line);
      assert.match(err, message);
    }
  });

  it('finds two states the same, and says of what heights', async () => {
    const { code, out } = await depind(`debug diff ${localnet.home}@0 ${localnet.home}@1`);
    assert.equal(code, 0, out);
    assert.match(out, /^the states are the same \(heights 1 to \d+ are kept by both\)/);
  });

  it('names the first height, store and key at which two states differ, with both values', async () => {
    const copy = join(folder, 'diverged');
    await cp(localnet.home, copy, { recursive: true });
    await divergeAt(copy, { hash: hashes.accepted, last: hashes.later });
    const line = `debug diff ${localnet.home} ${copy}@1`;
    const { code, out, err } = await depind(`${line} -o json --limit 50`);
    assert.equal(code, 1, err);
    const report = JSON.parse(out);
    assert.deepEqual(
      [report.equal, report.height, report.same_before],
      [false, heights.accepted.toString(), true],
    );
    const names = (report.stores as { name: string }[]).map(({ name }) => name);
    assert.deepEqual(names, ['acc', 'bank']);
    const account = report.entries.find((entry: Step) => entry.collection === 'auth.accounts');
    assert.match(JSON.stringify(account.a), /"sequence":"1"/);
    assert.match(JSON.stringify(account.b), /"sequence":"0"/);
    const balance = report.entries.find((entry: Step) => entry.collection === 'bank.balances');
    assert.match(JSON.stringify(balance), /depin1\w+ \(/);
    assert.notEqual(balance.a, balance.b);
    const text = await depind(line);
    assert.match(text.out, new RegExp(`the states differ from height ${heights.accepted} on`));
    assert.match(text.out, /bank: root [0-9a-f]{64} in a, [0-9a-f]{64} in b/);
    const same = await depind(`debug diff ${copy} ${copy}@0`);
    assert.match(same.err, /a and b are the same/);
  });
});

/** Executes a block of validator 1 again without its transactions, and the next ones up to the last as they were. */
async function divergeAt(
  home: string,
  { hash, last }: { readonly hash: string; readonly last: string },
): Promise<void> {
  const { data } = nodePaths(home, 0);
  const { request, height } = await readRecordedTx(data, hash.toLowerCase());
  const end = (await readRecordedTx(data, last.toLowerCase())).height;
  const { application } = await openApplication(home, 1);
  await application.rollbackTo(height - 1n);
  for (let next = height; next <= end; next++) {
    const time = request.time + (next - height);
    await application.finalizeBlock({ ...request, txs: [], height: next, time });
    await application.commit();
  }
  await application.close();
}
