/** Disks that are full or read-only, and homes that another process uses: each stops the node with a reason. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Descriptors } from '../chain/descriptors/index.ts';
import { openDepind } from '../modules/app.ts';
import { toHex } from '../wire/bytes.ts';
import { blocksToText, type CrashBlocks } from './support/crashBlocks.ts';
import { createCrashHome, openCrashHome } from './support/crashHome.ts';
import { makeCrashBlocks } from './support/makeCrashBlocks.ts';

const HEIGHTS = 40;
const NODE = fileURLToPath(new URL('./support/crashingNode.ts', import.meta.url));

/** Whether this process may mount file systems: else those tests are left to machines where it may. */
function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'depind-mount-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', folder]);
  if (status === 0) spawnSync('umount', [folder]);
  rmdirSync(folder);
  return status === 0;
}

describe('disk trouble', function () {
  this.timeout(60_000);
  const isMounting = canMount();
  const itMounted = (title: string, test: () => Promise<void>) => {
    if (isMounting) it(title, test);
  };
  const descriptors = Descriptors.load();
  let folder = '';
  let blocks: CrashBlocks;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'depind-disk-'));
    blocks = await makeCrashBlocks(HEIGHTS);
    await writeFile(join(folder, 'blocks.json'), blocksToText(blocks));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Runs the blocks in a process whose files may have so many blocks of 1024 bytes; what it told last. */
  function runWithLimit(path: string, kilobytes: number) {
    const node = [
      process.execPath,
      '--import=tsx',
      NODE,
      path,
      join(folder, 'blocks.json'),
      '',
      '0',
      '0',
    ];
    // Without the signal a write beyond the limit fails as one on a full disk does.
    const script = `trap '' XFSZ; ulimit -f ${kilobytes}; exec "$@"`;
    const child = spawnSync('bash', ['-c', script, 'bash', ...node], {
      encoding: 'utf8',
      timeout: 50_000,
      env: { ...process.env, TSX_DISABLE_CACHE: '1' },
    });
    const told = child.stdout
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('committed'));
    return { committed: Number(told.at(-1)?.split(' ')[1] ?? 0), child };
  }

  it('stops when files can grow no more, and goes on when they can', async () => {
    const path = join(folder, 'limited');
    const { committed, child } = runWithLimit(path, 30);
    assert.notEqual(child.status, 0, child.stdout);
    assert.ok(committed > 0 && committed < HEIGHTS, `${committed}: ${child.stderr}`);
    assert.match(child.stderr, /could not be written|File too large|EFBIG/);
    const app = await openDepind({ store: { path }, descriptors, pruning: 'everything' });
    const version = Number(app.store.version);
    assert.ok(version === committed || version === committed + 1, `${version} of ${committed}`);
    assert.equal(toHex(app.store.appHash), blocks.appHashes[version - 1]);
    app.store.at(app.store.version).verify();
    await app.finalizeBlock(blocks.blocks[version]!);
    await app.commit();
    assert.equal(toHex(app.store.appHash), blocks.appHashes[version]);
    await app.close();
  });

  itMounted('stops when a small file system is full, and goes on once there is space', async () => {
    const mount = join(folder, 'small');
    mkdirSync(mount);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=80k', 'tmpfs', mount]);
    assert.equal(mounted.status, 0, String(mounted.stderr));
    try {
      const path = join(mount, 'state');
      const app = await openDepind({ store: { path, imageLogBytes: 2000 }, descriptors });
      await app.initChain(blocks.initChain);
      let committed = 0;
      const run = async () => {
        for (const request of blocks.blocks) {
          await app.finalizeBlock(request);
          await app.commit();
          committed = Number(request.height);
        }
      };
      await assert.rejects(run(), (error: Error) => {
        assert.match(error.message, /could not be written.*space/);
        return true;
      });
      await app.close().catch(() => undefined);
      const copy = join(folder, 'larger');
      await cp(path, copy, { recursive: true });
      const again = await openDepind({ store: { path: copy }, descriptors });
      const version = Number(again.store.version);
      assert.ok(version === committed || version === committed + 1, `${version} of ${committed}`);
      assert.equal(toHex(again.store.appHash), blocks.appHashes[version - 1]);
      await again.close();
    } finally {
      spawnSync('umount', ['-l', mount]);
    }
  });

  itMounted('refuses a read-only file system and says so', async () => {
    const source = join(folder, 'whole');
    const app = await openDepind({ store: { path: source }, descriptors });
    await app.initChain(blocks.initChain);
    await app.finalizeBlock(blocks.blocks[0]!);
    await app.commit();
    await app.close();
    const mount = join(folder, 'readonly');
    mkdirSync(mount);
    const bind = spawnSync('mount', ['--bind', source, mount]);
    assert.equal(bind.status, 0, String(bind.stderr));
    try {
      assert.equal(spawnSync('mount', ['-o', 'remount,ro,bind', mount]).status, 0);
      const expected = { name: 'StoreOpenError', message: /Read-only file system/ };
      await assert.rejects(openDepind({ store: { path: mount }, descriptors }), expected);
    } finally {
      spawnSync('umount', ['-l', mount]);
    }
    const again = await openDepind({ store: { path: source }, descriptors });
    assert.equal(again.store.version, 1n);
    await again.close();
  });

  it('lets only one process use a home, and names the path', async () => {
    const path = join(folder, 'shared');
    const args = ['--import=tsx', NODE, path, join(folder, 'blocks.json'), '', '0', '0'];
    const holder = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      for await (const line of createInterface(holder.stdout)) if (line === 'done') break;
      const expected = {
        name: 'StoreOpenError',
        kind: 'locked',
        message: /another process uses it/,
      };
      await assert.rejects(openDepind({ store: { path }, descriptors }), expected);
    } finally {
      holder.kill('SIGKILL');
      await once(holder, 'exit');
    }
    const home = join(folder, 'network');
    await createCrashHome(home);
    const first = await openCrashHome(home);
    await assert.rejects(openCrashHome(home), /blockstore\.db.*another process holds it/);
    await first.close();
  });

  for (const [name, older, message] of [
    ['the state', 'application.db', undefined],
    [
      'the block store',
      'blockstore.db',
      /ahead of the block store at 3: blocks are lost; put back/,
    ],
    [
      'what was signed',
      'priv_validator_state.json',
      /is missing or an older copy: .* Put its newest/,
    ],
  ] as const) {
    it(`takes an older copy of ${name} for what it is`, async () => {
      const home = join(folder, `older-${older}`);
      await createCrashHome(home);
      const data = join(home, 'node0', 'data', older);
      for (const blocksMade of [3, 4]) {
        const running = await openCrashHome(home);
        for (let block = 0; block < blocksMade; block++) await running.network.produceBlock();
        await running.close();
        if (blocksMade === 3) await cp(data, join(folder, `copy-${older}`), { recursive: true });
      }
      await rm(data, { recursive: true });
      await cp(join(folder, `copy-${older}`), data, { recursive: true });
      assert.ok(existsSync(data));
      if (message !== undefined) return assert.rejects(openCrashHome(home), message);
      const again = await openCrashHome(home);
      assert.equal(again.network.store.height, 7n);
      await again.network.produceBlock();
      return again.close();
    });
  }
});
