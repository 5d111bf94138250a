/** Prices that validators add to their votes become one price in the state: the whole way through a localnet. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FinalizeBlockRequest, ProcessProposalRequest } from '../chain/abci/types.ts';
import { ChainApplication } from '../chain/app/application.ts';
import { createNodeVerifier } from '../chain/app/nodeVerifier.ts';
import type { ServerVerifier } from '../chain/crypto/backend.ts';
import { defineModule, NO_GENESIS, NO_SERVICE } from '../chain/module/defineModule.ts';
import { item } from '../chain/state/collections.ts';
import { uint64Value } from '../chain/state/values.ts';
import {
  DEFAULT_CONSENSUS_PARAMS,
  type GenesisDocument,
  initLocalnet,
  Localnet,
  makeValidatorKeys,
  nodePaths,
  silentLogger,
} from '../localnet/index.ts';
import { BlockStore } from '../localnet/node/blockStore.ts';
import { openDatabase } from '../localnet/node/database.ts';
import { auth } from '../modules/auth/module.ts';
import { bank } from '../modules/bank/module.ts';
import { feegrant } from '../modules/feegrant/module.ts';
import { localAppState } from '../modules/genesis.ts';
import { staking } from '../modules/staking/module.ts';
import { upgrade } from '../modules/upgrade/module.ts';
import { addressOfEd25519, parseAddress } from '../wire/address.ts';
import { concatBytes, fromBigEndian, toBigEndian, toUtf8 } from '../wire/bytes.ts';
import { CommittedExtensions, VoteExtension } from '../wire/gen/depin/abci/v1/vote_extension.ts';
import { TEST_CHAIN_ID, type TestAccount, TestChain } from './support/testChain.ts';

const TIMEOUT_MS = 10_000;
const ENABLED_AT = 3n;
/** The first block whose transactions stand behind extensions. */
const FIRST_CARRIER = ENABLED_AT + 1n;
const MAX_PRICE = 1000n;
const MEDIAN = Uint8Array.of(1);

/** Each validator has its own price; the lower median of those of a block is in the state, and how many they were. */
const pricesAt = (price: bigint) =>
  defineModule('prices', {
    msg: NO_SERVICE,
    messages: {},
    query: NO_SERVICE,
    queries: {},
    genesis: NO_GENESIS,
    state: { median: item(1, uint64Value), count: item(2, uint64Value) },
    extendVote: () => toBigEndian(price, 2),
    verifyVoteExtension: (_, { extension }) =>
      extension.length === 2 && fromBigEndian(extension) <= MAX_PRICE,
    onVoteExtensions({ state, emitRaw }, votes) {
      const prices = votes.map(({ extension }) => fromBigEndian(extension));
      prices.sort((a, b) => (a < b ? -1 : 1));
      state.median.set(prices[(prices.length - 1) >> 1]!);
      state.count.set(BigInt(prices.length));
      emitRaw('priced', { count: `${prices.length}` });
    },
  });

const GENESIS_OF_OTHERS = ['upgrade', 'auth', 'bank', 'feegrant', 'staking'];

/** The median and the count after a height, undefined before there are any. */
async function priceAt(
  app: ChainApplication,
  height: bigint,
): Promise<[bigint, bigint] | undefined> {
  const read = async (key: number) => {
    const path = '/store/prices/key';
    const { value } = await app.query({ path, data: Uint8Array.of(key), height, prove: false });
    return value;
  };
  const median = await read(MEDIAN[0]!);
  return median.length === 0 ? undefined : [fromBigEndian(median), fromBigEndian(await read(2))];
}

/** What a test does to the application of a node. */
interface Watch {
  onProposal?(app: ChainApplication, request: ProcessProposalRequest): Promise<void>;
  onFinalize?(request: FinalizeBlockRequest): unknown;
}

