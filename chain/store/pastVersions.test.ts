import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { toUtf8 } from '../../wire/bytes.ts';
import { BusyError, MultiStore, type MultiStoreOptions } from './index.ts';
import { commitUpTo, storeNames, WatchedBacking } from './testing/watchedBacking.ts';

const OLDEST = 5n;

/** Reads of the log and of images: what bringing a version back needs. */
class CountedBacking extends WatchedBacking {
  reads = 0;

  constructor() {
    super();
    const { images } = this;
    const open = images.open.bind(images);
    images.open = (version) => {
      this.reads++;
      return open(version);
    };
  }

  override get(key: Uint8Array): Uint8Array | undefined {
    if (key[0] === toUtf8('l')[0]) this.reads++;
    return super.get(key);
  }
}

async function withPast(options: Pick<MultiStoreOptions, 'clock' | 'pastBytes'> = {}) {
  const memory = new CountedBacking();
  const fixed = { memory, storeNames, imageLogBytes: 100, pruning: 'nothing' } as const;
  await commitUpTo(await MultiStore.open(fixed), 300);
  const store = await MultiStore.open({ ...fixed, ...options, memory });
  memory.reads = 0;
  const read = (version: bigint): void => {
    deepEqual(store.at(version).store('bank').get(toUtf8('balance')), toUtf8(`at ${version}`));
  };
  /** Whether reading a version takes anything from the log or an image. */
  const isRebuilt = (version: bigint): boolean => {
    const before = memory.reads;
    read(version);
    return memory.reads > before;
  };
  return { memory, store, read, isRebuilt };
}

describe('past versions', () => {
  it('stay in memory, eight of them, those that were read last', async () => {
    const { isRebuilt } = await withPast();
    // Descending: a later version would be reached from an earlier one, which is used up for it.
    const versions = [80n, 70n, 60n, 50n, 40n, 30n, 20n, 10n];
    for (const version of versions) equal(isRebuilt(version), true, `${version}`);
    for (const version of versions) equal(isRebuilt(version), false, `${version} again`);
    equal(isRebuilt(OLDEST), true);
    equal(isRebuilt(70n), false, 'the second one is kept');
    equal(isRebuilt(80n), true, 'the first one had to go');
  });

  it('beyond their bytes are let go, but for the last one', async () => {
    const { isRebuilt } = await withPast({ pastBytes: 1 });
    equal(isRebuilt(20n), true);
    equal(isRebuilt(20n), false);
    equal(isRebuilt(10n), true);
    equal(isRebuilt(10n), false);
    equal(isRebuilt(20n), true);
  });

  it('are refused while too much time went into others, and given again later', async () => {
    let now = 0;
    // Each look at the clock takes 600 ms, so that bringing a version back takes as long.
    const clock = (): number => {
      now += 600;
      return now;
    };
    const { store, read } = await withPast({ clock });
    const versions = [90n, 80n, 70n, 60n, 50n, 40n, 30n];
    const refused = versions.find((version) => {
      try {
        read(version);
        return false;
      } catch (error) {
        ok(error instanceof BusyError, `${error}`);
        equal(error.requested, version);
        ok(error.waitMs > 0 && error.waitMs < 10_000, `${error.waitMs}`);
        now += error.waitMs;
        return true;
      }
    });
    ok(refused !== undefined);
    read(refused);
    throws(() => read(OLDEST), BusyError);
    read(refused);
    read(store.version);
    deepEqual(store.at(OLDEST).store('bank').rootHash.length, 32, 'what is on record is there');
  });

  it('are never refused without a clock', async () => {
    const { read } = await withPast();
    for (let version = 100n; version > 0n; version -= 5n) read(version);
  });
});
