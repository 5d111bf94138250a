import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { joinBytes, toUtf8 } from '../../../wire/bytes.ts';
import { sha256 } from '../../../wire/hash.ts';
import type { ExportedNode } from '../arena/contract.ts';
import { MultiStore } from '../multiStore.ts';
import { commitUpTo, one, storeNames, WatchedBacking } from '../testing/watchedBacking.ts';
import { decodeManifest, encodeManifest, type SnapshotManifest } from './manifest.ts';
import { StreamParser, streamOf } from './nodeStream.ts';
import { SnapshotFolder } from './snapshotFolder.ts';

const CHUNK_BYTES = 500;

describe('snapshots', () => {
  let path = '';
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'depind-snapshots-'));
  });
  afterEach(() => rm(path, { recursive: true }));

  /** A store at version 60, with a snapshot of it in small chunks. */
  async function made() {
    const store = await MultiStore.open({ memory: true, storeNames });
    await commitUpTo(store, 59);
    store.store('bank').set(toUtf8('large'), new Uint8Array(3000).fill(7));
    await store.commit({ metadata: toUtf8('engine') });
    const folder = new SnapshotFolder(path, CHUNK_BYTES);
    const pinned = store.pin();
    await folder.make(pinned);
    pinned.release();
    const manifest = folder.manifest(60)!;
    const chunks = manifest.chunkHashes.map((_, index) => folder.chunk(60, index)!);
    return { store, folder, manifest, chunks };
  }

  async function restored(manifest: SnapshotManifest, chunks: Uint8Array[], appHash: Uint8Array) {
    const memory = new WatchedBacking();
    const target = await MultiStore.open({ memory, storeNames });
    const restore = target.beginRestore(manifest, appHash);
    for (const chunk of chunks) restore.push(chunk);
    await target.finishRestore(restore);
    return { target, memory };
  }

  it('bring the same state back, which goes on to the same hashes', async () => {
    const { store, manifest, chunks } = await made();
    assert.ok(chunks.length > 8, `${chunks.length} chunks`);
    assert.ok(chunks.slice(0, -1).every(({ length }) => length === CHUNK_BYTES));
    const { target, memory } = await restored(manifest, chunks, store.appHash);
    const again = await MultiStore.open({ memory, storeNames });
    await commitUpTo(store, 90);
    for (const each of [target, again]) {
      assert.equal(each.earliestVersion, 60n);
      assert.deepEqual(each.metadata(), toUtf8('engine'));
      each.at(60n).verify();
    }
    await commitUpTo(again, 90);
    assert.deepEqual(again.appHash, store.appHash);
    const key = toUtf8('balance');
    assert.deepEqual(again.prove(75n, 'bank', key), store.prove(75n, 'bank', key));
    await again.rollbackTo(60n);
    assert.throws(() => again.beginRestore(manifest, store.appHash), /the store is at 60/);
  });

  it('of one state are the same bytes on every node', async () => {
    const first = await made();
    await rm(join(path, '60'), { recursive: true });
    const second = await made();
    assert.deepEqual(encodeManifest(first.manifest), encodeManifest(second.manifest));
    assert.deepEqual(first.chunks, second.chunks);
  });

  it('are refused with another AppHash, and leave the store new', async () => {
    const { manifest, chunks } = await made();
    const memory = new WatchedBacking();
    const target = await MultiStore.open({ memory, storeNames });
    const restore = target.beginRestore(manifest, sha256(one));
    for (const chunk of chunks) restore.push(chunk);
    const expected = { name: 'SnapshotError', message: /comes to AppHash \w{64}, expected/ };
    await assert.rejects(target.finishRestore(restore), expected);
    assert.equal(memory.batches.length, 0);
    assert.deepEqual(memory.images.versions(), []);
    assert.equal(target.version, 0n);
  });

  it('are refused when a part is missing or twice', async () => {
    const { store, manifest, chunks } = await made();
    for (const wrong of [chunks.slice(0, -1), [...chunks, chunks[0]!], chunks.slice(1)]) {
      const refused = restored(manifest, wrong, store.appHash);
      await assert.rejects(refused, { name: 'SnapshotError' });
    }
  });

  it('are refused when the key of a fork is another, which no hash would show', async () => {
    const { store, manifest } = await made();
    const { stores } = store.pin();
    const forged = new Map(
      [...stores].map(([name, tree]) => [name, { exportNodes: () => forge(tree.exportNodes()) }]),
    );
    const refused = restored(manifest, [joinBytes([...streamOf(forged)])], store.appHash);
    await assert.rejects(refused, { name: 'SnapshotError', message: /of a fork is not in order/ });
  });

  it('are refused with other stores than the program has', async () => {
    const { store, manifest } = await made();
    const { stores } = store.pin();
    for (const [name, tell] of [
      ['acc', /its stores are \[bank\], expected \[acc,bank\]/],
      ['bank', /its stores are \[acc\]/],
    ] as const) {
      const fewer = new Map([...stores].filter(([each]) => each !== name));
      const refused = restored(manifest, [joinBytes([...streamOf(fewer)])], store.appHash);
      await assert.rejects(refused, { name: 'SnapshotError', message: tell });
    }
    const more = new Map([...stores, ['zoo', stores.get('bank')!]]);
    const refused = restored(manifest, [joinBytes([...streamOf(more)])], store.appHash);
    await assert.rejects(refused, { name: 'SnapshotError', message: /store zoo is unknown/ });
  });

  it('stay as many as wanted, and unfinished ones go', async () => {
    const { store, folder } = await made();
    for (const last of [70, 80]) {
      await commitUpTo(store, last);
      const pinned = store.pin();
      await folder.make(pinned);
      pinned.release();
    }
    assert.deepEqual(folder.versions(), [60, 70, 80]);
    folder.keepNewest(2);
    assert.deepEqual(folder.versions(), [70, 80]);
    await mkdir(join(path, '90.next'));
    new SnapshotFolder(path);
    assert.deepEqual((await readdir(path)).sort(), ['70', '80']);
  });

  it('whose files were altered are not given away', async () => {
    const { folder } = await made();
    const file = join(path, '60', '2');
    const bytes = await readFile(file);
    bytes.writeUInt8(bytes.readUInt8(9) ^ 1, 9);
    await writeFile(file, bytes);
    assert.equal(folder.chunk(60, 2), undefined);
    assert.ok(folder.chunk(60, 1));
    assert.equal(folder.chunk(60, 999), undefined);
    assert.equal(folder.chunk(61, 0), undefined);
    await writeFile(join(path, '60', 'manifest'), new Uint8Array(80));
    assert.equal(folder.manifest(60), undefined);
  });

  for (const [name, bytes] of [
    ['no chunks', [1, 0, 0]],
    ['version 0', [0, 0, 1, ...new Uint8Array(32)]],
    ['fewer hashes than chunks', [1, 0, 2, ...new Uint8Array(32)]],
    ['bytes left over', [1, 0, 1, ...new Uint8Array(33)]],
    ['a million chunks', [1, 0, 0xc0, 0x84, 0x3d]],
  ] as const) {
    it(`refuse a manifest with ${name}`, () => {
      assert.throws(() => decodeManifest(Uint8Array.from(bytes)), TypeError);
    });
  }

  for (const [name, block] of [
    ['a block without items', [0, 0, 0, 0]],
    ['a block of four gigabytes', [255, 255, 255, 255]],
    ['an unknown tag', [0, 0, 0, 2, 9, 1]],
    ['a fork of height 0', [0, 0, 0, 5, 3, 1, 0, 1, 1]],
    ['a fork of height 90', [0, 0, 0, 5, 3, 1, 90, 1, 1]],
    ['an item without its end', [0, 0, 0, 3, 2, 1, 9]],
  ] as const) {
    it(`refuse a stream with ${name}`, () => {
      const parser = new StreamParser({ store() {}, node() {} });
      assert.throws(() => parser.push(Uint8Array.from(block)), TypeError);
    });
  }
});

/** The nodes with the key of one fork made smaller. */
function* forge(nodes: Iterable<ExportedNode>): Generator<ExportedNode> {
  let isDone = false;
  for (const node of nodes) {
    const isForged: boolean = !isDone && node.value === undefined && node.height === 1;
    yield isForged ? { ...node, key: node.key.subarray(0, -1) } : node;
    isDone ||= isForged;
  }
}
