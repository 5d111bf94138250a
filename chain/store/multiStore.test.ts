import assert from 'node:assert/strict';
import { toUtf8 } from '../../wire/bytes.ts';
import { sha256 } from '../../wire/hash.ts';
import {
  iavlSpec,
  tendermintSpec,
  verifyMembership,
  verifyNonMembership,
} from '../../wire/ics23/index.ts';
import { MemoryBacking } from './backing.ts';
import { MultiStore } from './multiStore.ts';
import { commitUpTo, one, storeNames, WatchedBacking, write } from './testing/watchedBacking.ts';

describe('MultiStore', () => {
  it('starts at version 0 with the AppHash sha256("")', async () => {
    const store = await MultiStore.open({ memory: true, storeNames });
    assert.equal(store.version, 0n);
    assert.deepEqual(store.appHash, sha256(new Uint8Array(0)));
    assert.equal(store.metadata(), undefined);
    assert.equal(store.at(0n).store('bank').get(one), undefined);
  });

  it('gives the working hash that the commit then has', async () => {
    const store = await MultiStore.open({ memory: true, storeNames });
    write(store, 1);
    const working = store.workingHash(70n);
    assert.notDeepEqual(working, store.workingHash());
    assert.deepEqual((await store.commit({ version: 70n })).appHash, working);
    assert.deepEqual(store.appHash, working);
    assert.equal(store.version, 70n);
  });

  for (const [name, version, versionAfter] of [
    ['0 as the first', 0n, undefined],
    ['2^51 as the first', 1n << 51n, undefined],
    ['the same twice', 5n, 5n],
    ['one after a gap', 5n, 7n],
  ] as const) {
    it(`refuses ${name} version`, async () => {
      const store = await MultiStore.open({ memory: true, storeNames });
      if (versionAfter !== undefined) await store.commit({ version });
      const wanted = versionAfter ?? version;
      await assert.rejects(store.commit({ version: wanted }), /^RangeError: version: expected/);
      assert.throws(() => store.workingHash(wanted), RangeError);
    });
  }

  it('goes on after reopening with the roots of a store that never closed', async () => {
    const memory = new MemoryBacking();
    const steady = await MultiStore.open({ memory: true, storeNames });
    for (let version = 1; version <= 12; version++) {
      const store = await MultiStore.open({ memory, storeNames: [...storeNames].reverse() });
      assert.equal(store.version, BigInt(version - 1));
      assert.deepEqual(store.appHash, steady.appHash);
      await commitUpTo(store, version);
      await commitUpTo(steady, version);
      assert.deepEqual(store.appHash, steady.appHash, `version ${version}`);
      await store.close();
    }
  });

  it('reads old versions while the next is written', async () => {
    const store = await MultiStore.open({ memory: true, storeNames });
    await commitUpTo(store, 6);
    const views = [1n, 3n, 6n].map((version) => store.at(version));
    write(store, 7);
    for (const view of views) {
      const bank = view.store('bank');
      assert.deepEqual(bank.get(toUtf8('balance')), toUtf8(`at ${view.version}`));
      assert.equal(bank.has(toUtf8('entry 7')), false);
      assert.equal(bank.has(toUtf8('entry 1')), view.version < 3n);
    }
    await store.commit();
    assert.deepEqual(views[2]!.store('bank').get(toUtf8('balance')), toUtf8('at 6'));
    assert.deepEqual(store.at(7n).appHash, store.appHash);
    assert.notDeepEqual(store.at(6n).storeRoots.get('bank'), store.at(7n).storeRoots.get('bank'));
    assert.deepEqual(store.at(6n).storeRoots.get('acc'), sha256(new Uint8Array(0)));
  });

  it('gives the roots of all stores at any kept version, and names the versions kept', async () => {
    const store = await MultiStore.open({ memory: true, storeNames, pruning: 'everything' });
    await commitUpTo(store, 9);
    const roots = [...store.roots(4n)];
    assert.deepEqual(
      roots.map(([name]) => name),
      ['acc', 'bank'],
    );
    assert.deepEqual(store.roots(4n), store.at(4n).storeRoots);
    assert.notDeepEqual(store.roots(4n).get('bank'), store.roots(5n).get('bank'));
    await commitUpTo(store, 20);
    assert.throws(() => store.roots(4n), { name: 'VersionError', earliest: 18n, latest: 20n });
    assert.throws(() => store.roots(21n), { name: 'VersionError', kind: 'future' });
  });

  it('discards uncommitted writes', async () => {
    const store = await MultiStore.open({ memory: true, storeNames });
    await commitUpTo(store, 2);
    const before = store.workingHash();
    write(store, 3);
    store.rollbackWorking();
    assert.deepEqual(store.workingHash(), before);
    assert.deepEqual(store.store('bank').get(toUtf8('balance')), toUtf8('at 2'));
  });

  it('proves values and absences under the AppHash of any kept version', async () => {
    const store = await MultiStore.open({ memory: true, storeNames });
    await commitUpTo(store, 9);
    for (const [version, text] of [
      [4n, 'balance'],
      [4n, 'entry 3'],
      [9n, 'entry 7'],
      [9n, 'a'],
      [9n, 'entry 44'],
      [9n, 'z'],
    ] as const) {
      const { appHash, storeRoots } = store.at(version);
      const root = storeRoots.get('bank')!;
      const key = toUtf8(text);
      const { value, ops } = store.prove(version, 'bank', key);
      const ofStore = { spec: tendermintSpec, root: appHash, proof: ops[1].data, key: ops[1].key };
      assert.equal(verifyMembership({ ...ofStore, value: root }).ok, true, 'store');
      const ofKey = { spec: iavlSpec, root, proof: ops[0].data, key };
      const verdict =
        value === undefined ? verifyNonMembership(ofKey) : verifyMembership({ ...ofKey, value });
      assert.equal(verdict.ok, true, `${text} at ${version}`);
    }
  });

  it('says what ICS23 cannot prove', async () => {
    const store = await MultiStore.open({ memory: true, storeNames });
    store.store('bank').set(toUtf8('empty'), new Uint8Array(0));
    await store.commit();
    assert.deepEqual(store.at(1n).store('bank').get(toUtf8('empty')), new Uint8Array(0));
    const unprovable = { name: 'UnprovableError' };
    assert.throws(() => store.prove(1n, 'bank', toUtf8('empty')), unprovable);
    const beside = store.prove(1n, 'bank', toUtf8('next to it'));
    assert.equal(beside.value, undefined, 'a neighbour may be without a value');
    assert.throws(() => store.prove(1n, 'acc', toUtf8('any')), unprovable);
    assert.throws(() => store.prove(1n, 'nowhere', one), RangeError);
  });
});

