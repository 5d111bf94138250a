import assert from 'node:assert/strict';
import { toUtf8 } from '../../wire/bytes.ts';
import { MemoryBacking } from './backing.ts';
import { MultiStore } from './multiStore.ts';
import { FORMAT_KEY } from './records.ts';
import { commitUpTo, one, storeNames } from './testing/watchedBacking.ts';

describe('MultiStore: opening', () => {
  const pruned = (keepRecent: number, interval: number) => {
    return { storeNames, pruning: { keepRecent, interval } };
  };
  for (const [name, options, message] of [
    ['no stores', { storeNames: [] }, /^storeNames: expected 1 to 1000, got 0/],
    ['a store without a name', { storeNames: [''] }, /^storeNames: expected names/],
    ['a store twice', { storeNames: ['a', 'b', 'a'] }, /^storeNames: "a" stands twice/],
    ['a window of 1', pruned(1, 10), /^pruning.keepRecent: .* at least 2, got 1$/],
    ['half a version', pruned(2.5, 10), /^pruning.keepRecent: .* got 2.5$/],
    ['an interval of 9', pruned(2, 9), /^pruning.interval: .* at least 10, got 9$/],
  ] as const) {
    it(`refuses ${name}`, async () => {
      const opening = MultiStore.open({ memory: true, ...options });
      await assert.rejects(opening, { name: 'TypeError', message });
    });
  }

  it('refuses other stores than those on disk', async () => {
    const memory = new MemoryBacking();
    await commitUpTo(await MultiStore.open({ memory, storeNames }), 1);
    const expected = { name: 'StoreOpenError', kind: 'stores' };
    const fewer = MultiStore.open({ memory, storeNames: ['acc'] });
    const message =
      /on disk only \[bank\], .* only \[\]; start a program that has the stores on disk$/;
    await assert.rejects(fewer, { ...expected, message });
    const more = [...storeNames, 'x'];
    await assert.rejects(MultiStore.open({ memory, storeNames: more }), {
      ...expected,
      message:
        /only \[x\]; a new store needs an upgrade that has it in addedStores, or a new chain$/,
    });
    const addedStores = ['y'];
    await assert.rejects(MultiStore.open({ memory, storeNames: more, addedStores }), expected);
  });

  it('takes stores that an upgrade adds into the AppHash from the next version on', async () => {
    const memory = new MemoryBacking();
    const old = await MultiStore.open({ memory, storeNames });
    await commitUpTo(old, 3);
    const options = { memory, storeNames: [...storeNames, 'x'], addedStores: ['x'] };
    const store = await MultiStore.open(options);
    assert.deepEqual(store.appHash, old.appHash);
    assert.equal(store.store('x').get(one), undefined);
    store.store('x').set(one, one);
    await store.commit();
    await commitUpTo(store, 6);
    for (const again of [store, await MultiStore.open(options)]) {
      assert.deepEqual([...again.roots(3n).keys()], ['acc', 'bank']);
      assert.deepEqual([...again.roots(4n).keys()], ['acc', 'bank', 'x']);
      assert.deepEqual(again.at(4n).store('x').get(one), one);
      assert.throws(() => again.at(3n).store('x'), RangeError);
      assert.deepEqual(again.at(2n).store('bank').get(toUtf8('balance')), toUtf8('at 2'));
      again.at(6n).verify();
    }
  });

  it('refuses records of another format and records without one', async () => {
    const expected = { name: 'StoreOpenError', kind: 'format' };
    const newer = new MemoryBacking();
    await newer.write([{ key: FORMAT_KEY, value: toUtf8('depind state store 3') }]);
    await assert.rejects(MultiStore.open({ memory: newer, storeNames }), expected);
    const older = new MemoryBacking();
    await older.write([{ key: FORMAT_KEY, value: toUtf8('depind state store 1') }]);
    const reset = { ...expected, message: /a development version .* --reset/ };
    await assert.rejects(MultiStore.open({ memory: older, storeNames }), reset);
    const foreign = new MemoryBacking();
    await foreign.write([{ key: toUtf8('s/latest'), value: one }]);
    await assert.rejects(MultiStore.open({ memory: foreign, storeNames }), expected);
  });
});