function watched(app: ChainApplication, watch: Watch): ChainApplication {
  return new Proxy(app, {
    get(target, name) {
      if (name === 'processProposal') {
        return async (request: ProcessProposalRequest) => {
          await watch.onProposal?.(app, request);
          return app.processProposal(request);
        };
      }
      if (name === 'finalizeBlock') {
        return async (request: FinalizeBlockRequest) => {
          watch.onFinalize?.(request);
          return app.finalizeBlock(request);
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

describe('vote extensions in a localnet', () => {
  const validators = makeValidatorKeys(4, toUtf8('extensions'));
  let home: string;
  let genesis: GenesisDocument;
  let accounts: readonly TestAccount[];
  let verifier: ServerVerifier;
  let running: Localnet | undefined;
  let apps: ChainApplication[];

  before(async () => {
    accounts = (await TestChain.start()).accounts;
    ({ verifier } = await createNodeVerifier());
  });

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'depind-extensions-'));
    const appState = localAppState({
      accounts: accounts.map(({ address }) => ({
        address: parseAddress('depin', address),
        balance: 1_000_000_000n,
      })),
      validators: validators.map(({ validator: { publicKey } }, i) => ({
        moniker: `node${i}`,
        operator: addressOfEd25519(publicKey),
        consensusKey: publicKey,
        stake: 10_000_000n,
      })),
    });
    const kept = Object.entries(appState).filter(([name]) => GENESIS_OF_OTHERS.includes(name));
    genesis = {
      genesisTime: 1_750_000_000_000_000_000n,
      chainId: TEST_CHAIN_ID,
      initialHeight: 1n,
      consensusParams: {
        ...DEFAULT_CONSENSUS_PARAMS,
        abci: { voteExtensionsEnableHeight: ENABLED_AT },
      },
      validators: [],
      appHash: new Uint8Array(0),
      appState: JSON.stringify(Object.fromEntries(kept)),
    };
    await initLocalnet({ home, genesis, validators });
  });
  afterEach(async () => {
    await running?.stop();
    await rm(home, { recursive: true });
  });

  /** Four validators with these prices; what is watched is the first one's application. */
  async function start(prices: readonly bigint[], watch: Watch = {}): Promise<Localnet> {
    apps = [];
    running = await Localnet.start({
      genesis,
      home,
      validators,
      createApplication: async (index) => {
        const app = await ChainApplication.open({
          modules: [upgrade, auth, bank, feegrant, staking, pricesAt(prices[index]!)],
          accounts: auth,
          fees: bank,
          grants: feegrant,
          validators: staking,
          upgrades: { keeper: upgrade, upgrades: {} },
          bech32Prefix: 'depin',
          denom: 'udepin',
          store: { memory: true },
          verifier,
        });
        apps[index] = app;
        return index === 0 ? watched(app, watch) : app;
      },
      blockIntervalMs: 5,
      rpc: { host: '127.0.0.1', port: 0 },
      logger: silentLogger,
    });
    return running;
  }

  async function stored<T>(read: (store: BlockStore) => T): Promise<T> {
    await running!.stop();
    const path = join(nodePaths(home, 0).data, 'blockstore.db');
    const store = new BlockStore(await openDatabase(path));
    try {
      return read(store);
    } finally {
      await store.close();
    }
  }

  const pricesOf = (extensions: readonly { extension: Uint8Array }[]) =>
    extensions.map(({ extension }) => {
      const [part] = VoteExtension.decode(extension).modules;
      return part && fromBigEndian(part.extension);
    });

  it('brings what validators add into the state, from the enable height on', async () => {
    const localnet = await start([43n, 41n, 40n, 50n]);
    await localnet.waitForHeight(6n, TIMEOUT_MS);
    for (const app of apps) {
      assert.equal(await priceAt(app, FIRST_CARRIER - 1n), undefined);
      assert.deepEqual(await priceAt(app, FIRST_CARRIER), [41n, 4n]);
    }
    await stored((store) => {
      assert.equal(store.extensions(ENABLED_AT - 1n), undefined);
      assert.deepEqual(
        new Set(pricesOf(store.extensions(ENABLED_AT)!)),
        new Set([40n, 41n, 43n, 50n]),
      );
      assert.equal(store.block(ENABLED_AT)!.transactions.length, 0);
      assert.equal(store.block(FIRST_CARRIER)!.transactions.length, 1);
      const { txResults, events } = store.results(FIRST_CARRIER)!;
      assert.deepEqual([txResults[0]!.code, txResults[0]!.events], [0, []]);
      assert.ok(events.some(({ type }) => type === 'priced'));
    });
  });

  it('leaves the transactions behind them as they are, also when they are traced', async () => {
    let found: (request: FinalizeBlockRequest) => void;
    const carrier = new Promise<FinalizeBlockRequest>((resolve) => {
      found = resolve;
    });
    const localnet = await start([43n, 41n, 40n, 50n], {
      onFinalize: (each) => each.txs.length === 2 && found(each),
    });
    await localnet.waitForHeight(FIRST_CARRIER, TIMEOUT_MS);
    const tx = await payment(accounts[0]!, accounts[1]!);
    assert.equal((await localnet.broadcast(tx)).code, 0);
    const request = await carrier;
    await localnet.waitForHeight(request.height, TIMEOUT_MS);
    const app = apps[0]!;
    const { result } = app.trace(request, 1);
    assert.equal(result.code, 0, result.log);
    assert.deepEqual(app.trace(request, 0).steps, []);
    await stored((store) => {
      assert.deepEqual(store.results(request.height)!.txResults[1], result);
    });
  });

  it('goes on without a validator whose extension the others refuse', async () => {
    const localnet = await start([43n, 41n, 40n, MAX_PRICE + 1n]);
    await localnet.waitForHeight(7n, TIMEOUT_MS);
    for (const app of apps) assert.deepEqual(await priceAt(app, 6n), [41n, 3n]);
    await stored((store) => {
      const signed = (height: bigint) =>
        store.commit(height)!.signatures.filter(({ flag }) => flag === 2).length;
      assert.deepEqual([signed(ENABLED_AT - 1n), signed(ENABLED_AT), signed(6n)], [4, 3, 3]);
      assert.equal(
        pricesOf(store.extensions(6n)!).filter((price) => price !== undefined).length,
        3,
      );
    });
  });

  it('halts where too much power is refused, and says so', async () => {
    const localnet = await start([43n, 41n, MAX_PRICE + 1n, MAX_PRICE + 1n]);
    await assert.rejects(
      localnet.waitForHeight(ENABLED_AT, TIMEOUT_MS),
      /halted at height 3: the extensions of 2 of 4 precommits were refused/,
    );
  });

  it('votes for no proposal whose extensions are not those that were signed', async () => {
    const at = FIRST_CARRIER + 1n;
    const verdicts: [string, boolean][] = [];
    let earlier: readonly Uint8Array[] = [];
    const localnet = await start([43n, 41n, 40n, 50n], {
      async onProposal(app, request) {
        if (request.height === at - 1n) earlier = request.txs;
        if (request.height !== at) return;
        for (const [what, txs] of tamperings(request.txs, earlier)) {
          verdicts.push([what, (await app.processProposal({ ...request, txs })).accept]);
        }
      },
    });
    await localnet.waitForHeight(at, TIMEOUT_MS);
    assert.equal(verdicts.length, 9);
    for (const [what, accept] of verdicts) assert.equal(accept, what === 'as it is', what);
  });

  it('signs no second extension after a crash in the middle of a height', async () => {
    const at = 5n;
    const crashing = await start([43n, 41n, 40n, 50n], {
      onFinalize({ height }) {
        if (height === at) throw new Error('crash');
      },
    });
    await assert.rejects(crashing.waitForHeight(at, TIMEOUT_MS), /halted at height 5: crash/);
    await crashing.stop();
    const state = join(nodePaths(home, 3).data, 'priv_validator_state.json');
    assert.equal(JSON.parse(await readFile(state, 'utf8')).height, '5');
    const again = await start([143n, 141n, 140n, 150n]);
    await again.waitForHeight(at + 2n, TIMEOUT_MS);
    assert.deepEqual(await priceAt(apps[2]!, at + 1n), [41n, 4n]);
    assert.deepEqual(await priceAt(apps[2]!, at + 2n), [141n, 4n]);
    await stored((store) => {
      const prices = [at, at + 1n].map((height) =>
        pricesOf(store.extensions(height)!).includes(50n),
      );
      assert.deepEqual(prices, [true, false]);
    });
  });
});

/** The first transaction of an account: 5 udepin to another. */
function payment(from: TestAccount, to: TestAccount): Promise<Uint8Array> {
  const amount = [{ denom: 'udepin', amount: '5' }];
  const value = { fromAddress: from.address, toAddress: to.address, amount };
  return from.sign([{ typeUrl: '/cosmos.bank.v1beta1.MsgSend', value }], { sequence: 0 });
}

/** The transactions of a block and what a dishonest proposer could make of them. */
function* tamperings(
  [first, ...rest]: readonly Uint8Array[],
  earlier: readonly Uint8Array[],
): Iterable<[string, readonly Uint8Array[]]> {
  const altered = (change: (votes: CommittedExtensions['votes']) => void): Uint8Array[] => {
    const message = CommittedExtensions.decode(first!);
    change(message.votes);
    return [CommittedExtensions.encode(message).finish(), ...rest];
  };
  const none = new Uint8Array(0);
  yield ['as it is', [first!, ...rest]];
  yield ['no extensions', rest];
  yield ['extensions twice', [first!, first!, ...rest]];
  yield ['those of the block before', [...earlier, ...rest]];
  yield [
    'a wrong signature',
    altered(([vote]) => (vote!.signature = vote!.signature.map((b) => b ^ 1))),
  ];
  yield ['another price', altered(([vote, other]) => (vote!.extension = other!.extension))];
  yield ['a vote left out', altered((votes) => (votes[2] = { extension: none, signature: none }))];
  yield ['another order', altered((votes) => votes.reverse())];
  yield ['a field more', [concatBytes(first!, Uint8Array.of(0x18, 1)), ...rest]];
}
