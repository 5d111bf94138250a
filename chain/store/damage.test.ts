import assert from 'node:assert/strict';
import { toUtf8 } from '../../wire/bytes.ts';
import { ChangeRecorder } from './changeLog.ts';
import { MultiStore } from './multiStore.ts';
import { commitKey, logKey, sealed } from './records.ts';
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
    it(`names the version whose changes are ${name}`, async () => {
      const expected = { name: 'DamagedStoreError', store: 'log', version: 1n, detail };
      await assert.rejects(damaged('l', alter), expected);
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

  it('finds changes whose seal fits but which are other ones', async () => {
    const memory = new WatchedBacking();
    await commitUpTo(await MultiStore.open({ memory, storeNames }), 6);
    const { recorder, key } = { recorder: new ChangeRecorder('bank'), key: logKey(2, 0) };
    recorder.set(toUtf8('balance'), toUtf8('forged'));
    recorder.set(toUtf8('entry 2'), toUtf8('forged'));
    await memory.write([sealed(key, recorder.take()[0]!)]);
    const detail = /its changes lead to root \w{64}, the commit record says/;
    const expected = { name: 'DamagedStoreError', store: 'bank', version: 6n, detail };
    await assert.rejects(MultiStore.open({ memory, storeNames }), expected);
  });

  for (const [name, content, detail] of [
    ['an unknown store', [1, 0x78, 4, 1, 1, 0], /the version has no store x/],
    ['a key without bytes', [4, 0x62, 0x61, 0x6e, 0x6b, 0, 0], /key: expected 1 to 131071 bytes/],
    ['a value that is cut short', [4, 0x62, 0x61, 0x6e, 0x6b, 2, 1, 5, 1], /5 bytes are cut short/],
  ] as const) {
    it(`refuses changes with ${name}`, async () => {
      const memory = new WatchedBacking();
      await commitUpTo(await MultiStore.open({ memory, storeNames }), 3);
      await memory.write([sealed(logKey(2, 0), Uint8Array.from(content))]);
      const expected = { name: 'DamagedStoreError', store: 'log', version: 2n, detail };
      await assert.rejects(MultiStore.open({ memory, storeNames }), expected);
    });
  }

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
