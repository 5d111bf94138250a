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
    it(`keeps ${kept} of 40 versions under ${name}`, async () => {
      const memory = new WatchedBacking();
      const store = await MultiStore.open({ memory, storeNames, pruning });
      await commitUpTo(store, 40);
      assert.equal(memory.count('c'), kept);
      assert.equal(store.earliestVersion, BigInt(41 - kept));
    });
  }

  it('keeps exactly the nodes that its window needs', async () => {
    const memory = new WatchedBacking();
    const store = await MultiStore.open({ memory, storeNames, pruning: 'everything' });
    await commitUpTo(store, 38);
    for (let quiet = 1; quiet <= 2; quiet++) await store.commit();
    const keys = [...store.store('bank').iterate({})].length;
    assert.equal(memory.count('n'), 2 * keys - 1);
    assert.equal(memory.count('d'), 0);
  });

  it('reaches a smaller window over several commits', async () => {
    const memory = new WatchedBacking();
    await commitUpTo(await MultiStore.open({ memory, storeNames, pruning: 'nothing' }), 100);
    const store = await MultiStore.open({ memory, storeNames, pruning: 'everything' });
    await commitUpTo(store, 101);
    assert.equal(store.earliestVersion, 33n);
    await commitUpTo(store, 105);
    assert.equal(store.earliestVersion, 98n, 'what the last multiple of the interval keeps');
    assert.equal(memory.count('c'), 8);
  });
});
