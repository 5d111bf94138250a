/**
 * The staking module: its declaration, and the keys of what it keeps.
 * @module
 */
export * from './keys.ts';
export { staking } from './module.ts';
