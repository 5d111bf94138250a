/** Where two states that should be one begin to differ: the height, the stores, and the entries in them. */
import type { CommittedVersion, MultiStore } from '../../chain/store/index.ts';
import type { KeyValue } from '../../chain/store/kvStore.ts';
import { compareBytes, equalBytes } from '../../wire/bytes.ts';

/** An entry that is not the same; undefined where it is absent. */
export interface EntryDifference {
  readonly store: string;
  readonly key: Uint8Array;
  readonly a: Uint8Array | undefined;
  readonly b: Uint8Array | undefined;
}

/** Root hashes of a store; undefined where there is no such store. */
export interface StoreDifference {
  readonly name: string;
  readonly a: Uint8Array | undefined;
  readonly b: Uint8Array | undefined;
}

export interface StateDifference {
  readonly height: bigint;
  /** Whether the height before is kept by both, and the same. */
  readonly isFirst: boolean;
  readonly stores: readonly StoreDifference[];
  /** In the order of stores and keys, up to the limit. Empty when only the history of the entries differs. */
  readonly entries: readonly EntryDifference[];
}

/** Heights that both keep, ends included; undefined when there are none. */
export function commonHeights(
  a: MultiStore,
  b: MultiStore,
): { readonly low: bigint; readonly high: bigint } | undefined {
  const [, low] = inOrder(a.earliestVersion, b.earliestVersion);
  const [high] = inOrder(a.version, b.version);
  return low > 0n && low <= high ? { low, high } : undefined;
}

const inOrder = (a: bigint, b: bigint): readonly [bigint, bigint] => (a < b ? [a, b] : [b, a]);

/**
 * The first height at which two states differ, found by halving: what differs once stays different, since the trees
 * hold when an entry was written. Undefined when they are the same at the highest height that both keep.
 * @throws RangeError when no height is kept by both, DamagedStoreError when a state does not read.
 */
export function findDifference(
  a: MultiStore,
  b: MultiStore,
  limit: number,
): StateDifference | undefined {
  const common = commonHeights(a, b);
  if (common === undefined) throw new RangeError('no height is kept by both');
  let { low, high } = common;
  if (isSame(a, b, high)) return undefined;
  while (low < high) {
    const middle = (low + high) / 2n;
    if (isSame(a, b, middle)) low = middle + 1n;
    else high = middle;
  }
  const stores = differingStores(a.roots(high), b.roots(high));
  const [left, right] = [a.at(high), b.at(high)];
  const entries: EntryDifference[] = [];
  for (const { name } of stores) {
    const walks = [left, right].map((version) => entriesOf(version, name));
    for (const difference of differences(walks[0]!, walks[1]!)) {
      if (entries.length >= limit) break;
      entries.push({ store: name, ...difference });
    }
  }
  return { height: high, isFirst: high > common.low, stores, entries };
}

function isSame(a: MultiStore, b: MultiStore, height: bigint): boolean {
  return differingStores(a.roots(height), b.roots(height)).length === 0;
}

type Roots = ReadonlyMap<string, Uint8Array>;

function differingStores(a: Roots, b: Roots): StoreDifference[] {
  const names = [...new Set([...a.keys(), ...b.keys()])].sort();
  return names
    .map((name) => ({ name, a: a.get(name), b: b.get(name) }))
    .filter((each) => !each.a || !each.b || !equalBytes(each.a, each.b));
}

function entriesOf(version: CommittedVersion, store: string): Iterable<KeyValue> {
  return version.storeRoots.has(store) ? version.store(store).iterate({}) : [];
}

/** Both walked in step, in the order of keys. */
function* differences(
  a: Iterable<KeyValue>,
  b: Iterable<KeyValue>,
): Iterable<Omit<EntryDifference, 'store'>> {
  const [left, right] = [a[Symbol.iterator](), b[Symbol.iterator]()];
  let [x, y] = [left.next(), right.next()];
  while (!(x.done && y.done)) {
    const order = x.done ? 1 : y.done ? -1 : compareBytes(x.value[0], y.value[0]);
    if (order < 0) yield { key: x.value![0], a: x.value![1], b: undefined };
    else if (order > 0) yield { key: y.value![0], a: undefined, b: y.value![1] };
    else if (!equalBytes(x.value![1], y.value![1])) {
      yield { key: x.value![0], a: x.value![1], b: y.value![1] };
    }
    if (order <= 0) x = left.next();
    if (order >= 0) y = right.next();
  }
}
