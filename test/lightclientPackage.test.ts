import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NAME = 'depind-lightclient';
const run = promisify(execFile);

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

async function manifestAt(path: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(path, 'package.json'), 'utf8')) as Manifest;
}

/**
 * The example project, outside of this one, with the packed light client installed. By npm when `NPM_INSTALL` is
 * set; else laid out as npm does, so that no registry need be reached.
 */
async function install(project: string): Promise<void> {
  await cp(join(ROOT, 'examples', 'wallet'), project, { recursive: true });
  const packed = await run(
    'npm',
    ['pack', './lightclient', '--json', '--pack-destination', project],
    {
      cwd: ROOT,
    },
  );
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  if (process.env.NPM_INSTALL) {
    await run('npm', ['install', '--no-audit', '--no-fund', `./${filename}`], { cwd: project });
    return;
  }
  const target = join(project, 'node_modules', NAME);
  await mkdir(target, { recursive: true });
  await run('tar', ['-xzf', join(project, filename), '-C', target, '--strip-components=1']);
  const noble = join('node_modules', '@noble');
  await symlink(join(ROOT, noble), join(project, noble));
}

describe('the light client as a package of its own', () => {
  let project: string;

  before(async () => {
    project = await mkdtemp(join(tmpdir(), 'depind-wallet-'));
    await install(project);
  });

  after(() => rm(project, { recursive: true, force: true }));

  it('verifies in a project that has nothing else', async () => {
    const { stdout } = await run(process.execPath, ['header.js'], { cwd: project });
    assert.equal(stdout, 'height 40: 300000 of 400000 power signed\nthe forged one: commitBlock\n');
  });

  it('has types that fit the examples', async () => {
    const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    await run(process.execPath, [compiler, '-p', project], { cwd: project }).catch(
      (error: { stdout?: string }) => assert.fail(error.stdout ?? String(error)),
    );
  });

  it('has an entry for CosmJS, for who has CosmJS', async () => {
    const program =
      "import { LightClient } from 'depind-lightclient';" +
      "import { connectVerified } from 'depind-lightclient/cosmjs';" +
      'console.log(typeof LightClient, typeof connectVerified);';
    const start = () =>
      run(process.execPath, ['--input-type=module', '-e', program], { cwd: project });
    await assert.rejects(start(), /Cannot find package '@cosmjs\/tendermint-rpc'/);
    const cosmjs = join('node_modules', '@cosmjs');
    await symlink(join(ROOT, cosmjs), join(project, cosmjs));
    assert.equal((await start()).stdout, 'function function\n');
  });

  it('has an entry for what reports, headers and times say', async () => {
    const program =
      "import { verifyDevice } from 'depind-lightclient';" +
      "import { decodePayload, hashHeader, REPORT_KIND } from 'depind-lightclient/wire';" +
      'const payload = decodePayload(REPORT_KIND.heartbeat, new Uint8Array(64));' +
      'console.log(typeof verifyDevice, typeof hashHeader, payload.kind === REPORT_KIND.heartbeat);';
    const args = ['--input-type=module', '-e', program];
    const { stdout } = await run(process.execPath, args, { cwd: project });
    assert.equal(stdout, 'function function true\n');
  });

  it('depends on noble alone, in the versions that are tested here', async () => {
    const [own, all] = [
      await manifestAt(join(project, 'node_modules', NAME)),
      await manifestAt(ROOT),
    ];
    assert.deepEqual(Object.keys(own.dependencies), ['@noble/curves', '@noble/hashes']);
    for (const [name, version] of Object.entries(own.dependencies)) {
      assert.equal(version, all.dependencies[name], name);
    }
    assert.equal(own.version, all.version);
    assert.equal(
      (await manifestAt(project)).dependencies[NAME]?.replace(/.*lightclient-|\.tgz/g, ''),
      own.version,
    );
  });

  it('holds its license, its README and no file of a test', async () => {
    const files = await readdir(join(project, 'node_modules', NAME), { recursive: true });
    for (const name of ['LICENSE', 'README.md', join('dist', 'lightclient.js')]) {
      assert.ok(files.includes(name), name);
    }
    assert.deepEqual(
      files.filter((name) => /test|gen\//.test(name)),
      [],
    );
  });

  for (const [names, limit] of [
    ['verify, lightBlockFromJson, trustedStateFromJson', 35_000],
    ['verifyMembership, verifyNonMembership', 20_000],
    ['MemoryStore, toHex', 8_000],
  ] as const) {
    it(`lets bundlers leave out what is not imported: ${names} take less than ${limit} bytes`, async () => {
      const { outputFiles } = await build({
        stdin: { contents: `export { ${names} } from '${NAME}';`, resolveDir: project },
        bundle: true,
        format: 'esm',
        platform: 'browser',
        target: 'es2022',
        minify: true,
        write: false,
      });
      const size = gzipSync(outputFiles[0]!.contents, { level: 9 }).length;
      assert.ok(size < limit, `${size} bytes`);
    });
  }

  it('leaves nothing behind in the sources', async () => {
    const files = await readdir(join(ROOT, 'lightclient'));
    assert.deepEqual(
      files.filter((name) => name === 'dist' || name === 'LICENSE'),
      [],
    );
  });

  it('leaves nothing behind where it cannot be packed', async () => {
    const noCompiler =
      "import process from 'node:child_process'; import { syncBuiltinESMExports } from 'node:module';" +
      "process.execFileSync = () => { throw new Error('no compiler') }; syncBuiltinESMExports();";
    const script = join(ROOT, 'scripts', 'lightclient-package.mjs');
    const before = `data:text/javascript,${encodeURIComponent(noCompiler)}`;
    await assert.rejects(run(process.execPath, ['--import', before, script]), /no compiler/);
    const left = await readdir(join(ROOT, 'lightclient'));
    assert.deepEqual(
      left.filter((name) => name === 'dist' || name === 'LICENSE'),
      [],
    );
  });

  it('has a README without links that lead out of it', async () => {
    const readme = await readFile(join(project, 'node_modules', NAME, 'README.md'), 'utf8');
    assert.ok(readme.length > 5_000);
    assert.doesNotMatch(readme, /\]\((?!https?:|#)/);
  });
});
