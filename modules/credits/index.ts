/**
 * The credits module: its declaration, and the keys of what it keeps.
 * @module
 */
export * from './keys.ts';
export { credits } from './module.ts';
