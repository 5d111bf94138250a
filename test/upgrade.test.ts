import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GeneratedType } from '@cosmjs/proto-signing';
import { ChainApplication } from '../chain/app/application.ts';
import { UpgradeHalt, type Upgrades } from '../chain/app/upgrades.ts';
import { defineModule, type Module, NO_GENESIS } from '../chain/module/defineModule.ts';
import { item, map } from '../chain/state/collections.ts';
import { integerValue, uint64Value } from '../chain/state/values.ts';
import { blockRequest } from '../chain/testing/blockRequest.ts';
import { QUIET } from '../chain/testing/quiet.ts';
import {
  DEFAULT_CONSENSUS_PARAMS,
  type GenesisDocument,
  initLocalnet,
  Localnet,
  makeValidatorKeys,
  nodePaths,
  silentLogger,
  type ValidatorKeys,
} from '../localnet/index.ts';
import { auth } from '../modules/auth/module.ts';
import { bank } from '../modules/bank/module.ts';
import { feegrant } from '../modules/feegrant/module.ts';
import { localAppState } from '../modules/genesis.ts';
import { staking } from '../modules/staking/module.ts';
import { upgrade } from '../modules/upgrade/module.ts';
import { addressOfEd25519, parseAddress } from '../wire/address.ts';
import {
  QueryModuleVersionsRequest,
  QueryModuleVersionsResponse,
} from '../wire/gen/cosmos/upgrade/v1beta1/query.ts';
import { MsgSoftwareUpgrade } from '../wire/gen/cosmos/upgrade/v1beta1/tx.ts';
import { textKey } from '../wire/keys.ts';
import { TEST_CHAIN_ID, type TestAccount, TestChain } from './support/testChain.ts';

const CORE = [upgrade, auth, bank, feegrant, staking];
const HEIGHT = 6n;

/** Counts blocks as 8 bytes under prefix 1. */
const counterV1 = defineModule('counter', {
  ...QUIET,
  state: { counts: map(1, textKey, uint64Value) },
  endBlock: ({ state }) => state.counts.set('blocks', (state.counts.get('blocks') ?? 0n) + 1n),
});

const OLD_COUNTS = map(1, textKey, uint64Value);

/** Counts blocks as decimal text under prefix 2. */
const counterV2 = defineModule('counter', {
  ...QUIET,
  version: 2,
  migrations: {
    2({ state, open }) {
      const old = open(OLD_COUNTS);
      for (const [key, count] of [...old.entries()]) {
        state.totals.set(key, count);
        old.delete(key);
      }
    },
  },
  state: { totals: map(2, textKey, integerValue) },
  endBlock: ({ state }) => state.totals.set('blocks', (state.totals.get('blocks') ?? 0n) + 1n),
  views: ({ state }) => ({ blocks: (): bigint => state.totals.must('blocks') }),
});

/** Comes with the upgrade, in a store of its own. */
const memo = defineModule('memo', {
  ...QUIET,
  state: { since: item(1, uint64Value), extra: item(2, uint64Value) },
  genesis: {
    type: NO_GENESIS.type,
    default: {},
    init: ({ state, height }) => state.since.set(height),
    export: () => ({}),
  },
  api: ({ state }) => ({ keep: (value: bigint): void => state.extra.set(value) }),
  views: ({ state }) => ({ kept: () => [state.since.must(), state.extra.must()] }),
});

const V2: Upgrades = {
  v2: { addedStores: ['memo'], run: (offers) => offers(memo).keep(offers(counterV2).blocks()) },
};

interface Program {
  readonly modules: readonly Module[];
  readonly upgrades: Upgrades;
  readonly skippedHeights?: readonly bigint[];
}

const FIRST: Program = { modules: [...CORE, counterV1], upgrades: {} };
const SECOND: Program = { modules: [...CORE, counterV2, memo], upgrades: V2 };

