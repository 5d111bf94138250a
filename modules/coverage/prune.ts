/** COV-12: evidence and rewards are kept for `kept_epochs` epochs after their own, then removed. */
import type { CoverageContext } from './context.ts';
import { beaconHashKey } from './keys.ts';

/** Removes old beacons with their witnesses, rewards and epochs: `max_work_per_block` of each at most. */
export function prune({ state, params }: CoverageContext): void {
  const { currentEpoch } = state.ledger.must();
  const isOld = (epoch: bigint): boolean => epoch + BigInt(params.keptEpochs) < currentEpoch;
  const oldest = <K>(keys: Iterable<K>, epochOf: (key: K) => bigint): K[] => {
    const found: K[] = [];
    for (const key of keys) {
      if (!isOld(epochOf(key)) || found.length === params.maxWorkPerBlock) break;
      found.push(key);
    }
    return found;
  };
  const settled = keysOf(state.beacons.by.settled.keys);
  for (const [, hash] of oldest(settled, ([epoch]) => epoch)) removeBeacon(state, hash);
  for (const key of oldest(keysOf(state.rewards), ([epoch]) => epoch)) state.rewards.delete(key);
  for (const key of oldest(keysOf(state.epochs), (epoch) => epoch)) state.epochs.delete(key);
}

function removeBeacon(state: CoverageContext['state'], hash: string): void {
  const within = beaconHashKey.encodePart(hash);
  for (const key of [...keysOf(state.witnesses, within)]) state.witnesses.delete(key);
  state.beacons.delete(hash);
}

interface Entries<K> {
  entries(walk?: { readonly within?: Uint8Array }): Iterable<readonly [K, unknown]>;
}

function* keysOf<K>(collection: Entries<K>, within?: Uint8Array): Iterable<K> {
  for (const [key] of collection.entries(within === undefined ? {} : { within })) yield key;
}
