import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { toUtf8 } from '../../wire/bytes.ts';
import { MultiStore } from './multiStore.ts';
import { commitUpTo, one, storeNames, write } from './testing/watchedBacking.ts';

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

  it('says of a table that was cut what is damaged and what to do', async () => {
    const path = join(folder, 'state');
    const store = await MultiStore.open({ path, storeNames });
    await commitUpTo(store, 3);
    await store.close();
    // Level writes its log into a table when it opens the folder again.
    await (await MultiStore.open({ path, storeNames })).close();
    const table = (await readdir(path)).find((name) => name.endsWith('.ldb'));
    await truncate(join(path, table ?? 'no table'), 100);
    const message = /cannot open the state store at .*\.ldb is damaged: .*; put back a copy/;
    const expected = { name: 'StoreOpenError', kind: 'unreadable', message };
    await assert.rejects(MultiStore.open({ path, storeNames }), expected);
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

  it('does not advise to remove a folder that cannot be made', async () => {
    await writeFile(join(folder, 'file'), 'content');
    const opening = MultiStore.open({ path: join(folder, 'file', 'state'), storeNames });
    await assert.rejects(opening, (error: Error) => {
      assert.equal(error.name, 'StoreOpenError');
      assert.doesNotMatch(error.message, /remove/);
      return true;
    });
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
