/**
 * The bank module: its declaration, and the keys of what it keeps.
 * @module
 */
export * from './keys.ts';
export { bank } from './module.ts';
