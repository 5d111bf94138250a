/** Trusted blocks on disk: kept between runs, and neither damage nor another tab does harm. */
import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { LevelStore } from '../lightclient/index.ts';
import { CHAIN_ID } from '../lightclient/testing/chain.ts';
import { blockAt, openClient, TestNode } from '../lightclient/testing/nodes.ts';

describe('LevelStore', () => {
  let folder: string;
  let database: ClassicLevel<string, string>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'depind-light-'));
    database = new ClassicLevel(folder);
  });
  afterEach(async () => {
    await database.close();
    await rm(folder, { recursive: true });
  });

  const storeOf = (chainId = CHAIN_ID) => new LevelStore({ database, chainId });
  const keys = () => database.keys().all();

  it('keeps what was verified for the next run, which asks no node for it', async () => {
    const first = await openClient({ store: storeOf() });
    await first.verifyToHeight(9n);
    await database.close();
    database = new ClassicLevel(folder);
    const primary = new TestNode();
    const second = await openClient({ store: storeOf(), primary });
    assert.deepEqual(await second.verifyToHeight(9n), blockAt(9));
    assert.deepEqual(primary.asked, []);
  });

  it('takes a damaged record for none, removes it, and fetches the block again', async () => {
    await (await openClient({ store: storeOf() })).verifyToHeight(9n);
    for (const key of await keys()) {
      const record = (await database.get(key))!;
      await database.put(key, `${record.slice(0, 500)}x${record.slice(501)}`);
    }
    assert.equal(await storeOf().read(9n), undefined);
    assert.deepEqual(await storeOf().heights(), [3n]);
    const primary = new TestNode();
    const client = await openClient({ store: storeOf(), primary });
    assert.deepEqual(await client.verifyToHeight(9n), blockAt(9));
    assert.deepEqual(primary.asked, [3n, 9n]);
  });

  it('takes a record under the key of another height, chain or version for none', async () => {
    await storeOf().write(9n, 'text');
    const [key] = await keys();
    const record = (await database.get(key!))!;
    await database.put(key!.replace(/9$/, '8'), record);
    await database.put(key!.replace(CHAIN_ID, 'other'), record);
    await database.put(key!.replace('/1/', '/2/'), record);
    assert.equal(await storeOf().read(9n), 'text');
    assert.equal(await storeOf().read(8n), undefined);
    assert.equal(await storeOf('other').read(9n), undefined);
    assert.deepEqual(await storeOf().heights(), [9n]);
  });

  it('goes on from the newest block after it was put back to an older state', async () => {
    const client = await openClient({ store: storeOf() });
    await client.verifyToHeight(5n);
    const older = await database.iterator().all();
    await client.verifyToHeight(9n);
    await database.clear();
    await database.batch(older.map(([key, value]) => ({ type: 'put', key, value })));
    const again = await openClient({ store: storeOf() });
    assert.equal((await again.status()).height, 5n);
    assert.deepEqual(await again.verifyToHeight(9n), blockAt(9));
  });

  it('is not taken back by a client that is behind', async () => {
    const [ahead, behind] = await Promise.all([
      openClient({ store: storeOf() }),
      openClient({ store: storeOf() }),
    ]);
    await ahead.verifyToHeight(12n);
    await Promise.all([behind.verifyToHeight(7n), ahead.verifyToHeight(15n)]);
    assert.equal((await behind.status()).height, 15n);
    assert.deepEqual(await storeOf().heights(), [3n, 7n, 12n, 15n]);
  });

  it('does not remove what another one has put in the place meanwhile', async () => {
    const store = storeOf();
    await store.write(9n, 'good');
    await store.remove(9n, 'bad');
    assert.equal(await store.read(9n), 'good');
    await store.remove(9n, 'good');
    await store.remove(9n);
    assert.equal(await store.read(9n), undefined);
  });

  it('does one change at a time under the lock that it is given', async () => {
    let running = 0;
    const names = new Set<string>();
    let last: Promise<unknown> = Promise.resolve();
    const lock = <T>(name: string, work: () => Promise<T>): Promise<T> => {
      names.add(name);
      const run = async () => {
        assert.equal(++running, 1);
        return work().finally(() => running--);
      };
      const result = last.then(run);
      last = result;
      return result;
    };
    const stores = [1, 2].map(() => new LevelStore({ database, chainId: CHAIN_ID, lock }));
    await Promise.all(
      stores.flatMap((store) => [store.write(1n, 'a'), store.remove(1n), store.write(2n, 'b')]),
    );
    assert.equal(names.size, 1);
    assert.deepEqual(await storeOf().heights(), [2n]);
  });

  it('keeps as many blocks as it is told', async () => {
    const client = await openClient({ store: storeOf(), maxBlocks: 2 });
    for (const height of [5n, 7n, 9n, 11n]) await client.verifyToHeight(height);
    assert.deepEqual(await storeOf().heights(), [3n, 9n, 11n]);
  });
});
