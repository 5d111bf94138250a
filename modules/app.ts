/**
 * The composition root: which modules make up depind, in the order of their hooks.
 * @module
 */
import { ChainApplication } from '../chain/app/application.ts';
import type { ApplicationOptions } from '../chain/app/applicationOptions.ts';
import type { Upgrades } from '../chain/app/upgrades.ts';
import type { Module } from '../chain/module/defineModule.ts';
import { auth } from './auth/module.ts';
import { bank } from './bank/module.ts';
import { compute } from './compute/module.ts';
import { coverage } from './coverage/module.ts';
import { credits } from './credits/module.ts';
import { DEFAULT_DENOM, DEFAULT_PREFIX } from './defaults.ts';
import { devices } from './devices/module.ts';
import { feegrant } from './feegrant/module.ts';
import { sensors } from './sensors/module.ts';
import { staking } from './staking/module.ts';
import { upgrade } from './upgrade/module.ts';

export { DEFAULT_DENOM, DEFAULT_PREFIX };

export const MODULES: readonly Module[] = [
  upgrade,
  auth,
  bank,
  feegrant,
  staking,
  devices,
  credits,
  coverage,
  compute,
  sensors,
];

/** The upgrades that this program knows, by the names of their plans. */
export const UPGRADES: Upgrades = {};

export type DepindOptions = Omit<
  ApplicationOptions,
  'modules' | 'accounts' | 'fees' | 'grants' | 'validators' | 'upgrades' | 'bech32Prefix' | 'denom'
> &
  Partial<Pick<ApplicationOptions, 'bech32Prefix' | 'denom'>> & {
    /** Heights whose planned upgrade is passed over, when a network has agreed that it will not do. */
    readonly skippedUpgradeHeights?: readonly bigint[];
  };

/** Opens a depind state machine. @throws StoreOpenError when its stores cannot be used. */
export function openDepind(options: DepindOptions): Promise<ChainApplication> {
  return ChainApplication.open({
    bech32Prefix: DEFAULT_PREFIX,
    denom: DEFAULT_DENOM,
    ...options,
    modules: MODULES,
    accounts: auth,
    fees: bank,
    grants: feegrant,
    validators: staking,
    upgrades: {
      keeper: upgrade,
      upgrades: UPGRADES,
      skippedHeights: options.skippedUpgradeHeights,
    },
  });
}
