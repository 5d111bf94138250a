/**
 * The auth module: its declaration, and the keys of what it keeps.
 * @module
 */
export * from './keys.ts';
export { auth } from './module.ts';