describe('MultiStore: one batch a commit', () => {
  it('writes state, archive and metadata together, and an unchanged store nothing', async () => {
    const memory = new WatchedBacking();
    const store = await MultiStore.open({ memory, storeNames });
    store.store('bank').set(one, one);
    await store.commit({ archive: [[toUtf8('batch'), toUtf8('leaves')]], metadata: toUtf8('m1') });
    await store.commit();
    assert.equal(memory.batches.length, 2);
    assert.deepEqual(store.archive(toUtf8('batch')), toUtf8('leaves'));
    assert.deepEqual(store.metadata(), toUtf8('m1'));
    const kinds = memory.batches[1]!.map(({ key }) => String.fromCharCode(key[0]!));
    assert.deepEqual(kinds, ['c', 'f', 'h']);
    const first = memory.batches[0]!.map(({ key }) => String.fromCharCode(key[0]!));
    assert.deepEqual(first, ['a', 'l', 'c', 'f', 'h']);
    const plain = await MultiStore.open({ memory: true, storeNames });
    plain.store('bank').set(one, one);
    await plain.commit();
    await plain.commit();
    assert.deepEqual(store.appHash, plain.appHash, 'the archive is outside of the AppHash');
  });

  it('has nothing of a commit that the disk refused, and cannot be used any more', async () => {
    const memory = new WatchedBacking();
    const store = await MultiStore.open({ memory, storeNames });
    await commitUpTo(store, 2);
    memory.refuses = true;
    write(store, 3);
    const archive: [Uint8Array, Uint8Array][] = [[one, one]];
    await assert.rejects(store.commit({ archive, metadata: one }), /could not be written/);
    assert.throws(() => store.workingHash(), /the store is failed/);
    assert.throws(() => store.store('bank').set(one, one), /the store is failed/);
    memory.refuses = false;
    const again = await MultiStore.open({ memory, storeNames });
    assert.equal(again.version, 2n);
    assert.equal(again.archive(one), undefined);
    assert.equal(again.metadata(), undefined);
  });

  it('refuses writes during a commit and still reads the version before', async () => {
    const store = await MultiStore.open({ memory: true, storeNames });
    await commitUpTo(store, 1);
    write(store, 2);
    const committing = store.commit();
    assert.throws(() => store.store('bank').set(one, one), /committing/);
    assert.throws(() => store.rollbackWorking(), /committing/);
    assert.equal(store.version, 1n);
    assert.deepEqual(store.at(1n).store('bank').get(toUtf8('balance')), toUtf8('at 1'));
    await assert.rejects(store.commit(), /committing/);
    await committing;
    assert.deepEqual(store.at(2n).store('bank').get(toUtf8('balance')), toUtf8('at 2'));
  });
});
