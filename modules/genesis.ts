/** The `app_state` that a new local chain starts from: funded accounts and bonded validators on every module's defaults. */
import { defaultGenesis } from '../chain/app/genesis.ts';
import type { JsonObject, JsonValue } from '../chain/descriptors/index.ts';
import { Descriptors } from '../chain/descriptors/index.ts';
import { ModuleSet } from '../chain/module/moduleSet.ts';
import { formatAddress, moduleAddress } from '../wire/address.ts';
import { toBase64 } from '../wire/bytes.ts';
import { DEFAULT_DENOM, DEFAULT_PREFIX, MODULES } from './app.ts';
import { BONDED_POOL } from './staking/keys.ts';
import { ED25519_TYPE_URL } from './staking/validatorSet.ts';

export interface GenesisAccount {
  readonly address: Uint8Array;
  /** Base units of the token. */
  readonly balance: bigint;
}

export interface GenesisValidator {
  readonly moniker: string;
  /** The account that operates the validator and delegates its first stake. */
  readonly operator: Uint8Array;
  readonly consensusKey: Uint8Array;
  /** Base units of the token; 1,000,000 are one voting power. */
  readonly stake: bigint;
}

export interface LocalGenesis {
  readonly accounts: readonly GenesisAccount[];
  readonly validators: readonly GenesisValidator[];
  /** Parameters by module that differ from the defaults, as genesis JSON has them. */
  readonly params?: ModuleParams;
  /** Address of the account that plans upgrades. Default: that of the module gov. */
  readonly authority?: string;
}

export type ModuleParams = Readonly<Record<string, Readonly<Record<string, JsonValue>>>>;

/**
 * A localnet's pace: epochs of a minute instead of a day, with the 1,440th part of a day's pool, and devices that
 * may report as often as a demonstration wants to see them.
 */
export const LOCALNET_PARAMS: ModuleParams = {
  coverage: {
    epoch_seconds: '60',
    pool_per_epoch: '14269406',
    beacon_interval_ms: '60000',
    witness_window_ms: '30000',
  },
  compute: { heartbeat_timeout_ms: '60000', min_deposit: '10000' },
  sensors: { epoch_seconds: '60', pool_per_epoch: '9893055', min_interval_ms: '4000' },
};

const UNIX_EPOCH = '1970-01-01T00:00:00Z';

/** @throws TypeError naming a parameter that no module has. */
export function localAppState(genesis: LocalGenesis): JsonObject {
  const descriptors = Descriptors.load();
  const state = defaultGenesis({ modules: new ModuleSet(MODULES), descriptors });
  for (const [module, params] of Object.entries(genesis.params ?? {})) {
    setParams(state[module], module, params);
  }
  return {
    ...state,
    auth: { ...(state.auth as JsonObject), accounts: genesis.accounts.map(accountJson) },
    bank: { ...(state.bank as JsonObject), balances: balancesJson(genesis) },
    staking: { ...(state.staking as JsonObject), ...stakingJson(genesis) },
    upgrade: { authority: genesis.authority ?? '' },
  };
}

function setParams(
  section: JsonValue | undefined,
  module: string,
  params: ModuleParams[string],
): void {
  const own = (section as JsonObject | undefined)?.params as JsonObject | undefined;
  for (const [name, value] of Object.entries(params)) {
    if (own === undefined || !(name in own)) {
      throw new TypeError(`params.${module}.${name}: no such parameter`);
    }
    own[name] = value;
  }
}

const addressText = (address: Uint8Array): string => formatAddress(DEFAULT_PREFIX, address);

function accountJson({ address }: GenesisAccount): JsonObject {
  return {
    '@type': '/cosmos.auth.v1beta1.BaseAccount',
    address: addressText(address),
    account_number: '0',
    sequence: '0',
  };
}

function balancesJson({ accounts, validators }: LocalGenesis): JsonObject[] {
  const staked = validators.reduce((sum, { stake }) => sum + stake, 0n);
  const pool = { address: moduleAddress(BONDED_POOL), balance: staked };
  return [...accounts, pool].map(({ address, balance }) => ({
    address: addressText(address),
    coins: [{ denom: DEFAULT_DENOM, amount: balance.toString() }],
  }));
}

function stakingJson({ validators }: LocalGenesis): JsonObject {
  return {
    validators: validators.map((validator) => ({
      operator_address: formatAddress(`${DEFAULT_PREFIX}valoper`, validator.operator),
      consensus_pubkey: { '@type': ED25519_TYPE_URL, key: toBase64(validator.consensusKey) },
      jailed: false,
      status: 'BOND_STATUS_BONDED',
      tokens: validator.stake.toString(),
      delegator_shares: `${validator.stake}.000000000000000000`,
      description: {
        moniker: validator.moniker,
        identity: '',
        website: '',
        security_contact: '',
        details: '',
      },
      unbonding_height: '0',
      unbonding_time: UNIX_EPOCH,
      commission: {
        commission_rates: {
          rate: '0.100000000000000000',
          max_rate: '0.200000000000000000',
          max_change_rate: '0.010000000000000000',
        },
        update_time: UNIX_EPOCH,
      },
      min_self_delegation: '1',
    })),
    delegations: validators.map((validator) => ({
      delegator_address: addressText(validator.operator),
      validator_address: formatAddress(`${DEFAULT_PREFIX}valoper`, validator.operator),
      shares: `${validator.stake}.000000000000000000`,
    })),
  };
}
