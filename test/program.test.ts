import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { servedByModules } from '../cli/derived/servedByModules.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BIN = join(ROOT, 'bin', 'depind.js');
const PROGRAM = join(ROOT, 'dist', 'program');
const run = promisify(execFile);

/** A file of the bundle and those that it imports before it runs. */
function loadedWith(path: string, files = new Set<string>()): Set<string> {
  if (files.has(path)) return files;
  files.add(path);
  const text = readFileSync(path, 'utf8');
  for (const [, name] of text.matchAll(/^(?:import|\} from|import .* from) "(\.\/[^"]+)";$/gm)) {
    loadedWith(join(dirname(path), name!), files);
  }
  return files;
}

const sizeOf = (files: ReadonlySet<string>): number =>
  [...files].reduce((sum, file) => sum + readFileSync(file).length, 0);

/** Bundled anew where a source has changed since. */
describe('the bundled program', function () {
  this.timeout(60_000);
  let home: string;

  const depind = async (...args: string[]): Promise<string> =>
    (await run(process.execPath, [BIN, ...args, '--home', home])).stdout;

  before(async () => {
    home = join(await mkdtemp(join(tmpdir(), 'depind-program-')), 'net');
    await run(process.execPath, [BIN, '--version']);
  });

  after(() => rm(dirname(home), { recursive: true, force: true }));

  it('reads little before it knows what is asked', () => {
    const files = loadedWith(join(PROGRAM, 'run.js'));
    const size = sizeOf(files);
    assert.ok(
      files.size > 1 && size > 100_000,
      `${files.size} files with ${size} bytes were found`,
    );
    assert.ok(size < 250_000, `${size} bytes`);
  });

  it('knows the commands of all modules without loading them', async () => {
    const written = JSON.parse(readFileSync(join(PROGRAM, 'served.json'), 'utf8')) as unknown;
    assert.deepEqual(written, servedByModules());
    const help = (await run(process.execPath, [BIN, 'query', 'compute', '--help'])).stdout;
    assert.match(help, /^ {2}provider /m);
    const texts = [...loadedWith(join(PROGRAM, 'run.js'))].map((file) =>
      readFileSync(file, 'utf8'),
    );
    for (const command of ['queryCommand', 'txCommand']) {
      const [, name] = new RegExp(`import\\("\\./(${command}-[^"]+)"\\)`).exec(texts.join()) ?? [];
      const size = sizeOf(loadedWith(join(PROGRAM, name!)));
      assert.ok(size > 100_000 && size < 1_000_000, `${command}: ${size} bytes`);
    }
  });

  it('runs a network, signs a transfer, and finds it in the state', async () => {
    const args = ['--validators', '1', '--no-fleet', '--block-time', '50ms', '-o', 'json'];
    const ports = ['--rpc-port', '0', '--rest-port', '0'];
    const network = spawn(
      process.execPath,
      [BIN, 'localnet', 'start', '--home', home, ...args, ...ports],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    try {
      await once(network.stdout, 'data');
      await depind('tx', 'bank', 'send', 'alice', 'bob', '5000udepin', '-y');
      assert.match(await depind('query', 'bank', 'balances', 'bob'), /\b1000000005000\b/);
    } finally {
      network.kill('SIGINT');
      await once(network, 'exit');
    }
  });

  it('names the lines of its sources with DEBUG', async () => {
    const env = { ...process.env, DEBUG: '1' };
    await assert.rejects(
      run(process.execPath, [BIN, 'export', '--home', ROOT], { env }),
      /cli\/nodeHome\.ts:\d+/,
    );
  });
});
