import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { toHex, toUtf8 } from '../../wire/bytes.ts';
import { sha256 } from '../../wire/hash.ts';
import {
  iavlSpec,
  tendermintSpec,
  verifyMembership,
  verifyNonMembership,
} from '../../wire/ics23/index.ts';
import { type Change, MemoryBacking } from './backing.ts';
import { MultiStore } from './multiStore.ts';
import { Leaf } from './node.ts';
import { encodeNode } from './nodeRecord.ts';
import { commitKey, FORMAT_KEY, nodeRecordKey, sealed } from './records.ts';

const storeNames = ['bank', 'acc'];
const one = Uint8Array.of(1);

/** A key whose value tells the version that wrote it. */
function write(store: MultiStore, version: number): void {
  store.store('bank').set(toUtf8('balance'), toUtf8(`at ${version}`));
  store.store('bank').set(toUtf8(`entry ${version}`), one);
  if (version % 3 === 0) store.store('bank').delete(toUtf8(`entry ${version - 2}`));
}

async function commitUpTo(store: MultiStore, last: number): Promise<void> {
  for (let version = Number(store.version) + 1; version <= last; version++) {
    write(store, version);
    await store.commit();
  }
}

/** Memory that counts its records, shows its writes, and can refuse or alter them. */
class WatchedBacking extends MemoryBacking {
  readonly recordKeys = new Set<string>();
  batches: (readonly Change[])[] = [];
  refuses = false;

  override async write(changes: readonly Change[]): Promise<void> {
    if (this.refuses) throw new Error('the disk is full');
    this.batches.push(changes);
    for (const { key, value } of changes) {
      if (value === undefined) this.recordKeys.delete(toHex(key));
      else this.recordKeys.add(toHex(key));
    }
    await super.write(changes);
  }

  /** Records of one kind, by the letter their keys begin with. */
  count(kind: string): number {
    return [...this.recordKeys].filter((key) => key.startsWith(toHex(toUtf8(kind)))).length;
  }
}

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
    assert.throws(() => store.prove(1n, 'bank', toUtf8('next to it')), unprovable);
    assert.throws(() => store.prove(1n, 'acc', toUtf8('any')), unprovable);
    assert.throws(() => store.prove(1n, 'nowhere', one), RangeError);
  });
});

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
    await assert.rejects(MultiStore.open({ memory, storeNames: ['acc'] }), expected);
    await assert.rejects(MultiStore.open({ memory, storeNames: [...storeNames, 'x'] }), expected);
  });

  it('refuses records of another format and records without one', async () => {
    const expected = { name: 'StoreOpenError', kind: 'format' };
    const newer = new MemoryBacking();
    await newer.write([{ key: FORMAT_KEY, value: toUtf8('depind state store 2') }]);
    await assert.rejects(MultiStore.open({ memory: newer, storeNames }), expected);
    const foreign = new MemoryBacking();
    await foreign.write([{ key: toUtf8('s/latest'), value: one }]);
    await assert.rejects(MultiStore.open({ memory: foreign, storeNames }), expected);
  });
});

describe('MultiStore in a Level folder', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'depind-store-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('keeps versions, proofs, archive and metadata over a reopening', async () => {
    const path = join(folder, 'new', 'state');
    const first = await MultiStore.open({ path, storeNames });
    await commitUpTo(first, 4);
    await first.commit({ archive: [[one, toUtf8('kept')]], metadata: toUtf8('engine') });
    const appHash = first.appHash;
    const proof = first.prove(3n, 'bank', toUtf8('balance'));
    write(first, 99);
    await first.close();
    const second = await MultiStore.open({ path, storeNames });
    assert.equal(second.version, 5n);
    assert.deepEqual(second.appHash, appHash);
    assert.deepEqual(second.prove(3n, 'bank', toUtf8('balance')), proof);
    assert.deepEqual(second.archive(one), toUtf8('kept'));
    assert.deepEqual(second.metadata(), toUtf8('engine'));
    assert.equal(second.store('bank').has(toUtf8('entry 99')), false);
    await second.close();
    await second.close();
    assert.throws(() => second.at(3n), /closed/);
  });

  it('says that another process uses the folder', async () => {
    const program = `const { ClassicLevel } = require('classic-level');
      new ClassicLevel(process.argv[1]).open().then(() => console.log('open'));
      setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['-e', program, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(holder.stdout, 'data');
      const expected = { name: 'StoreOpenError', kind: 'locked', path: folder };
      await assert.rejects(MultiStore.open({ path: folder, storeNames }), expected);
    } finally {
      holder.kill();
      await once(holder, 'exit');
    }
    const store = await MultiStore.open({ path: folder, storeNames });
    await store.close();
  });

  it('refuses a folder whose records Level would take for garbage, and leaves them', async () => {
    const path = join(folder, 'state');
    const store = await MultiStore.open({ path, storeNames });
    await commitUpTo(store, 3);
    await store.close();
    const files = await readdir(path);
    await rename(join(path, 'CURRENT'), join(folder, 'CURRENT'));
    const message = /CURRENT is missing beside .*\.log; put back a copy/;
    const expected = { name: 'StoreOpenError', kind: 'unreadable', message };
    await assert.rejects(MultiStore.open({ path, storeNames }), expected);
    await rename(join(folder, 'CURRENT'), join(path, 'CURRENT'));
    assert.deepEqual(await readdir(path), files);
    const again = await MultiStore.open({ path, storeNames });
    assert.equal(again.version, 3n);
    await again.close();
  });

  it('refuses a folder that held records of which none reads', async () => {
    const store = await MultiStore.open({ path: folder, storeNames });
    await commitUpTo(store, 3);
    await store.close();
    const log = (await readdir(folder)).find((name) => name.endsWith('.log'))!;
    await writeFile(join(folder, log), new Uint8Array(5000));
    const expected = { name: 'StoreOpenError', kind: 'unreadable', message: /nothing in .*\.log/ };
    await assert.rejects(MultiStore.open({ path: folder, storeNames }), expected);
  });

  it('refuses the database of another program and leaves it as it was', async () => {
    const other = new ClassicLevel(folder);
    await other.put('a', 'b');
    await other.close();
    const expected = { name: 'StoreOpenError', kind: 'format', path: folder };
    await assert.rejects(MultiStore.open({ path: folder, storeNames }), expected);
    const again = new ClassicLevel(folder);
    assert.equal(await again.get('a'), 'b');
    await again.close();
  });
});

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
    await memory.write([
      { key: nodeRecordKey(toUtf8('bank'), { version: 5, nonce: 1 }), value: undefined },
    ]);
    await assert.rejects(again.rollbackTo(5n), { name: 'DamagedStoreError', version: 5n });
    assert.equal((await reopened(memory)).version, 12n);
  });

  it('refuses writes to a store that was taken before', async () => {
    const store = await MultiStore.open({ memory: true, storeNames });
    await commitUpTo(store, 3);
    const before = store.store('bank');
    await store.rollbackTo(2n);
    assert.throws(() => before.set(one, one), /store bank was rolled back/);
    store.store('bank').set(one, one);
  });
});
