/** A localnet of four validators that add prices to their votes, for the tests of vote extensions. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FinalizeBlockRequest, ProcessProposalRequest } from '../../chain/abci/types.ts';
import { ChainApplication } from '../../chain/app/application.ts';
import { createNodeVerifier } from '../../chain/app/nodeVerifier.ts';
import { defineModule, NO_GENESIS, NO_SERVICE } from '../../chain/module/defineModule.ts';
import { item } from '../../chain/state/collections.ts';
import { uint64Value } from '../../chain/state/values.ts';
import {
  DEFAULT_CONSENSUS_PARAMS,
  type GenesisDocument,
  initLocalnet,
  Localnet,
  makeValidatorKeys,
  nodePaths,
  silentLogger,
} from '../../localnet/index.ts';
import { BlockStore } from '../../localnet/node/blockStore.ts';
import { openDatabase } from '../../localnet/node/database.ts';
import { auth } from '../../modules/auth/module.ts';
import { bank } from '../../modules/bank/module.ts';
import { feegrant } from '../../modules/feegrant/module.ts';
import { localAppState } from '../../modules/genesis.ts';
import { staking } from '../../modules/staking/module.ts';
import { upgrade } from '../../modules/upgrade/module.ts';
import { addressOfEd25519, parseAddress } from '../../wire/address.ts';
import { fromBigEndian, toBigEndian, toUtf8 } from '../../wire/bytes.ts';
import { TEST_CHAIN_ID, type TestAccount } from './testChain.ts';

/** The first height whose votes carry prices. */
export const ENABLED_AT = 3n;
/** What validators take of each other. */
export const MAX_PRICE = 1000n;

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

const OTHERS = [upgrade, auth, bank, feegrant, staking];

/** The median and the count after a height, undefined before there are any. */
export async function priceAt(
  app: ChainApplication,
  height: bigint,
): Promise<[median: bigint, count: bigint] | undefined> {
  const read = async (key: number) => {
    const path = '/store/prices/key';
    const { value } = await app.query({ path, data: Uint8Array.of(key), height, prove: false });
    return value;
  };
  const median = await read(1);
  return median.length === 0 ? undefined : [fromBigEndian(median), fromBigEndian(await read(2))];
}

/** What a test sees of the first validator's application, before it answers. */
export interface Watch {
  onProposal?(app: ChainApplication, request: ProcessProposalRequest): Promise<void>;
  onFinalize?(request: FinalizeBlockRequest): unknown;
}

export class PricesNetwork {
  readonly home: string;
  /** By validator; those of the last start. */
  readonly apps: ChainApplication[] = [];
  readonly #genesis: GenesisDocument;
  readonly #validators = makeValidatorKeys(4, toUtf8('extensions'));
  #running: Localnet | undefined;

  private constructor(home: string, accounts: readonly TestAccount[]) {
    this.home = home;
    this.#genesis = {
      genesisTime: 1_750_000_000_000_000_000n,
      chainId: TEST_CHAIN_ID,
      initialHeight: 1n,
      consensusParams: {
        ...DEFAULT_CONSENSUS_PARAMS,
        abci: { voteExtensionsEnableHeight: ENABLED_AT },
      },
      validators: [],
      appHash: new Uint8Array(0),
      appState: JSON.stringify(this.#appState(accounts)),
    };
  }

  /** A home with keys and a genesis in which these accounts are funded, in their order. */
  static async create(accounts: readonly TestAccount[]): Promise<PricesNetwork> {
    const home = await mkdtemp(join(tmpdir(), 'depind-extensions-'));
    const network = new PricesNetwork(home, accounts);
    await initLocalnet({ home, genesis: network.#genesis, validators: network.#validators });
    return network;
  }

  /** Starts the validators with these prices, and with states that are built by replay. */
  async start(prices: readonly bigint[], watch: Watch = {}): Promise<Localnet> {
    const { verifier } = await createNodeVerifier();
    this.#running = await Localnet.start({
      genesis: this.#genesis,
      home: this.home,
      validators: this.#validators,
      createApplication: async (index) => {
        const app = await ChainApplication.open({
          modules: [...OTHERS, pricesAt(prices[index]!)],
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
        this.apps[index] = app;
        return index === 0 ? watched(app, watch) : app;
      },
      blockIntervalMs: 5,
      rpc: { host: '127.0.0.1', port: 0 },
      logger: silentLogger,
    });
    return this.#running;
  }

  /** Stops it and reads what it stored. */
  async stored<T>(read: (store: BlockStore) => T): Promise<T> {
    await this.#running?.stop();
    const path = join(nodePaths(this.home, 0).data, 'blockstore.db');
    const store = new BlockStore(await openDatabase(path));
    try {
      return read(store);
    } finally {
      await store.close();
    }
  }

  /** Stops what runs and removes the folder. */
  async remove(): Promise<void> {
    await this.#running?.stop();
    await rm(this.home, { recursive: true });
  }

  #appState(accounts: readonly TestAccount[]): Record<string, unknown> {
    const all = localAppState({
      accounts: accounts.map(({ address }) => ({
        address: parseAddress('depin', address),
        balance: 1_000_000_000n,
      })),
      validators: this.#validators.map(({ validator: { publicKey } }, i) => ({
        moniker: `node${i}`,
        operator: addressOfEd25519(publicKey),
        consensusKey: publicKey,
        stake: 10_000_000n,
      })),
    });
    return Object.fromEntries(OTHERS.map(({ name }) => [name, all[name]]));
  }
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
