import assert from 'node:assert/strict';
import { toUtf8 } from '../../wire/bytes.ts';
import type { MemoryBacking } from './backing.ts';
import { MultiStore } from './multiStore.ts';
import { logKey } from './records.ts';
import { commitUpTo, one, storeNames, WatchedBacking, write } from './testing/watchedBacking.ts';

describe('MultiStore: rollback', () => {
  it('goes back over many versions and comes to the same roots again', async () => {
    const memory = new WatchedBacking();
    const steady = new WatchedBacking();
    const store = await MultiStore.open({ memory, storeNames });
    const hashes = new Map<bigint, Uint8Array>();
    for (let version = 1; version <= 30; version++) {
      write(store, version);
      hashes.set(BigInt(version), (await store.commit({ metadata: toUtf8(`${version}`) })).appHash);
      if (version === 11) await steady.write(memory.batches.flat());
    }
    write(store, 31);
    await store.rollbackTo(11n, toUtf8('11'));
    assert.equal(store.version, 11n);
    assert.deepEqual(store.appHash, hashes.get(11n));
    assert.deepEqual(store.workingHash(), (await reopened(memory)).workingHash());
    assert.deepEqual([...memory.recordKeys].sort(), [...steady.recordKeys].sort());
    assert.deepEqual((await reopened(memory)).metadata(), toUtf8('11'));
    for (const again of [store, await reopened(memory)]) {
      await commitUpTo(again, 30);
      assert.deepEqual(again.appHash, hashes.get(30n));
      again.at(20n).verify();
      await again.rollbackTo(11n);
    }
  });

  const reopened = (memory: MemoryBacking) => MultiStore.open({ memory, storeNames });

  it('goes back to the earliest kept version, not below, and not ahead', async () => {
    const memory = new WatchedBacking();
    const store = await MultiStore.open({ memory, storeNames, pruning: 'everything' });
    await commitUpTo(store, 25);
    const { appHash } = store.at(18n);
    await assert.rejects(store.rollbackTo(17n), { name: 'VersionError', earliest: 18n });
    await assert.rejects(store.rollbackTo(26n), { name: 'VersionError', kind: 'future' });
    await store.rollbackTo(18n);
    assert.deepEqual(store.appHash, appHash);
    await commitUpTo(store, 30);
    const plain = await MultiStore.open({ memory: true, storeNames });
    await commitUpTo(plain, 30);
    assert.deepEqual(store.appHash, plain.appHash);
    store.at(28n).verify();
  });

  it('leaves everything when the version does not read, or the disk refuses', async () => {
    const memory = new WatchedBacking();
    const store = await reopened(memory);
    await commitUpTo(store, 12);
    memory.refuses = true;
    await assert.rejects(store.rollbackTo(5n), /could not be written/);
    memory.refuses = false;
    const again = await reopened(memory);
    assert.equal(again.version, 12n);
    await memory.write([{ key: logKey(5, 0), value: undefined }]);
    await assert.rejects(again.rollbackTo(5n), { name: 'DamagedStoreError', version: 5n });
    assert.equal(again.version, 12n);
    await again.rollbackTo(4n);
    assert.equal((await reopened(memory)).version, 4n);
  });

  it('refuses writes to a store that was taken before', async () => {
    const store = await MultiStore.open({ memory: true, storeNames });
    await commitUpTo(store, 3);
    const before = store.store('bank');
    const version = store.at(2n).store('bank');
    await store.rollbackTo(2n);
    assert.throws(() => before.set(one, one), /the store was rolled back/);
    assert.throws(() => version.get(one), /the version was taken before a rollback/);
    store.store('bank').set(one, one);
  });

  it('takes images of later versions along, and makes them again', async () => {
    const memory = new WatchedBacking();
    const options = { memory, storeNames, imageLogBytes: 100 };
    const store = await MultiStore.open(options);
    await commitUpTo(store, 700);
    const images = memory.images.versions();
    assert.ok(images.length > 3);
    const { appHash } = store;
    await store.rollbackTo(BigInt(images[1]! + 1));
    assert.deepEqual(memory.images.versions(), images.slice(0, 2));
    for (const again of [store, await MultiStore.open(options)]) {
      await commitUpTo(again, 700);
      assert.deepEqual(again.appHash, appHash);
      assert.deepEqual(memory.images.versions(), images);
      await again.rollbackTo(BigInt(images[1]! + 1));
    }
  });
});
