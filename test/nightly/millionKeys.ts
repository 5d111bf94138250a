/** A snapshot of a million keys, made in one process and restored in another, to the same AppHash. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const KEYS = Number(process.env.DEPIND_SNAPSHOT_KEYS ?? 1_000_000);
const PROGRAM = fileURLToPath(new URL('../support/snapshotProcess.ts', import.meta.url));

describe(`a snapshot of ${KEYS} keys`, function () {
  this.timeout(600_000);
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'depind-million-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  function run(...args: string[]): string {
    const options = { encoding: 'utf8', maxBuffer: 1 << 20 } as const;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import=tsx', PROGRAM, ...args],
      options,
    );
    assert.equal(status, 0, stderr);
    return stdout.trim();
  }

  it('comes to the same AppHash in another process, also after a restart', () => {
    const snapshots = join(folder, 'snapshots');
    const appHash = run('make', join(folder, 'giver'), snapshots, String(KEYS));
    assert.match(appHash, /^[0-9a-f]{64}$/);
    const taker = join(folder, 'taker');
    assert.equal(run('restore', taker, snapshots, appHash), appHash);
    assert.equal(run('read', taker), appHash);
  });
});
