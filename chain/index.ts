/**
 * The engine: an ABCI 2.0 application framework that knows no module. Declare modules with `defineModule`, run them
 * with `ChainApplication`.
 * @module
 */
export type * from './abci/types.ts';
export { ChainApplication } from './app/application.ts';
export type { ApplicationOptions } from './app/applicationOptions.ts';
export { GenesisError } from './app/genesis.ts';
export { createNodeVerifier } from './app/nodeVerifier.ts';
export { type Upgrade, UpgradeHalt, type UpgradePlan, type Upgrades } from './app/upgrades.ts';
export { Descriptors } from './descriptors/index.ts';
export * from './math/coins.ts';
export { type Addresses, addressesOf } from './module/addresses.ts';
export { decodePayload } from './module/decodePayload.ts';
export {
  type CommittedExtension,
  type Context,
  defineModule,
  type Handlers,
  hook,
  type Migrating,
  type Module,
  NO_GENESIS,
  NO_SERVICE,
  only,
  type Refuse,
  type View,
  type VoteExtension,
} from './module/defineModule.ts';
export { Bug, ChainError, sdkError } from './module/errors.ts';
export { type EventType, parseTypedEvent, typedEvent } from './module/events.ts';
export * from './state/collections.ts';
export type { Declaration, Declarations, Opened, ReadOnly } from './state/declarations.ts';
export { paginate } from './state/pagination.ts';
export * from './state/values.ts';
export { MultiStore } from './store/index.ts';
export { type HarnessVote, ModuleHarness } from './testing/moduleHarness.ts';
