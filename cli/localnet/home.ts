/** The home of a network on disk: made whole or not at all, known by its marker, deleted only by it. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { JsonObject } from '../../chain/descriptors/index.ts';
import { systemTime } from '../../localnet/clock.ts';
import { DEFAULT_CONSENSUS_PARAMS, initLocalnet, makeValidatorKeys } from '../../localnet/index.ts';
import { atPath } from '../../localnet/init.ts';
import { DEFAULT_PREFIX } from '../../modules/defaults.ts';
import { localAppState, type ModuleParams } from '../../modules/genesis.ts';
import { parseAddress } from '../../wire/address.ts';
import { toUtf8 } from '../../wire/bytes.ts';
import { CliError } from '../errors.ts';
import { MARKER_FILE, makeFolder } from '../home.ts';
import { Keyring } from '../keys/keyring.ts';
import { type KnownAccount, VALIDATOR_STAKE } from './accounts.ts';

/** What the marker says of a home. */
export interface HomeSettings {
  readonly kind: 'localnet' | 'validator';
  readonly chainId: string;
  readonly validators: number;
  /** What the simulated devices derive from. */
  readonly seed: string;
}

export interface NewHome extends HomeSettings {
  readonly home: string;
  /** One for each validator; its operator's key goes to the test keyring. */
  readonly nodes: readonly { readonly moniker: string; readonly operator: KnownAccount }[];
  /** Their keys go to the test keyring too. */
  readonly accounts: readonly KnownAccount[];
  /** Accounts that others hold the keys of. */
  readonly others: readonly { readonly address: string; readonly balance: bigint }[];
  /** Validator keys derive from it; random when absent. */
  readonly keySeed?: string;
  readonly params?: ModuleParams;
  /** Address of the account that plans upgrades; that of the module gov when undefined. */
  readonly authority: string | undefined;
}

/** @throws CliError when there is something already. */
export async function checkVacant(home: string): Promise<void> {
  if (!existsSync(home) || (await atPath(home, () => readdir(home))).length === 0) return;
  throw new CliError(`${home} is not empty, and no home of depind (it holds no ${MARKER_FILE})`);
}

/** Makes a home. @throws CliError or Error naming the path that stands in the way. */
export async function createHome(options: NewHome): Promise<void> {
  const { home } = options;
  await checkVacant(home);
  await atPath(dirname(home), () => makeFolder(dirname(home)));
  // Made beside it and then renamed, so that an interruption leaves no half of a home.
  const draft = `${home}.new-${process.pid}`;
  await atPath(home, () => mkdir(draft, { mode: 0o755 }));
  try {
    await fill(draft, options);
    await atPath(home, () => rename(draft, home));
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function fill(folder: string, options: NewHome): Promise<void> {
  const { nodes, accounts, others, keySeed, params, chainId, authority } = options;
  const keys = makeValidatorKeys(nodes.length, keySeed === undefined ? undefined : toUtf8(keySeed));
  const operators = await addKeys(
    folder,
    nodes.map(({ operator }) => operator),
  );
  const funded = [...operators, ...(await addKeys(folder, accounts)), ...others];
  const appState = localAppState({
    accounts: funded.map(({ address, balance }) => ({ address: bytesOf(address), balance })),
    validators: nodes.map(({ moniker }, index) => ({
      moniker,
      operator: bytesOf(operators[index]!.address),
      consensusKey: keys[index]!.validator.publicKey,
      stake: VALIDATOR_STAKE,
    })),
    ...(params !== undefined && { params }),
    ...(authority !== undefined && { authority }),
  });
  const genesis = {
    genesisTime: systemTime(),
    chainId,
    initialHeight: 1n,
    consensusParams: DEFAULT_CONSENSUS_PARAMS,
    // The application names them from its own state.
    validators: [],
    appHash: new Uint8Array(0),
    appState: JSON.stringify(appState satisfies JsonObject, null, 2),
  };
  await initLocalnet({ home: folder, genesis, validators: keys });
  const { kind, validators, seed } = options;
  const marker: HomeSettings = { kind, chainId, validators, seed };
  await writeFile(join(folder, MARKER_FILE), `${JSON.stringify(marker, null, 2)}\n`);
}

const bytesOf = (address: string): Uint8Array => parseAddress(DEFAULT_PREFIX, address);

async function addKeys(home: string, accounts: readonly KnownAccount[]) {
  const passphrase = (): Promise<string> =>
    Promise.reject(new CliError('the test keyring takes no passphrase'));
  const keyring = new Keyring({ home, backend: 'test', prefix: DEFAULT_PREFIX, passphrase });
  return Promise.all(
    accounts.map(async ({ balance, ...key }) => {
      const { address } = await keyring.add(key);
      return { address, balance };
    }),
  );
}

/** The settings of a home; undefined where there is none. @throws CliError naming the file. */
export async function readSettings(home: string): Promise<HomeSettings | undefined> {
  const path = join(home, MARKER_FILE);
  if (!existsSync(path)) return undefined;
  const text = await atPath(path, () => readFile(path, 'utf8'));
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new CliError(`${path}: expected JSON`, { cause });
  }
  if (isSettings(parsed)) return parsed;
  throw new CliError(`${path}: expected kind, chainId, validators and seed`);
}

function isSettings(value: unknown): value is HomeSettings {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, chainId, validators, seed } = value as Partial<Record<keyof HomeSettings, unknown>>;
  const isKind = kind === 'localnet' || kind === 'validator';
  const isText = typeof chainId === 'string' && typeof seed === 'string';
  return isKind && isText && Number.isSafeInteger(validators);
}

/** Deletes a home. @throws CliError for a folder that is none. */
export async function deleteHome(home: string): Promise<void> {
  if (!existsSync(home)) return;
  if ((await readSettings(home)) === undefined) {
    throw new CliError(`${home} is no home of depind (it holds no ${MARKER_FILE}): not deleted`);
  }
  await atPath(home, () => rm(home, { recursive: true }));
}
