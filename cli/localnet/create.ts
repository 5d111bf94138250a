/** The homes that commands make: a localnet with accounts for everybody, or one validator of one's own. */
import { DEFAULT_PREFIX } from '../../modules/defaults.ts';
import { LOCALNET_PARAMS } from '../../modules/genesis.ts';
import type { NetworkFile } from '../home.ts';
import { Keyring } from '../keys/keyring.ts';
import { newMnemonic } from '../keys/wallet.ts';
import { DEV_ACCOUNTS, operatorAccount } from './accounts.ts';
import { authorityAddress } from './authority.ts';
import { fleetFunding } from './fleet.ts';
import { createHome } from './home.ts';

export const DEFAULT_CHAIN_ID = 'depind-localnet-1';
/** What devices derive from when no seed is given: everybody gets the same ones. */
export const DEFAULT_SEED = 'depind';
const MONIKERS = ['north', 'south', 'east', 'west'];
const OPERATOR_BALANCE = 1_000_000_000_000n;

export interface LocalnetHome {
  readonly home: string;
  readonly chainId: string;
  readonly validators: number;
  /** Keys of the validators derive from it too; undefined draws them at random. */
  readonly seed: string | undefined;
  /** Address of the account that plans upgrades; that of the module gov when undefined. */
  readonly authority?: string | undefined;
}

/** What `--authority` of a new localnet means: an address, or the name of one of its accounts. @throws CliError */
export function localnetAuthority(text: string, validators: number): Promise<string> {
  const operators = Array.from({ length: validators }, (_, index) => operatorAccount(index));
  return authorityAddress(text, [...DEV_ACCOUNTS, ...operators]);
}

/** A localnet: validators of equal power, the dev accounts, and money for the devices. */
export async function createLocalnetHome(options: LocalnetHome): Promise<void> {
  const { home, chainId, validators, seed, authority } = options;
  await createHome({
    home,
    kind: 'localnet',
    chainId,
    validators,
    seed: seed ?? DEFAULT_SEED,
    nodes: Array.from({ length: validators }, (_, index) => ({
      moniker: MONIKERS[index] ?? `node${index}`,
      operator: operatorAccount(index),
    })),
    accounts: DEV_ACCOUNTS,
    others: await fleetFunding(),
    params: LOCALNET_PARAMS,
    authority,
    ...(seed !== undefined && { keySeed: seed }),
  });
}

/** A network of one validator, whose funded operator key lies in the test keyring. */
export async function createValidatorHome(options: {
  readonly home: string;
  readonly chainId: string;
  readonly moniker: string;
  /** As the flag has it: an address, or `operator`. */
  readonly authority?: string | undefined;
}): Promise<void> {
  const { home, chainId, moniker, authority } = options;
  const operator = {
    name: 'operator',
    mnemonic: newMnemonic(),
    index: 0,
    balance: OPERATOR_BALANCE,
  };
  await createHome({
    home,
    kind: 'validator',
    chainId,
    validators: 1,
    seed: DEFAULT_SEED,
    nodes: [{ moniker, operator }],
    accounts: [],
    others: [],
    authority: authority === undefined ? undefined : await authorityAddress(authority, [operator]),
  });
}

/** The dev accounts as `localnet.json` lists them. @throws CliError when the home's keyring lacks one. */
export async function devAccounts(home: string): Promise<NetworkFile['accounts']> {
  const passphrase = (): Promise<string> => Promise.resolve('');
  const keyring = new Keyring({ home, backend: 'test', prefix: DEFAULT_PREFIX, passphrase });
  return Promise.all(
    DEV_ACCOUNTS.map(async ({ name, mnemonic }) => {
      const { address } = await keyring.show(name);
      return { name, address, mnemonic };
    }),
  );
}
