import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../chain/descriptors/index.ts';
import { blockRequest } from '../chain/testing/blockRequest.ts';
import { createValidatorHome } from '../cli/localnet/create.ts';
import { main } from '../cli/main.ts';
import { openApplication } from '../cli/nodeHome.ts';
import { testTerminal } from '../cli/testing/terminal.ts';
import { Random } from '../localnet/fleet/random.ts';
import { readGenesis } from '../localnet/index.ts';
import { SimulatedChain } from '../sim/chain.ts';
import { checkExport } from '../sim/checkExport.ts';
import { depindComposition } from '../sim/composition.ts';
import { Planner } from '../sim/planner.ts';
import { toUtf8 } from '../wire/bytes.ts';
import { chainWithAccounts, type ExportMeasure, measureExport } from './support/manyAccounts.ts';

/** What an export may take on top, whatever the state's size: one piece of a list and what makes it. */
const MAX_GROWTH = 1_000_000;
/** Formatted addresses are remembered, 100,000 of them at most. */
const BYTES_REMEMBERED = 160;
const REMEMBERED = 100_000 * BYTES_REMEMBERED;
/** Their state as one object takes 2.7 MB. */
const ACCOUNTS = 5_000;

describe('the exported genesis', () => {
  it('is the same JSON as text in pieces, and starts a chain that answers the same', async () => {
    const composition = await depindComposition();
    const chain = await SimulatedChain.start(composition, 12);
    const planner = new Planner(chain, { random: Random.of('export'), operationsPerBlock: 10 });
    for (let i = 0; i < 12; i++) {
      const plan = planner.plan();
      planner.learn(await chain.execute(plan), plan);
    }
    const text = [...chain.app.exportGenesisText()].join('');
    assert.deepEqual(JSON.parse(text), chain.app.exportGenesis());
    assert.equal(await checkExport(chain), undefined);
    await chain.app.close();
  });

  it('does not grow in memory with the state', async () => {
    const app = await chainWithAccounts(ACCOUNTS);
    const { characters, heapGrowth } = measureExport(app);
    assert.ok(characters > 1_000_000, `${characters} characters`);
    assert.ok(
      heapGrowth < MAX_GROWTH + ACCOUNTS * BYTES_REMEMBERED,
      `the heap grew by ${heapGrowth} bytes`,
    );
    await app.close();
  });

  it('of many accounts takes no more memory than that of few', function () {
    const accounts = process.env.DEPIND_EXPORT_ACCOUNTS;
    if (accounts === undefined) return;
    this.timeout(600_000);
    const program = fileURLToPath(new URL('./support/manyAccounts.ts', import.meta.url));
    const [few, many] = ['2000', accounts].map((count) => {
      const flags = ['--max-old-space-size=160', '--import=tsx', program, count];
      return JSON.parse(
        execFileSync(process.execPath, flags, { encoding: 'utf8' }),
      ) as ExportMeasure;
    });
    assert.ok(many!.characters > 10 * few!.characters);
    assert.ok(
      many!.heapGrowth < MAX_GROWTH + REMEMBERED,
      `the heap grew by ${many!.heapGrowth} bytes`,
    );
  });

  it('is what `depind export` writes, with the height after it', async () => {
    const home = join(await mkdtemp(join(tmpdir(), 'depind-export-')), 'home');
    try {
      await createValidatorHome({ home, chainId: 'export-1', moniker: 'anna' });
      const { nodePaths } = await import('../localnet/index.ts');
      await runBlocks(home, 3);
      const terminal = testTerminal();
      assert.equal(await main(['export', '--home', home], terminal), 0, terminal.err());
      const genesis = JSON.parse(terminal.out()) as JsonObject;
      assert.equal(genesis.initial_height, '4');
      const file = join(home, 'genesis-2.json');
      const toFile = ['export', '--home', home, '--height', '2', '--output-document', file];
      assert.equal(await main(toFile, terminal), 0, terminal.err());
      const earlier = JSON.parse(await readFile(file, 'utf8')) as JsonObject;
      assert.equal(earlier.initial_height, '3');
      assert.deepEqual(Object.keys(earlier.app_state ?? {}), Object.keys(genesis.app_state ?? {}));
      const { chainId, genesisTime } = await readGenesis(file);
      assert.equal(chainId, 'export-1');
      // A chain that began at the first time again would find leases and epochs of its own future.
      const { genesisTime: first } = await readGenesis(nodePaths(home, 0).genesis);
      assert.equal(genesisTime, first + 1_000_000_000n);
      assert.equal(await main(['export', '--home', home, '--height', '9'], terminal), 1);
      assert.match(terminal.err(), /--height: kept are 1 to 3, got 9/);
    } finally {
      await rm(join(home, '..'), { recursive: true, force: true });
    }
  });
});

/** Drives the application of a home without a network. */
async function runBlocks(home: string, count: number): Promise<void> {
  const { nodePaths } = await import('../localnet/index.ts');
  const { openDepind } = await import('../modules/app.ts');
  const paths = nodePaths(home, 0);
  const genesis = await readGenesis(paths.genesis);
  const app = await openDepind({ store: { path: join(paths.data, 'application.db') } });
  const { genesisTime, chainId, consensusParams, initialHeight, appState } = genesis;
  await app.initChain({
    time: genesisTime,
    chainId,
    consensusParams,
    validators: [],
    appStateBytes: toUtf8(appState),
    initialHeight,
  });
  for (let i = 0; i < count; i++) {
    await app.finalizeBlock(
      blockRequest({
        height: initialHeight + BigInt(i),
        time: genesisTime + BigInt(i) * 1_000_000_000n,
      }),
    );
    await app.commit();
  }
  await app.close();
  const opened = await openApplication(home);
  assert.equal(opened.application.store.version, BigInt(count));
  await opened.application.close();
}
