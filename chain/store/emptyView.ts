import type { SavedTree } from './arena/contract.ts';
import { EMPTY_HASH } from './emptyHash.ts';

/** A tree at version 0, before anything was committed. */
export const EMPTY_VIEW: SavedTree = {
  version: 0,
  rootHash: EMPTY_HASH,
  size: 0,
  get: () => undefined,
  has: () => false,
  iterate: () => [],
  prove: () => 'emptyTree',
  exportNodes: () => [],
  verify() {},
};
