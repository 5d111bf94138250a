/** What a state machine is made of and how it is set. */
import type { ServerVerifier } from '../crypto/backend.ts';
import type { Descriptors } from '../descriptors/index.ts';
import type { Module } from '../module/defineModule.ts';
import type { Pruning, TreeKind } from '../store/index.ts';
import type { AccountsModule, FeesModule, GrantsModule, ValidatorsModule } from './keepers.ts';
import type { StateSyncOptions } from './stateSync.ts';
import type { UpgradeOptions } from './upgrades.ts';

export interface ApplicationOptions {
  /** In the order of their hooks; a module stands behind those that it uses. */
  readonly modules: readonly Module[];
  /** The module that keeps accounts, and the one that keeps coins. */
  readonly accounts: AccountsModule;
  readonly fees: FeesModule;
  /** The module that keeps fee allowances; without one nobody pays for another. */
  readonly grants?: GrantsModule;
  /** The module that keeps validators; one that adds to votes needs it. */
  readonly validators?: ValidatorsModule;
  /** A folder for the stores, or stores in memory. */
  readonly store: ({ readonly path: string } | { readonly memory: true }) & {
    readonly imageLogBytes?: number;
    /** What the state's trees are made of. Default: an arena with what is fastest here. */
    readonly trees?: TreeKind;
    /** Milliseconds that never go back: a node gives it, so that queries of past heights cannot hold up its blocks. */
    readonly clock?: () => number;
  };
  readonly bech32Prefix: string;
  /** Base denomination of fees and rewards. */
  readonly denom: string;
  /** The module that keeps upgrade plans, and the upgrades that this program knows. */
  readonly upgrades?: Omit<UpgradeOptions, 'modules'>;
  /** Versions of the state that queries can read. @default 'default' */
  readonly pruning?: Pruning;
  /** What CheckTx asks for a unit of gas, as `0.025udepin`. Default: nothing. */
  readonly minimumGasPrices?: string;
  /** Bytes of the largest transaction that CheckTx lets pass. Default 1 MiB, CometBFT's. */
  readonly maxTxBytes?: number;
  /** Transactions of one account that may wait for a block. Default 1000. */
  readonly maxPendingPerAccount?: number;
  /** Default: noble's. */
  readonly verifier?: ServerVerifier;
  /** Checks all invariants every so many blocks; 0 never. Default 0. */
  readonly invariantsEvery?: bigint;
  readonly descriptors?: Descriptors;
  /** Snapshots for state sync. Default: none are made, those of others can be taken. */
  readonly stateSync?: StateSyncOptions;
  readonly version?: string;
}
