import assert from 'node:assert/strict';
import { toUtf8 } from '../../wire/bytes.ts';
import { MultiStore } from './multiStore.ts';
import { Leaf } from './node.ts';
import { encodeNode } from './nodeRecord.ts';
import { commitKey, nodeRecordKey, sealed } from './records.ts';
import { commitUpTo, one, storeNames, WatchedBacking } from './testing/watchedBacking.ts';

describe('MultiStore: damage', () => {
  async function damaged(kind: string, alter: (value: Uint8Array) => Uint8Array | undefined) {
    const memory = new WatchedBacking();
    await commitUpTo(await MultiStore.open({ memory, storeNames }), 5);
    const records = memory.batches.flat().filter(({ key }) => key[0] === toUtf8(kind)[0]);
    await memory.write(records.map(({ key, value }) => ({ key, value: alter(value!) })));
    return MultiStore.open({ memory, storeNames });
  }
  const flipLast = (value: Uint8Array) => {
    const copy = value.slice();
    copy[copy.length - 1]! ^= 1;
    return copy;
  };

  for (const [name, alter, detail] of [
    ['altered', flipLast, /checksum/],
    ['cut', (value: Uint8Array) => value.subarray(0, 2), /checksum/],
    ['missing', () => undefined, /missing/],
  ] as const) {
    it(`names the store and version of a node that is ${name}`, async () => {
      const expected = { name: 'DamagedStoreError', store: 'bank', version: 5n, detail };
      await assert.rejects(damaged('n', alter), expected);
    });

    it(`refuses a commit record and a head that are ${name}`, async () => {
      const expected = { name: 'DamagedStoreError', detail };
      await assert.rejects(damaged('c', alter), { ...expected, store: 'commit record' });
      await assert.rejects(damaged('h', alter), { ...expected, store: 'head' });
    });
  }

  it('refuses a gap in the commit records, and records beyond the head', async () => {
    const memory = new WatchedBacking();
    await commitUpTo(await MultiStore.open({ memory, storeNames }), 9);
    const older = memory.batches[6]!.filter(({ key }) => key[0] === toUtf8('h')[0]);
    const newest = memory.batches[8]!.filter(({ key }) => key[0] === toUtf8('h')[0]);
    await memory.write(older);
    const beyond = { name: 'DamagedStoreError', store: 'head', version: 7n, detail: /stands at 8/ };
    await assert.rejects(MultiStore.open({ memory, storeNames }), beyond);
    await memory.write([...newest, { key: commitKey(4), value: undefined }]);
    const gap = { name: 'DamagedStoreError', store: 'commit record', version: 4n };
    await assert.rejects(MultiStore.open({ memory, storeNames }), { ...gap, detail: /missing/ });
  });

  it('finds a node whose seal fits but whose content is another, by reading the version whole', async () => {
    const memory = new WatchedBacking();
    const store = await MultiStore.open({ memory, storeNames });
    await commitUpTo(store, 6);
    store.at(6n).verify();
    const key = nodeRecordKey(toUtf8('bank'), { version: 1, nonce: 3 });
    assert.ok(memory.get(key), 'a leaf that version 6 still uses');
    await memory.write([sealed(key, encodeNode(new Leaf(toUtf8('entry 1'), toUtf8('forged'))))]);
    const again = await MultiStore.open({ memory, storeNames });
    const expected = { name: 'DamagedStoreError', store: 'bank', detail: /its parent says/ };
    assert.throws(() => again.at(2n).verify(), { ...expected, version: 2n });
  });

  it('refuses a record in the place of another', async () => {
    const memory = new WatchedBacking();
    const store = await MultiStore.open({ memory, storeNames });
    await store.commit({
      archive: [
        [toUtf8('x'), one],
        [toUtf8('y'), toUtf8('other')],
      ],
    });
    const [x, y] = memory.batches[0]!.filter(({ key }) => key[0] === toUtf8('a')[0]);
    await memory.write([{ key: x!.key, value: y!.value }]);
    assert.throws(() => store.archive(toUtf8('x')), {
      name: 'DamagedStoreError',
      store: 'archive',
    });
  });
});
