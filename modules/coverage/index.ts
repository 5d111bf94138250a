/**
 * Coverage: hotspots prove by radio where they stand, carry data, and share a pool of tokens for both.
 * `README.md` is the specification; the clauses COV-1 to COV-12 in comments are its own.
 * A client takes the keys that it wants proven from here, an application the module.
 *
 * @module
 */
export * from './keys.ts';
export { coverage } from './module.ts';
