/** Four validators in this process that make a block whenever a transaction waits. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Descriptors, type JsonObject } from '../../chain/descriptors/index.ts';
import {
  DEFAULT_CONSENSUS_PARAMS,
  type GenesisDocument,
  initLocalnet,
  Localnet,
  makeValidatorKeys,
  nodePaths,
  silentLogger,
  type ValidatorKeys,
} from '../../localnet/index.ts';
import { openDepind } from '../../modules/app.ts';
import { localAppState } from '../../modules/genesis.ts';
import { addressOfEd25519 } from '../../wire/address.ts';
import type { SignatureVerifier } from '../../wire/signature.ts';
import { BenchAccount } from './account.ts';

export const VALIDATORS = 4;
const CHAIN_ID = 'depind-bench-1';
const BALANCE = 1_000_000_000_000n;

/** More than any bench has waiting: what is measured is not how full mempools refuse. */
const MEMPOOL = { maxTxs: 100_000, cacheSize: 200_000 };

/** What a network is started with. */
export interface BenchNetworkOptions {
  /** Accounts with money. */
  readonly accounts: number;
  /** What the four applications verify with. */
  readonly verifier: SignatureVerifier;
  /** Parameters that differ from the defaults, by module and field as genesis spells them. */
  readonly params?: Readonly<Record<string, JsonObject>>;
}

/** A running network with its accounts. */
export interface BenchNetwork {
  readonly localnet: Localnet;
  readonly chainId: string;
  readonly accounts: readonly BenchAccount[];
  /** Stops it and removes its folder. */
  stop(): Promise<void>;
}

let descriptors: Descriptors | undefined;

/** Starts it on a free port, in a temporary folder. */
export async function startBenchNetwork(options: BenchNetworkOptions): Promise<BenchNetwork> {
  const home = await mkdtemp(join(tmpdir(), 'depind-bench-'));
  const accounts = Array.from(
    { length: options.accounts },
    (_, i) => new BenchAccount(i, CHAIN_ID),
  );
  const validators = makeValidatorKeys(VALIDATORS);
  const genesis = genesisOf(options, accounts, validators);
  await initLocalnet({ home, genesis, validators });
  descriptors ??= Descriptors.load();
  const shared = { descriptors, verifier: options.verifier };
  const localnet = await Localnet.start({
    genesis,
    home,
    validators,
    createApplication: (index) =>
      openDepind({ ...shared, store: { path: join(nodePaths(home, index).data, 'app.db') } }),
    blockIntervalMs: 0,
    createEmptyBlocks: false,
    mempool: MEMPOOL,
    rpc: { host: '127.0.0.1', port: 0 },
    logger: silentLogger,
  });
  await localnet.waitForHeight(1n, 30_000);
  const stop = async (): Promise<void> => {
    await localnet.stop();
    await rm(home, { recursive: true, force: true });
  };
  return { localnet, chainId: CHAIN_ID, accounts, stop };
}

function genesisOf(
  options: BenchNetworkOptions,
  accounts: readonly BenchAccount[],
  validators: readonly ValidatorKeys[],
): GenesisDocument {
  const appState = localAppState({
    accounts: accounts.map(({ bytes }) => ({ address: bytes, balance: BALANCE })),
    validators: validators.map((keys, i) => ({
      moniker: `node${i}`,
      operator: addressOfEd25519(keys.validator.publicKey),
      consensusKey: keys.validator.publicKey,
      stake: 10_000_000n,
    })),
  });
  for (const [module, params] of Object.entries(options.params ?? {})) {
    Object.assign((appState[module] as JsonObject).params as JsonObject, params);
  }
  return {
    genesisTime: BigInt(Date.now() - 1000) * 1_000_000n,
    chainId: CHAIN_ID,
    initialHeight: 1n,
    consensusParams: DEFAULT_CONSENSUS_PARAMS,
    validators: [],
    appHash: new Uint8Array(0),
    appState: JSON.stringify(appState),
  };
}
