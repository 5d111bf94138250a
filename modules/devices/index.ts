/**
 * The devices module: its declaration, and the keys of what it keeps.
 * @module
 */
export * from './keys.ts';
export { devices } from './module.ts';
