/** Starts localnets of key-value applications in temporary folders, for tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toUtf8 } from '../../wire/bytes.ts';
import { DEFAULT_CONSENSUS_PARAMS } from '../consensus/params.ts';
import { validatorChange } from '../consensus/state.ts';
import type { GenesisDocument } from '../genesis.ts';
import { initLocalnet, makeValidatorKeys, nodePaths, readValidatorKeys } from '../init.ts';
import { Localnet } from '../localnet.ts';
import { silentLogger } from '../logger.ts';
import type { LocalnetOptions } from '../options.ts';
import { type Faults, KeyValueApplication } from './keyValueApplication.ts';

const GENESIS_TIME = 1_750_000_000_123_456_789n;

export interface TestNetwork {
  readonly home: string;
  readonly genesis: GenesisDocument;
  /** Where node `index` keeps its application. */
  applicationPath(index: number): string;
  start(
    options?: Partial<LocalnetOptions> & { faults?: Readonly<Record<number, Faults>> },
  ): Promise<Localnet>;
  /** Stops what runs and removes the folder. */
  remove(): Promise<void>;
}

/** `powers` of the first validators; `nodes` is how many have keys here. */
export async function makeTestNetwork(
  powers: readonly bigint[] = [10n, 10n, 10n, 10n],
  nodes = powers.length,
): Promise<TestNetwork> {
  const home = await mkdtemp(join(tmpdir(), 'depind-localnet-'));
  const keys = makeValidatorKeys(nodes, toUtf8('test'));
  const validators = powers.map((power, index) => {
    const publicKey = { type: 'ed25519', bytes: keys[index]!.validator.publicKey } as const;
    const { address } = validatorChange(publicKey, power);
    return { address, publicKey, power, name: `node${index}` };
  });
  const genesis: GenesisDocument = {
    genesisTime: GENESIS_TIME,
    chainId: 'test-chain-1',
    initialHeight: 1n,
    consensusParams: DEFAULT_CONSENSUS_PARAMS,
    validators,
    appHash: new Uint8Array(0),
    appState: '{"first":"value"}',
  };
  await initLocalnet({ home, genesis, validators: keys });
  const running: Localnet[] = [];
  const applicationPath = (index: number): string => join(nodePaths(home, index).data, 'app.json');
  return {
    home,
    genesis,
    applicationPath,
    async start({ faults = {}, ...options } = {}) {
      const localnet = await Localnet.start({
        genesis,
        home,
        validators: await readValidatorKeys(home),
        createApplication: (index) =>
          KeyValueApplication.open(applicationPath(index), faults[index]),
        blockIntervalMs: 10,
        rpc: { host: '127.0.0.1', port: 0 },
        logger: silentLogger,
        ...options,
      });
      running.push(localnet);
      return localnet;
    },
    async remove() {
      for (const localnet of running) await localnet.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