describe('upgrades', () => {
  let folder: string;
  let open: ChainApplication | undefined;
  let alice: TestAccount;

  before(async () => {
    [alice] = (await TestChain.start()).accounts as [TestAccount];
    alice.registry.register(
      `/${MsgSoftwareUpgrade.$type}`,
      MsgSoftwareUpgrade as unknown as GeneratedType,
    );
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'depind-upgrade-'));
    alice.sequence = 0;
  });

  afterEach(async () => {
    await open?.close();
    open = undefined;
    rmSync(folder, { recursive: true });
  });

  async function run({ modules, upgrades, skippedHeights }: Program): Promise<ChainApplication> {
    await open?.close();
    open = undefined;
    open = await ChainApplication.open({
      modules,
      accounts: auth,
      fees: bank,
      grants: feegrant,
      upgrades: { keeper: upgrade, upgrades, skippedHeights },
      bech32Prefix: 'depin',
      denom: 'udepin',
      store: { path: folder },
    });
    return open;
  }

  async function block(app: ChainApplication, txs: readonly Uint8Array[] = []): Promise<void> {
    const height = app.store.version + 1n;
    const { txResults } = await app.finalizeBlock(
      blockRequest({
        txs,
        height,
        time: height * 1_000_000_000n,
      }),
    );
    for (const { log, code } of txResults) assert.equal(code, 0, log);
    await app.commit();
  }

  /** A chain with a plan, up to the height before it. */
  async function chainWithPlan(until = HEIGHT - 1n): Promise<ChainApplication> {
    const app = await run(FIRST);
    const { initRequest } = await TestChain.start();
    const { auth, bank, staking } = JSON.parse(Buffer.from(initRequest!.appStateBytes).toString());
    const authorized = { auth, bank, staking, upgrade: { authority: alice.address } };
    const appStateBytes = Buffer.from(JSON.stringify(authorized));
    await app.initChain({ ...initRequest!, time: 0n, appStateBytes });
    await block(app);
    const plan = { name: 'v2', height: HEIGHT, info: 'see the notes' };
    const value = MsgSoftwareUpgrade.fromPartial({ authority: alice.address, plan });
    await block(app, [await alice.sign([{ typeUrl: `/${MsgSoftwareUpgrade.$type}`, value }])]);
    while (app.store.version < until) await block(app);
    return app;
  }

  async function versions(app: ChainApplication): Promise<Record<string, bigint>> {
    const answer = await app.query({
      path: '/cosmos.upgrade.v1beta1.Query/ModuleVersions',
      data: QueryModuleVersionsRequest.encode({ moduleName: '' }).finish(),
      height: 0n,
      prove: false,
    });
    const { moduleVersions } = QueryModuleVersionsResponse.decode(answer.value);
    return Object.fromEntries(moduleVersions.map(({ name, version }) => [name, version]));
  }

  it('halts a program that does not know the plan, as often as it is started (UPG-3)', async () => {
    const app = await chainWithPlan();
    const hash = app.store.appHash;
    for (let start = 0; start < 2; start++) {
      await assert.rejects(block(await run(FIRST)), (error) => {
        assert.ok(error instanceof UpgradeHalt);
        assert.equal(error.message, 'UPGRADE "v2" NEEDED at height: 6: see the notes');
        assert.equal(error.needed?.name, 'v2');
        return true;
      });
    }
    assert.deepEqual((await run(FIRST)).store.appHash, hash);
  });

  it('migrates, adds the store of a new module and goes on (UPG-4)', async () => {
    await chainWithPlan();
    assert.deepEqual(await versions(open!), {
      auth: 5n,
      bank: 4n,
      counter: 1n,
      feegrant: 2n,
      staking: 5n,
      upgrade: 2n,
    });
    let app = await run(SECOND);
    await block(app);
    assert.equal((await app.info()).appVersion, 1n);
    const after = await versions(app);
    assert.deepEqual([after.counter, after.memo, after.bank], [2n, 1n, 4n]);
    app = await run(SECOND);
    await block(app);
    const counts = app.store.at(7n).store('counter').get(Buffer.from('\x02blocks'));
    assert.equal(Buffer.from(counts!).toString(), '7');
    assert.equal(app.store.at(7n).store('counter').get(Buffer.from('\x01blocks')), undefined);
    const kept = app.store.at(7n).store('memo');
    assert.deepEqual([...kept.get(Uint8Array.of(1))!], [0, 0, 0, 0, 0, 0, 0, 6]);
    assert.deepEqual([...kept.get(Uint8Array.of(2))!], [0, 0, 0, 0, 0, 0, 0, 5]);
    assert.deepEqual(
      [...app.store.roots(5n).keys()].includes('memo'),
      false,
      'the version before the upgrade has no such store',
    );
    assert.ok(app.store.roots(6n).has('memo'));
  });

  it('comes to one AppHash on every node, also with a restart in between', async () => {
    await chainWithPlan();
    const hashes: string[] = [];
    for (const _ of [1, 2]) {
      const app = await run(SECOND);
      await block(app);
      hashes.push(Buffer.from(app.store.appHash).toString('hex'));
      await app.rollbackTo(5n);
    }
    assert.equal(hashes[0], hashes[1]);
  });

  it('halts a program that knows the plan too early (UPG-5)', async () => {
    await chainWithPlan(3n);
    await assert.rejects(
      block(await run(SECOND)),
      /^UpgradeHalt: BINARY UPDATED BEFORE TRIGGER! UPGRADE "v2" - in binary but not executed on chain/,
    );
  });

  it('halts a program that is older than the last upgrade (UPG-5)', async () => {
    await chainWithPlan();
    const without = { modules: [...CORE, counterV2], upgrades: { v2: {} } };
    await block(await run(without));
    await assert.rejects(
      block(await run({ ...without, upgrades: {} })),
      /wrong app version 1, upgrade handler is missing for v2 upgrade plan/,
    );
    await block(await run(without));
  });

  it('halts a program that takes the state of a module in another version (UPG-7)', async () => {
    const app = await chainWithPlan(1n);
    const hash = app.store.appHash;
    const edited = { modules: [...CORE, counterV2], upgrades: {} };
    for (let start = 0; start < 2; start++) {
      await assert.rejects(
        block(await run(edited)),
        /^UpgradeHalt: module counter: its state has version 1, this program takes version 2; an upgrade/,
      );
    }
    assert.deepEqual((await run(FIRST)).store.appHash, hash);
    await block(open!);
  });

  it('passes over a height that operators agreed to skip (UPG-6)', async () => {
    await chainWithPlan();
    const app = await run({ ...FIRST, skippedHeights: [HEIGHT] });
    await block(app);
    await block(await run(FIRST));
    assert.deepEqual((await versions(open!)).counter, 1n);
  });

  it('refuses a new store that no upgrade names', async () => {
    await chainWithPlan();
    await assert.rejects(
      run({ ...SECOND, upgrades: { v2: {} } }),
      /its stores differ: .*in this program only \[memo\]/,
    );
  });
});

