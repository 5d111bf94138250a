import { toUtf8 } from '../../wire/bytes.ts';
import type { MemoryBacking } from './backing.ts';
import { MAX_STORES } from './commitInfo.ts';
import type { MonotonicClock } from './pastAllowance.ts';
import { type Pruning, pruningWindow } from './pruningStrategy.ts';
import type { TreeKind } from './stateTree.ts';

/** Longest store name, bytes of UTF-8. */
export const MAX_STORE_NAME_BYTES = 128;

/** Where the records are: a Level folder, or memory (`true` for a new one) for tests. */
export type StoreLocation =
  | { readonly path: string; readonly memory?: undefined }
  | { readonly memory: true | MemoryBacking; readonly path?: undefined };

/** How to open a state store. */
export type MultiStoreOptions = StoreLocation & {
  /** All persistent stores, in any order; the same ones each time. */
  readonly storeNames: readonly string[];
  /** Stores that an upgrade adds: they may be missing on disk, and are part of the AppHash from the next version on. */
  readonly addedStores?: readonly string[] | undefined;
  /** Which versions stay readable. @default 'default' */
  readonly pruning?: Pruning | undefined;
  /** What the trees are made of: for tests, which compare them. Default: an arena. */
  readonly trees?: TreeKind | undefined;
  /** Least bytes of changes between two images of the state. Default 4 MiB. */
  readonly imageLogBytes?: number | undefined;
  /** For a node that runs blocks: past versions are then brought back from the disk in a fifth of the time at most. */
  readonly clock?: MonotonicClock | undefined;
  /** Most bytes of past versions in memory; the one read last stays in any case. Default 512 MiB. */
  readonly pastBytes?: number | undefined;
};

/** @throws TypeError naming the option that cannot be used. */
export function checkOptions({ storeNames, pruning }: MultiStoreOptions): void {
  if (storeNames.length === 0 || storeNames.length > MAX_STORES) {
    throw new TypeError(`storeNames: expected 1 to ${MAX_STORES}, got ${storeNames.length}`);
  }
  for (const name of storeNames) {
    const bytes = toUtf8(name).length;
    if (bytes === 0 || bytes > MAX_STORE_NAME_BYTES) {
      throw new TypeError(
        `storeNames: expected names of 1 to ${MAX_STORE_NAME_BYTES} bytes, got "${name}"`,
      );
    }
  }
  const twice = storeNames.find((name, index) => storeNames.indexOf(name) !== index);
  if (twice !== undefined) throw new TypeError(`storeNames: "${twice}" stands twice`);
  pruningWindow(pruning);
}
