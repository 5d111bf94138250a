import assert from 'node:assert/strict';
import { toUtf8 } from '../../wire/bytes.ts';
import { MultiStore } from './multiStore.ts';
import { commitUpTo, one, storeNames, WatchedBacking } from './testing/watchedBacking.ts';

describe('MultiStore: pruning', () => {
  it('refuses versions outside of its window and names the window', async () => {
    const pruning = { keepRecent: 3, interval: 10 };
    const store = await MultiStore.open({ memory: true, storeNames, pruning });
    await commitUpTo(store, 3);
    const held = store.at(2n);
    await commitUpTo(store, 9);
    assert.equal(store.earliestVersion, 1n, 'nothing goes before the interval is over');
    await commitUpTo(store, 19);
    assert.equal(store.earliestVersion, 7n);
    assert.deepEqual(store.at(7n).store('bank').get(toUtf8('balance')), toUtf8('at 7'));
    const window = { name: 'VersionError', earliest: 7n, latest: 19n };
    assert.throws(() => store.at(6n), { ...window, kind: 'pruned', requested: 6n });
    assert.throws(() => store.prove(20n, 'bank', one), { ...window, kind: 'future' });
    assert.throws(() => [...held.store('bank').iterate({})], { ...window, requested: 2n });
  });

  for (const [name, pruning, kept] of [
    ['everything', 'everything', 3],
    ['a window of 5 with interval 20', { keepRecent: 5, interval: 20 }, 6],
    ['a window longer than the chain', { keepRecent: 40, interval: 10 }, 40],
    ['default', 'default', 40],
    ['nothing', 'nothing', 40],
  ] as const) {
    it(`keeps ${kept} of 40 versions under ${name}, also when it is opened again`, async () => {
      const memory = new WatchedBacking();
      const options = { memory, storeNames, pruning, imageLogBytes: 100 };
      const store = await MultiStore.open(options);
      await commitUpTo(store, 40);
      for (const each of [store, await MultiStore.open(options)]) {
        assert.equal(each.earliestVersion, BigInt(41 - kept));
        for (let version = 41n - BigInt(kept); version <= 40n; version++) {
          const bank = each.at(version).store('bank');
          assert.deepEqual(bank.get(toUtf8('balance')), toUtf8(`at ${version}`));
          each.at(version).verify();
        }
      }
      if (kept === 40) assert.equal(memory.count('c'), 40);
      else assert.ok(memory.count('c') < 40, `${memory.count('c')} commit records`);
    });
  }

  it('drops images and log before the two images that stay', async () => {
    const memory = new WatchedBacking();
    const options = { memory, storeNames, pruning: 'everything', imageLogBytes: 100 } as const;
    const store = await MultiStore.open(options);
    await commitUpTo(store, 200);
    const images = memory.images.versions();
    assert.equal(images.length, 2);
    assert.equal(memory.count('i'), 2);
    assert.ok(Number(store.earliestVersion) >= images[0]!);
    assert.equal(memory.count('c'), 201 - images[0]!);
    assert.equal(memory.count('l'), 201 - images[0]!);
  });

  it('reaches a smaller window over several commits', async () => {
    const memory = new WatchedBacking();
    await commitUpTo(await MultiStore.open({ memory, storeNames, pruning: 'nothing' }), 100);
    const options = { memory, storeNames, pruning: 'everything', imageLogBytes: 100 } as const;
    const store = await MultiStore.open(options);
    await commitUpTo(store, 101);
    assert.equal(store.earliestVersion, 33n);
    await commitUpTo(store, 105);
    assert.equal(store.earliestVersion, 98n, 'what the last multiple of the interval keeps');
    await commitUpTo(store, 400);
    const [oldest = 0] = memory.images.versions();
    assert.equal(memory.count('c'), 401 - oldest, `images ${memory.images.versions()}`);
    assert.ok(oldest > 100);
  });
});
