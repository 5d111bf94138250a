/**
 * The upgrade module: its declaration, and the keys of what it keeps.
 * @module
 */
export * from './keys.ts';
export { upgrade } from './module.ts';
