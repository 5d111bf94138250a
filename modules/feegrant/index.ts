/**
 * The feegrant module: its declaration, and the keys of what it keeps.
 * @module
 */
export * from './keys.ts';
export { feegrant } from './module.ts';