describe('a localnet', function () {
  this.timeout(60_000);

  it('halts with the words of the plan, and goes on as the program that knows it', async () => {
    const home = mkdtempSync(join(tmpdir(), 'depind-upgrade-net-'));
    const [alice] = (await TestChain.start()).accounts as [TestAccount];
    const validators = makeValidatorKeys(2);
    const genesis = genesisOf(alice, validators);
    await initLocalnet({ home, genesis, validators });
    const start = ({ modules, upgrades }: Program) =>
      Localnet.start({
        genesis,
        home,
        validators,
        createApplication: (index) =>
          ChainApplication.open({
            modules,
            accounts: auth,
            fees: bank,
            grants: feegrant,
            upgrades: { keeper: upgrade, upgrades },
            bech32Prefix: 'depin',
            denom: 'udepin',
            store: { path: join(nodePaths(home, index).data, 'application.db') },
          }),
        blockIntervalMs: 20,
        rpc: { host: '127.0.0.1', port: 0 },
        logger: silentLogger,
      });
    const first = await start(FIRST);
    const halted = new Promise<Error>((resolve) => first.on('halt', resolve));
    await first.waitForHeight(1n, 10_000);
    const height = first.height() + 6n;
    const plan = { name: 'v2', height, info: 'see the notes' };
    const value = MsgSoftwareUpgrade.fromPartial({ authority: alice.address, plan });
    const registry = alice.registry;
    registry.register(URL_OF_PLAN, MsgSoftwareUpgrade as unknown as GeneratedType);
    const tx = await alice.sign([{ typeUrl: URL_OF_PLAN, value }], { sequence: 0 });
    assert.equal((await first.broadcast(tx)).code, 0);
    assert.match(
      (await halted).message,
      new RegExp(`UPGRADE "v2" NEEDED at height: ${height}: see the notes`),
    );
    await first.stop();
    const second = await start(SECOND);
    await second.waitForHeight(height + 2n, 10_000);
    await second.stop();
    rmSync(home, { recursive: true });
  });
});

const URL_OF_PLAN = `/${MsgSoftwareUpgrade.$type}`;

function genesisOf(account: TestAccount, validators: readonly ValidatorKeys[]): GenesisDocument {
  const state = localAppState({
    accounts: [{ address: parseAddress('depin', account.address), balance: 1_000_000_000n }],
    validators: validators.map(({ validator }, i) => ({
      moniker: `node${i}`,
      operator: addressOfEd25519(validator.publicKey),
      consensusKey: validator.publicKey,
      stake: 10_000_000n,
    })),
    authority: account.address,
  });
  const { auth, bank, staking, upgrade } = state;
  return {
    genesisTime: BigInt(Date.now() - 1000) * 1_000_000n,
    chainId: TEST_CHAIN_ID,
    initialHeight: 1n,
    consensusParams: DEFAULT_CONSENSUS_PARAMS,
    validators: [],
    appHash: new Uint8Array(0),
    appState: JSON.stringify({ auth, bank, staking, upgrade }),
  };
}
