/**
 * A fleet of simulated devices: weather stations, hotspots and compute providers with keys of their own, which use a
 * chain as strangers do, over its public RPC. Most are honest, some cheat. See README.md for what of it is real.
 * @module
 */
export { type FleetAccount, type FleetRole, fleetAccounts } from './accounts.ts';
export type { Cheat, DeviceKind } from './cheats.ts';
export { startFleet } from './fleet.ts';
export type { FleetOptions, Pace } from './options.ts';
export { Fleet } from './runningFleet.ts';
export type { FleetStats } from './tally.ts';
