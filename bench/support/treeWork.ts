/** What a tree is measured with; interop/iavlrace does the same work in Go, so that the roots must be equal. */
import { fastSha256 } from '../../chain/crypto/fastSha256.ts';
import { toUtf8 } from '../../wire/bytes.ts';
import { type BenchOptions, timed } from './figure.ts';

/**
 * Keys that are added before each of the first versions is saved. Each version writes all nodes on the ways to its keys: on
 * disk fewer versions save minutes, in memory more of them leave less to be used again.
 */
export const FILL_BATCH = { 'in memory': 50_000, 'on disk': 250_000 } as const;
export const UPDATES = 10_000;
export const VALUE_BYTES = 40;

/** A tree, or a store over one, as it is measured. */
export interface MeasuredTree {
  set(key: Uint8Array, value: Uint8Array): void;
  /** The root of what was set since the last save. */
  root(): unknown;
  save(): unknown;
}

/** Milliseconds of each block. */
export interface BlockTimes {
  readonly set: number[];
  readonly root: number[];
  readonly save: number[];
}

/** Its digests lie in V8's heap: to collect those of OpenSSL took 25 ms of many a block. */
const sha256 = fastSha256();

/** The key at a place: spread over the tree. */
export const keyOf = (index: number): Uint8Array => sha256(toUtf8(`${index}`));

/** Makes the first versions, of all keys. */
export async function fillTree(
  { tree, keys }: FilledTree,
  where: keyof typeof FILL_BATCH,
  { progress }: BenchOptions,
): Promise<void> {
  const batch = FILL_BATCH[where];
  const value = new Uint8Array(VALUE_BYTES);
  for (let index = 0; index < keys; index++) {
    tree.set(keyOf(index), value);
    if ((index + 1) % batch === 0 || index + 1 === keys) await tree.save();
  }
  progress(`${keys} keys are in the tree`);
}

/** A tree that is filled with so many keys. */
export interface FilledTree {
  readonly tree: MeasuredTree;
  readonly keys: number;
}

/** Blocks of updates all over the tree. */
export async function runBlocks(filled: FilledTree, blocks: number): Promise<BlockTimes> {
  const [times] = await runInTurns([filled], blocks);
  return times as BlockTimes;
}

/**
 * A block of each tree in turn, so many times: what else the machine does meets all of them alike, and each finds the
 * caches as other work has left them.
 */
export async function runInTurns(
  trees: readonly FilledTree[],
  blocks: number,
): Promise<BlockTimes[]> {
  const times = trees.map((): BlockTimes => ({ set: [], root: [], save: [] }));
  for (let number = 1; number <= blocks; number++) {
    for (const [i, filled] of trees.entries()) await runBlock(filled, number, times[i]!);
  }
  return times;
}

/** Keys are made before the clock runs. */
async function runBlock({ tree, keys }: FilledTree, number: number, times: BlockTimes) {
  const chosen = Array.from({ length: UPDATES }, (_, i) => keyOf((i * 7919 + number) % keys));
  const value = new Uint8Array(VALUE_BYTES).fill(number);
  times.set.push(
    await timed(() => {
      for (const key of chosen) tree.set(key, value);
    }),
  );
  times.root.push(await timed(() => tree.root()));
  times.save.push(await timed(() => tree.save()));
}

/** Milliseconds of each block as a whole. */
export function totals({ set, root, save }: BlockTimes): number[] {
  return set.map((ms, i) => ms + root[i]! + save[i]!);
}
