import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { MODULES } from '../../modules/app.ts';
import { makeProgram } from '../program.ts';
import { run as runCli, testTerminal } from '../testing/terminal.ts';
import { findCheckout, joinModules, nextReportKind } from './checkout.ts';
import { checkModuleName } from './names.ts';

const run = promisify(execFile);
const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const BUF = join(ROOT, 'node_modules', '@bufbuild', 'buf-linux-x64', 'bin', 'buf');
const SOURCES = ['chain', 'cli', 'localnet', 'modules', 'proto', 'scripts', 'sim', 'wire'];
const FILES = [
  'package.json',
  'tsconfig.json',
  'buf.yaml',
  'buf.gen.yaml',
  'biome.json',
  '.gitignore',
  'test/moduleSpecs.test.ts',
];

/** What a checkout has; the packages are linked, but for those that buf reads, which follows no links. */
function copyCheckout(folder: string): void {
  const isNeeded = (path: string): boolean => !/\.test\.ts$|\/vectors\//.test(path);
  for (const source of SOURCES) {
    cpSync(join(ROOT, source), join(folder, source), { recursive: true, filter: isNeeded });
  }
  for (const file of FILES) cpSync(join(ROOT, file), join(folder, file));
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    const [from, to] = [ROOT, folder].map((root) => join(root, 'node_modules', name)) as [
      string,
      string,
    ];
    if (name === '@protobufs') cpSync(from, to, { recursive: true });
    else symlinkSync(from, to);
  }
}

describe('depind module new', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'depind-module-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  for (const name of ['', 'ab', 'Tides', '1tides', 'tide-gauge', 'tide/../x', 'a'.repeat(21)]) {
    it(`refuses the name "${name}"`, () => {
      assert.throws(() => checkModuleName(name), /name: expected 3 to 20 lower-case letters/);
    });
  }

  it('refuses names that TypeScript or the project uses', () => {
    for (const name of ['class', 'genesis', 'app', 'new', 'constructor']) {
      assert.throws(() => checkModuleName(name), /has a meaning of its own/);
    }
  });

  it('refuses names that a command or a store has', async () => {
    const program = await makeProgram(['tx', 'query'], testTerminal());
    const beside = ['tx', 'query'].flatMap((group) => {
      const { commands } = program.commands.find((command) => command.name() === group)!;
      return commands.map((command) => command.name());
    });
    const isModule = (name: string): boolean => MODULES.some((module) => module.name === name);
    const stores = MODULES.map(({ storeName }) => storeName);
    const taken = [...beside, ...stores, 'help', 'sdk'].filter((name) => !isModule(name));
    assert.ok(taken.includes('block') && taken.includes('acc'), taken.join());
    for (const name of taken)
      assert.throws(() => checkModuleName(name), /^TypeError: name: /, name);
  });

  it('refuses a module that is there, and a folder that is no checkout', async () => {
    const taken = await runCli(['module', 'new', 'sensors'], { workingDirectory: ROOT });
    assert.match(taken.err, /modules\/sensors is there already/);
    assert.equal(taken.code, 1);
    assert.throws(() => findCheckout(folder), /is in no checkout of depind/);
    writeFileSync(join(folder, 'package.json'), '{"name":"another"}');
    assert.throws(() => findCheckout(folder), /is in no checkout of depind/);
    assert.equal(findCheckout(join(ROOT, 'modules', 'bank')), ROOT);
  });

  it('takes the next kind of report, and the place of its name among the imports', () => {
    const app = 'modules/app.ts';
    for (const module of ['bank', 'tides'])
      mkdirSync(join(folder, 'modules', module), { recursive: true });
    writeFileSync(join(folder, 'modules', 'tides', 'keys.ts'), 'export const TIDES2_KIND = 9;\n');
    cpSync(join(ROOT, app), join(folder, app));
    assert.equal(nextReportKind(folder), 10);
    joinModules(folder, 'bees');
    joinModules(folder, 'zebras');
    const text = readFileSync(join(folder, app), 'utf8');
    const imports = [...text.matchAll(/from '\.\/(\w+)\/module\.ts'/g)].map(([, name]) => name);
    assert.deepEqual(imports, [...imports].sort());
    assert.match(text, /\n {2}bees,\n {2}zebras,\n\];/);
    writeFileSync(join(folder, app), 'export const MODULES = other;\n');
    assert.throws(() => joinModules(folder, 'bees'), /found no list MODULES/);
  });

  // Generated code needs buf, which is there for linux-x64 only.
  if (existsSync(BUF)) {
    it('writes a module that compiles, is linted, passes its tests and is simulated', async () => {
      copyCheckout(folder);
      const made = await runCli(['module', 'new', 'harbours'], { workingDirectory: folder });
      assert.equal(made.code, 0, made.err);
      assert.match(made.out, /^modules\/harbours\/module\.ts$/m);
      assert.match(made.err, /npx depind query harbours params/);
      const config = {
        extends: './tsconfig.json',
        files: ['modules/app.ts'],
        include: ['modules/harbours'],
      };
      writeFileSync(join(folder, 'tsconfig.made.json'), JSON.stringify(config));
      const node = (...words: string[]) => run(process.execPath, words, { cwd: folder });
      const failed = ({ stdout, stderr }: { readonly stdout?: string; readonly stderr?: string }) =>
        assert.fail(`${stdout}${stderr}`);
      const own = ['harbours', 'scoring'].map((name) => `modules/harbours/${name}.test.ts`);
      const tests = [...own, 'test/moduleSpecs.test.ts'];
      const biome = join(ROOT, 'node_modules/@biomejs/cli-linux-x64/biome');
      const [, tested, simulated] = await Promise.all([
        node('node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.made.json').catch(
          failed,
        ),
        node(
          '--import=tsx',
          'node_modules/mocha/bin/mocha.js',
          '--no-config',
          '--timeout',
          '30000',
          ...tests,
        ).catch(failed),
        node(
          ...['--import=tsx', 'sim/main.ts', '--module', 'harbours'],
          ...['--blocks', '6', '--seed', '1', '--json'],
        ).catch(failed),
        existsSync(biome) && run(biome, ['check', 'modules'], { cwd: folder }).catch(failed),
      ]);
      assert.match(tested.stdout, /imports what it exports/);
      assert.match(tested.stdout, /harbours: names its parameters with their defaults/);
      assert.match(simulated.stdout, /harbours/);
    });
  }
});
