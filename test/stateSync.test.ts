/** State sync between two state machines: what one offers, the other takes, or rejects as ABCI has it. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OfferSnapshotRequest, Snapshot } from '../chain/abci/types.ts';
import type { ChainApplication } from '../chain/app/application.ts';
import { Descriptors } from '../chain/descriptors/index.ts';
import { openDepind } from '../modules/app.ts';
import { fromHex, toHex } from '../wire/bytes.ts';
import type { CrashBlocks } from './support/crashBlocks.ts';
import { makeCrashBlocks } from './support/makeCrashBlocks.ts';

const HEIGHTS = 12;

describe('state sync', () => {
  const descriptors = Descriptors.load();
  let folder = '';
  let blocks: CrashBlocks;
  let giver: ChainApplication;
  let snapshot: Snapshot;
  let appHash: Uint8Array;
  const opened: ChainApplication[] = [];
  const failures: (readonly [height: bigint, error: unknown])[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'depind-sync-'));
    blocks = await makeCrashBlocks(HEIGHTS);
    giver = await open('giver');
    await giver.initChain(blocks.initChain);
    for (const request of blocks.blocks) {
      await giver.finalizeBlock(request);
      await giver.commit();
      if (request.height % 4n === 0n) await waitForSnapshot(request.height);
    }
    await giver.close();
    giver = await open('giver');
    snapshot = (await giver.listSnapshots()).snapshots[1]!;
    appHash = fromHex(blocks.appHashes[Number(snapshot.height) - 1]!.toLowerCase());
  });
  after(async () => {
    for (const app of opened) await app.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(name: string): Promise<ChainApplication> {
    const stateSync = {
      snapshotInterval: 4n,
      chainId: blocks.initChain.chainId,
      onSnapshotFailure: (height: bigint, error: unknown) => failures.push([height, error]),
    };
    const app = await openDepind({ store: { path: join(folder, name) }, descriptors, stateSync });
    opened.push(app);
    return app;
  }

  /** It is made beside the blocks. */
  async function waitForSnapshot(height: bigint): Promise<void> {
    for (;;) {
      const { snapshots } = await giver.listSnapshots();
      if (snapshots.some((each) => each.height === height)) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  const chunkOf = async (index: number): Promise<Uint8Array> => {
    const { height, format } = snapshot;
    return (await giver.loadSnapshotChunk({ height, format, chunk: index })).chunk;
  };

  it('offers a snapshot of every fourth height and keeps the last two', async () => {
    const { snapshots } = await giver.listSnapshots();
    assert.deepEqual(
      snapshots.map(({ height, format }) => [height, format]),
      [
        [12n, 1],
        [8n, 1],
      ],
    );
    const gone = { height: 4n, format: 1, chunk: 0 };
    assert.equal((await giver.loadSnapshotChunk(gone)).chunk.length, 0);
    assert.equal(
      (await giver.loadSnapshotChunk({ ...gone, height: 12n, format: 2 })).chunk.length,
      0,
    );
  });

  it('tells of one that cannot be written, goes on, and makes the next one', async () => {
    const app = await open('full');
    await app.initChain(blocks.initChain);
    const path = join(folder, 'full', 'snapshots');
    await writeFile(path, 'a file in the way');
    for (const request of blocks.blocks.slice(0, 8)) {
      await app.finalizeBlock(request);
      await app.commit();
      if (request.height !== 4n) continue;
      while (failures.length === 0) await new Promise((resolve) => setImmediate(resolve));
      await rm(path);
    }
    assert.equal(toHex(app.store.appHash), blocks.appHashes[7]);
    await app.close();
    const [[height, error]] = failures.splice(0) as [[bigint, Error]];
    assert.equal(height, 4n);
    assert.match(error.message, /ENOTDIR|EEXIST/);
    const { snapshots } = await (await open('full')).listSnapshots();
    assert.deepEqual(
      snapshots.map((each) => each.height),
      [8n],
    );
  });

  it('takes a snapshot, goes on with the same AppHash, also after a restart', async () => {
    let taker = await open('taker');
    assert.deepEqual(await taker.offerSnapshot({ snapshot, appHash }), { result: 'accept' });
    for (let index = 0; index < snapshot.chunks; index++) {
      const answer = await taker.applySnapshotChunk({
        index,
        chunk: await chunkOf(index),
        sender: 'giver',
      });
      assert.deepEqual(answer, { result: 'accept', refetchChunks: [], rejectSenders: [] });
    }
    const { lastBlockHeight, lastBlockAppHash } = await taker.info();
    assert.equal(lastBlockHeight, snapshot.height);
    assert.deepEqual(lastBlockAppHash, appHash);
    assert.deepEqual(await taker.offerSnapshot({ snapshot, appHash }), { result: 'abort' });
    await taker.close();
    taker = await open('taker');
    for (const request of blocks.blocks.slice(Number(snapshot.height))) {
      await taker.finalizeBlock(request);
      await taker.commit();
      assert.equal(toHex(taker.store.appHash), blocks.appHashes[Number(request.height) - 1]);
    }
    taker.store.at(taker.store.version).verify();
  });

  for (const [name, alter, result] of [
    ['of another format', (s) => ({ snapshot: { ...s, format: 2 }, appHash }), 'rejectFormat'],
    ['with another hash', (s) => ({ snapshot: { ...s, hash: appHash }, appHash }), 'rejectSender'],
    ['of another height', (s) => ({ snapshot: { ...s, height: 7n }, appHash }), 'rejectSender'],
    ['with fewer chunks', (s) => ({ snapshot: { ...s, chunks: 0 }, appHash }), 'rejectSender'],
    [
      'whose metadata is cut',
      (s) => ({ snapshot: { ...s, metadata: s.metadata.slice(0, -1) }, appHash }),
      'rejectSender',
    ],
  ] as readonly [string, (s: Snapshot) => OfferSnapshotRequest, string][]) {
    it(`refuses an offer ${name}`, async () => {
      const app = await openDepind({ store: { memory: true }, descriptors });
      assert.deepEqual(await app.offerSnapshot(alter(snapshot)), { result });
      const chunk = { index: 0, chunk: await chunkOf(0), sender: 'giver' };
      assert.equal((await app.applySnapshotChunk(chunk)).result, 'abort');
    });
  }

  it('asks again for a chunk that was altered or comes too early, and names who sent it', async () => {
    const app = await openDepind({ store: { memory: true }, descriptors });
    await app.offerSnapshot({ snapshot, appHash });
    const chunk = await chunkOf(0);
    const altered = chunk.slice();
    altered[altered.length >> 1]! ^= 1;
    assert.deepEqual(await app.applySnapshotChunk({ index: 0, chunk: altered, sender: 'liar' }), {
      result: 'retry',
      refetchChunks: [0],
      rejectSenders: ['liar'],
    });
    assert.deepEqual(await app.applySnapshotChunk({ index: 1, chunk, sender: 'early' }), {
      result: 'retry',
      refetchChunks: [0],
      rejectSenders: [],
    });
    const taken = await app.applySnapshotChunk({ index: 0, chunk, sender: 'giver' });
    assert.equal(taken.result, 'accept');
    assert.equal((await app.info()).lastBlockHeight, snapshot.height);
  });

  it('rejects a snapshot that comes to another AppHash, and stays new', async () => {
    const app = await open('deceived');
    const wrong = { snapshot, appHash: new Uint8Array(32) };
    assert.deepEqual(await app.offerSnapshot(wrong), { result: 'accept' });
    const chunk = { index: 0, chunk: await chunkOf(0), sender: 'giver' };
    assert.equal((await app.applySnapshotChunk(chunk)).result, 'rejectSnapshot');
    assert.equal((await app.info()).lastBlockHeight, 0n);
    assert.deepEqual(await app.offerSnapshot({ snapshot, appHash }), { result: 'accept' });
    assert.equal((await app.applySnapshotChunk(chunk)).result, 'accept');
    assert.deepEqual((await app.info()).lastBlockAppHash, appHash);
  });
});
