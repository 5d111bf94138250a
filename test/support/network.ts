/** A localnet of real validators in a temporary folder, for the tests that cross folders. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectSecp256k1HdWallet, makeCosmoshubPath } from '@cosmjs/proto-signing';
import { createNodeVerifier } from '../../chain/app/nodeVerifier.ts';
import { Descriptors } from '../../chain/descriptors/index.ts';
import {
  DEFAULT_CONSENSUS_PARAMS,
  initLocalnet,
  Localnet,
  makeValidatorKeys,
  nodePaths,
  silentLogger,
} from '../../localnet/index.ts';
import { openDepind } from '../../modules/app.ts';
import { type GenesisAccount, localAppState, type ModuleParams } from '../../modules/genesis.ts';
import { addressOfEd25519, parseAddress } from '../../wire/address.ts';
import { MNEMONIC } from './testChain.ts';

export const NETWORK_CHAIN_ID = 'depin-test-1';

export interface NetworkOptions {
  readonly validators?: number;
  readonly blockIntervalMs?: number;
  readonly accounts?: readonly GenesisAccount[];
  /** Parameters that differ from the defaults, by module and field as genesis spells them. */
  readonly params?: ModuleParams;
}

export interface TestNetwork {
  readonly localnet: Localnet;
  readonly rpc: string;
  readonly home: string;
  /** Four funded accounts. */
  readonly wallet: DirectSecp256k1HdWallet;
  readonly addresses: readonly string[];
  stop(): Promise<void>;
}

/** Starts a localnet on a free port; `stop` removes its folder. */
export async function startNetwork(options: NetworkOptions = {}): Promise<TestNetwork> {
  const home = await mkdtemp(join(tmpdir(), 'depind-test-'));
  const wallet = await DirectSecp256k1HdWallet.fromMnemonic(MNEMONIC, {
    prefix: 'depin',
    hdPaths: [0, 1, 2, 3].map(makeCosmoshubPath),
  });
  const addresses = (await wallet.getAccounts()).map(({ address }) => address);
  const validators = makeValidatorKeys(options.validators ?? 4);
  const bytes = addresses.map((address) => parseAddress('depin', address));
  const appState = localAppState({
    accounts: [
      ...bytes.map((address) => ({ address, balance: 1_000_000_000_000n })),
      ...(options.accounts ?? []),
    ],
    validators: validators.map((keys, i) => ({
      moniker: `node${i}`,
      operator: addressOfEd25519(keys.validator.publicKey),
      consensusKey: keys.validator.publicKey,
      stake: 10_000_000n,
    })),
    ...(options.params === undefined ? {} : { params: options.params }),
  });
  const genesis = {
    genesisTime: BigInt(Date.now() - 1000) * 1_000_000n,
    chainId: NETWORK_CHAIN_ID,
    initialHeight: 1n,
    consensusParams: DEFAULT_CONSENSUS_PARAMS,
    validators: [],
    appHash: new Uint8Array(0),
    appState: JSON.stringify(appState),
  };
  await initLocalnet({ home, genesis, validators });
  const descriptors = Descriptors.load();
  const { verifier } = await createNodeVerifier();
  const localnet = await Localnet.start({
    genesis,
    home,
    validators,
    createApplication: (index) =>
      openDepind({
        store: { path: join(nodePaths(home, index).data, 'application.db') },
        descriptors,
        verifier,
        invariantsEvery: 1n,
      }),
    blockIntervalMs: options.blockIntervalMs ?? 50,
    rpc: { host: '127.0.0.1', port: 0 },
    logger: silentLogger,
  });
  try {
    await localnet.waitForHeight(1n, 10_000);
  } catch (error) {
    await localnet.stop();
    throw error;
  }
  return {
    localnet,
    rpc: localnet.rpcUrl,
    home,
    wallet,
    addresses,
    async stop() {
      await localnet.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
