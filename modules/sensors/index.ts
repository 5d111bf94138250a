/**
 * Sensors: a network of weather stations. A station signs its readings, the chain checks each against what its model
 * can measure and against the one before, and an epoch's pool is shared by the quality of the readings. Every score,
 * every reason and every payment stands in state. README.md is the spec.
 *
 * @module
 */
export * from './keys.ts';
export { sensors } from './module.ts';
