/** A store that holds nothing and forgets what is written: what a buffer in memory stands on. */
import type { KVStore } from './kvStore.ts';

export const EMPTY_STORE: KVStore = {
  get: () => undefined,
  has: () => false,
  set: () => undefined,
  delete: () => undefined,
  iterate: () => [],
};
