import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
/** Installed on the machines that lint. */
const BIOME = join(ROOT, 'node_modules/@biomejs/cli-linux-x64/biome');

/** A line that must be refused, and the words or rule by which it is. */
const BANNED: readonly (readonly [line: string, refusal: RegExp])[] = [
  ['export const a = Date.now();', /no clock and no chance/],
  ['export const a = new Date();', /no clock and no chance/],
  ['export const a = Math.random();', /no clock and no chance/],
  ['export const a = Math.random;', /no clock and no chance/],
  ['export const a = Math.log2(3);', /compute this function differently/],
  ['export const a = Math.sin(3);', /compute this function differently/],
  ["export const a = 'a'.localeCompare('b');", /locale of the machine/],
  ['export const a = (3).toLocaleString();', /locale of the machine/],
  ['export const a = new Date(0).getHours();', /time zone of the machine/],
  ['for (const a in { b: 1 }) if (a) break;', /inherited names/],
  ['export const a = process.pid;', /global variable process/],
  ['export const a = performance.now();', /global variable performance/],
  ['export const a = new Intl.Collator();', /global variable Intl/],
  ['setTimeout(() => undefined, 1);', /global variable setTimeout/],
  ['export const a = crypto.randomUUID();', /global variable crypto/],
  // The same under other names.
  ['export const a = globalThis.Date.now();', /global variable globalThis/],
  ['export const a = global.process;', /global variable global/],
  ["export const a = Math['random']();", /each by its name/],
  ['export const a = Math?.random();', /each by its name/],
  ['const { log2 } = Math; export const a = log2(3);', /each by its name/],
  ['const { now } = Date; export const a = now();', /dates are read and written/],
  ['const D = Date; export const a = new D();', /dates are read and written/],
  ["export const a = new Date('2020-01-01T00:00');", /dates are read and written/],
  ['export const a = Reflect.construct(Map, []);', /global variable Reflect/],
  ["export const a = new Function('return 1')();", /global variable Function/],
  ["export const a = 'a'['toLocaleUpperCase']();", /useLiteralKeys/],
  ["export const a = 'e'.normalize();", /versions of Unicode/],
  ["export const a = /\\p{L}/u.test('a');", /versions of Unicode/],
  ["export const a = new Error('a').stack;", /stack trace/],
  [
    "import { randomBytes } from '@noble/hashes/utils.js'; export const a = randomBytes(3);",
    /no clock and no chance/,
  ],
  ['export const a = { keygen: () => 1 }.keygen();', /no clock and no chance/],
  ['console.log(1);', /global variable console/],
  ['export const a = new WeakRef({});', /global variable WeakRef/],
  ['export const a = new FinalizationRegistry(() => {});', /global variable FinalizationRegistry/],
  ["export const a = new Worker('a');", /global variable Worker/],
];

/** What is exact and the same everywhere, and must not be refused. */
const ALLOWED = [
  'export const a = Math.max(Math.floor(1.5), Math.min(2, 3));',
  "export const a = (window: number): number => window * 2; export const b = ['b', 'a'].sort();",
];

/** Where a handler runs, but not where the disk is written or ABCI is answered. */
const SYNCHRONOUS: typeof BANNED = [
  ['export async function a() {}', /is synchronous/],
  ['export const a = async () => 1;', /is synchronous/],
  ['export class A { async b() {} }', /is synchronous/],
  ['export class A { static async b() {} }', /is synchronous/],
  ['export const a = { async b() {} };', /is synchronous/],
  ['export const a = Promise.resolve(1);', /does not wait/],
  ['export const a = await import("./a.ts");', /does not wait/],
  ["import 'node:fs';", /uses nothing of the machine/],
  ["import fs from 'fs'; export const a = fs;", /useNodejsImportProtocol/],
  ["export const a = import('./a.ts');", /does not wait/],
  ['export const a = new Promise<void>((done) => done());', /does not wait/],
  ['const P = Promise; export const a = P.resolve(1);', /does not wait/],
  ['export const a = import.meta.url;', /where it lies/],
  ['export async function* a() { yield 1; }', /is synchronous/],
];

interface Diagnostic {
  readonly category: string;
  readonly severity: string;
  readonly description?: string;
  readonly message?: string;
  readonly location: { readonly path?: unknown };
  readonly advices?: unknown;
}

describe('the linter', () => {
  let folder = '';
  let refused = new Map<string, string>();

  /** One file a line, in every folder, linted in one run. */
  before(() => {
    if (!existsSync(BIOME)) return;
    folder = mkdtempSync(join(tmpdir(), 'depind-lint-'));
    cpSync(join(ROOT, 'scripts/lint'), join(folder, 'scripts/lint'), { recursive: true });
    const config = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8')) as { vcs?: unknown };
    delete config.vcs;
    writeFileSync(join(folder, 'biome.json'), JSON.stringify(config));
    for (const where of [
      'wire',
      'chain/module',
      'modules/coverage',
      'chain/app',
      'chain/store',
      'cli',
    ]) {
      mkdirSync(join(folder, where), { recursive: true });
      for (const [i, [line]] of [...BANNED, ...SYNCHRONOUS].entries()) {
        writeFileSync(join(folder, where, `line${i}.ts`), `${line}\n`);
      }
      for (const [i, line] of ALLOWED.entries()) {
        writeFileSync(join(folder, where, `allowed${i}.ts`), `${line}\n`);
      }
    }
    const run = spawnSync(BIOME, ['lint', '--reporter=json', '--max-diagnostics=none', '.'], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    refused = messagesByFile(run.stdout);
  });

  after(() => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  const check = (where: string, lines: typeof BANNED, offset = 0): void => {
    if (folder === '') return;
    for (const [i, [line, refusal]] of lines.entries()) {
      assert.match(
        refused.get(`${where}/line${i + offset}.ts`) ?? '',
        refusal,
        `${where}: ${line}`,
      );
    }
  };

  for (const where of ['wire', 'chain/module', 'modules/coverage']) {
    it(`refuses in ${where} what two machines would not agree on, and what waits`, () => {
      check(where, BANNED);
      check(where, SYNCHRONOUS, BANNED.length);
    });
  }

  for (const where of ['chain/app', 'chain/store']) {
    it(`refuses in ${where} what two machines would not agree on`, () => check(where, BANNED));
  }

  it('lets pass what is the same everywhere', () => {
    const files = ALLOWED.map((_line, i) => `modules/coverage/allowed${i}.ts`);
    if (folder !== '') for (const file of files) assert.equal(refused.get(file), undefined, file);
  });

  it('leaves other folders alone', () => {
    if (folder === '') return;
    for (const i of [0, 2, 4, 10, BANNED.length]) {
      assert.doesNotMatch(
        refused.get(`cli/line${i}.ts`) ?? '',
        /state machine|chain\/math|global variable/,
      );
    }
  });
});

/** All that was said of each file. */
function messagesByFile(output: string): Map<string, string> {
  const { diagnostics } = JSON.parse(output) as { diagnostics: readonly Diagnostic[] };
  const messages = new Map<string, string>();
  // What is no error does not stop anybody.
  for (const diagnostic of diagnostics.filter(({ severity }) => severity === 'error')) {
    const { path } = diagnostic.location;
    const file = typeof path === 'string' ? path : (path as { file?: string })?.file;
    if (file === undefined) continue;
    const name = file.replace(/^\.\//, '');
    messages.set(name, `${messages.get(name) ?? ''}\n${JSON.stringify(diagnostic)}`);
  }
  return messages;
}
