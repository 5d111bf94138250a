import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex, toUtf8 } from '../../wire/bytes.ts';
import { MultiStore } from './multiStore.ts';
import { versionOfKey } from './records.ts';
import { commitUpTo, storeNames, WatchedBacking } from './testing/watchedBacking.ts';

const imageLogBytes = 100;
/** The checksum before each record. */
const SEAL_BYTES = 4;

describe('MultiStore: images', () => {
  async function withImages(last = 120) {
    const memory = new WatchedBacking();
    const options = { memory, storeNames, imageLogBytes };
    const store = await MultiStore.open(options);
    await commitUpTo(store, last);
    const versions = memory.images.versions();
    assert.ok(versions.length >= 3, `${versions}`);
    return { memory, options, store, versions, newest: versions.at(-1)! };
  }

  it('are made when the log outgrew the last one, and opening reads the newest', async () => {
    const { memory, options, store, versions, newest } = await withImages();
    const sizes = versions.map((version) => memory.images.files.get(version)!.length);
    for (const [index, size] of sizes.entries()) {
      if (index > 0) assert.ok(size > sizes[index - 1]!, `${sizes}`);
    }
    // Without what the image stands for, the changes before it are not read.
    const before = memory.batches.flat().filter(({ key }) => key[0] === toUtf8('l')[0]);
    const old = before.slice(0, newest).map(({ key }) => ({ key, value: undefined }));
    await memory.write(old);
    const again = await MultiStore.open(options);
    assert.deepEqual(again.appHash, store.appHash);
    assert.throws(() => again.at(5n).store('bank').get(toUtf8('balance')), {
      name: 'DamagedStoreError',
      store: 'log',
      version: 5n,
    });
  });

  it('leave at most half of their length to be done again', async () => {
    const { memory, store, newest } = await withImages(300);
    for (let last = 330; last <= 690; last += 30) {
      await commitUpTo(store, last);
      const image = memory.images.versions().at(-1) ?? newest;
      const length = memory.images.files.get(image)!.length;
      const behind = memory.batches
        .flat()
        .filter(({ key }) => key[0] === toUtf8('l')[0] && versionOfKey(key.slice(0, 9)) > image)
        .reduce((sum, { value }) => sum + (value?.length ?? 0) - SEAL_BYTES, 0);
      // The next one is begun behind a version and on record with the one after it.
      assert.ok(behind <= length / 2 + 200, `${behind} bytes behind ${length}`);
    }
  });

  for (const [name, alter] of [
    ['missing', () => undefined],
    ['empty', () => new Uint8Array(0)],
    ['cut', (file: Uint8Array) => file.slice(0, -1)],
    ['longer', (file: Uint8Array) => Uint8Array.of(...file, 0)],
    ['altered at its start', (file: Uint8Array) => flipped(file, 3)],
    ['altered in its middle', (file: Uint8Array) => flipped(file, file.length >> 1)],
    ['altered at its end', (file: Uint8Array) => flipped(file, file.length - 1)],
  ] as const) {
    it(`that are ${name} give way to the one before, and are made again`, async () => {
      const { memory, options, store, newest } = await withImages();
      const whole = memory.images.files.get(newest)!;
      const file = alter(whole);
      if (file === undefined) memory.images.remove(newest);
      else memory.images.files.set(newest, file);
      const again = await MultiStore.open(options);
      assert.deepEqual(again.appHash, store.appHash);
      assert.deepEqual(memory.images.versions().includes(newest), false, 'it is gone');
      await commitUpTo(again, 200);
      await commitUpTo(store, 200);
      assert.deepEqual(again.appHash, store.appHash);
      assert.ok(memory.images.versions().at(-1)! > newest);
    });
  }

  it('refuse a state whose images do not read when the log before them is pruned', async () => {
    const memory = new WatchedBacking();
    const options = { memory, storeNames, imageLogBytes, pruning: 'everything' } as const;
    await commitUpTo(await MultiStore.open(options), 200);
    const [older, newer] = memory.images.versions();
    memory.images.files.set(newer!, flipped(memory.images.files.get(newer!)!, 50));
    const fallback = await MultiStore.open(options);
    assert.equal(fallback.version, 200n);
    memory.images.files.set(older!, flipped(memory.images.files.get(older!)!, 50));
    const expected = {
      name: 'DamagedStoreError',
      store: 'image',
      version: BigInt(older!),
      message: /changes before it are pruned; put back a copy/,
    };
    await assert.rejects(MultiStore.open(options), expected);
  });

  it('in the place of another are refused', async () => {
    const { memory, options, store, versions } = await withImages();
    const [first, second] = versions.slice(-2);
    memory.images.files.set(second!, memory.images.files.get(first!)!);
    const again = await MultiStore.open(options);
    assert.deepEqual(again.appHash, store.appHash);
  });

  it('that no record names are removed', async () => {
    const { memory, options, newest } = await withImages();
    memory.images.files.set(newest + 1, new Uint8Array(9));
    await MultiStore.open(options);
    assert.ok(!memory.images.versions().includes(newest + 1));
  });

  it('that cannot be written stop the next commit, and leave a state that opens', async () => {
    const { memory, options, store } = await withImages();
    memory.images.write = () => Promise.reject(new Error('no space left'));
    const stopped = commitUpTo(store, 400);
    await assert.rejects(stopped, /^Error: the image of version \d+ could not be written: .+$/);
    Reflect.deleteProperty(memory.images, 'write');
    const again = await MultiStore.open(options);
    assert.equal(again.version, store.version);
    await commitUpTo(again, 400);
  });

  it('bring every version back in any order', async () => {
    const { options, store } = await withImages(300);
    const roots = new Map<bigint, string>();
    for (let version = 1n; version <= 300n; version++) {
      roots.set(version, toHex(store.at(version).appHash));
    }
    const again = await MultiStore.open(options);
    for (const version of [300n, 1n, 150n, 151n, 149n, 299n, 2n, 3n, 80n, 300n]) {
      const at = again.at(version);
      assert.equal(toHex(at.appHash), roots.get(version));
      assert.deepEqual(at.store('bank').get(toUtf8('balance')), toUtf8(`at ${version}`));
      assert.deepEqual(
        again.prove(version, 'bank', toUtf8('balance')),
        store.prove(version, 'bank', toUtf8('balance')),
      );
    }
  });

  it('let an iteration go on while its version leaves memory', async () => {
    const { store } = await withImages(150);
    const expected = [...store.at(150n).store('bank').iterate({})].length;
    for (const reverse of [false, true]) {
      const version = store.version;
      const entries = store.at(version).store('bank').iterate({ reverse });
      const seen = [entries.next()];
      await commitUpTo(store, Number(version) + 130);
      const rest = [...entries].length;
      assert.ok(rest + seen.length >= expected, `${rest} of ${expected}`);
      assert.equal(rest + 1, [...store.at(version).store('bank').iterate({})].length);
    }
  });
});

function flipped(bytes: Uint8Array, place: number): Uint8Array {
  const copy = bytes.slice();
  copy[place]! ^= 8;
  return copy;
}

describe('MultiStore: images in a folder', () => {
  it('lie beside the records, and an interrupted write leaves nothing', async () => {
    const path = await mkdtemp(join(tmpdir(), 'depind-images-'));
    try {
      const options = { path, storeNames, imageLogBytes, pruning: 'everything' } as const;
      const first = await MultiStore.open(options);
      await commitUpTo(first, 150);
      await first.close();
      const names = await readdir(join(path, 'images'));
      assert.equal(names.length, 2);
      assert.match(names[0]!, /^\d{16}\.image$/);
      await writeFile(join(path, 'images', '0000000000000999.image.next'), 'unfinished');
      await writeFile(join(path, 'images', '0000000000000999.image'), 'on no record');
      const second = await MultiStore.open(options);
      assert.deepEqual(second.appHash, first.appHash);
      assert.deepEqual(await readdir(join(path, 'images')), names);
      await second.close();
    } finally {
      await rm(path, { recursive: true });
    }
  });
});
