import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MODULES } from '../modules/app.ts';
import { REPORT_KIND } from '../wire/reportPayload.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const FOLDERS = ['wire', 'chain', 'modules', 'localnet', 'lightclient', 'cli'] as const;

/** What the files of a folder may import of this project: the table of ARCHITECTURE.md. */
const MAY_IMPORT: Record<(typeof FOLDERS)[number], readonly string[]> = {
  wire: ['wire/'],
  chain: ['chain/', 'wire/'],
  modules: ['modules/', 'chain/', 'wire/'],
  localnet: ['localnet/', 'chain/abci/', 'wire/'],
  lightclient: ['lightclient/', 'wire/'],
  cli: ['cli/', 'wire/', 'chain/', 'modules/', 'localnet/', 'lightclient/'],
};

/** Packages that the two folders of the browser may import. */
const BROWSER_PACKAGES = /^(@noble\/(hashes|curves)\/|@bufbuild\/protobuf\/wire$)/;

/** The one entry of the light client that speaks to CosmJS; who imports it has CosmJS already. */
const COSMJS_FOLDER = 'lightclient/cosmjs/';
const COSMJS_PACKAGE = '@cosmjs/tendermint-rpc';

/** The page keeps what it verified in the browser's own database, and shows and scans QR codes. */
const PAGE_FOLDER = 'lightclient/demo/';
const PAGE_PACKAGES: readonly string[] = ['browser-level', 'qr', 'qr/decode.js'];

/** Files where a block is executed: nothing ambient, nothing asynchronous but the ABCI methods and the disk. */
const DETERMINISTIC = [
  'wire/',
  'chain/app/',
  'chain/state/',
  'chain/store/',
  'chain/module/',
  'chain/math/',
  'modules/',
];
const AMBIENT =
  /\b(Date\.now|new Date\(\)|Math\.random|Math\W?\[|globalThis|performance\.now|process\.env|setTimeout|setInterval|toLocale\w+|localeCompare|Intl\.)/;
const INEXACT =
  /\bMath\.(sin|cos|tan|asin|acos|atan2?|log|log2|log10|log1p|exp|expm1|pow|cbrt|hypot|sinh|cosh|tanh)\b/;

interface Import {
  readonly file: string;
  readonly target: string;
}

function sourceFiles(folder: string): string[] {
  const files: string[] = [];
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) files.push(...sourceFiles(path));
    else if (entry.name.endsWith('.ts')) files.push(path);
  }
  return files;
}

const isTest = (file: string): boolean => file.endsWith('.test.ts') || file.includes('/testing/');

/** Imports of a file, those in the examples of its comments aside; relative ones as paths from the root. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8').replace(/^ *\*.*$/gm, '');
  const found = text.matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\s*['"]([^'"]+)['"]/g);
  return [...found].map(([, specifier]) => {
    const target = specifier!.startsWith('.')
      ? relative(ROOT, resolve(ROOT, dirname(file), specifier!))
      : specifier!;
    return { file, target };
  });
}

const isOwn = (target: string): boolean =>
  /^(wire|chain|modules|localnet|lightclient|cli|test|sim|bench|interop)\//.test(target);

const production = FOLDERS.flatMap(sourceFiles).filter((file) => !isTest(file));

describe('architecture', () => {
  it('every import stays within the walls', () => {
    const broken = production.flatMap(importsOf).filter(({ file, target }) => {
      const folder = file.split('/')[0] as (typeof FOLDERS)[number];
      return isOwn(target) && !MAY_IMPORT[folder].some((allowed) => target.startsWith(allowed));
    });
    assert.deepEqual(broken, []);
    assert.ok(production.length > 100, `only ${production.length} files were read`);
  });

  it('wire/ and lightclient/ run in a browser: no Node built-ins, no packages but noble and the codec runtime', () => {
    const broken = production
      .filter((file) => file.startsWith('wire/') || file.startsWith('lightclient/'))
      .flatMap(importsOf)
      .filter(({ target }) => !isOwn(target) && !BROWSER_PACKAGES.test(target))
      .filter(({ file, target }) => !(file.startsWith(COSMJS_FOLDER) && target === COSMJS_PACKAGE))
      .filter(
        ({ file, target }) => !(file.startsWith(PAGE_FOLDER) && PAGE_PACKAGES.includes(target)),
      );
    assert.deepEqual(broken, []);
  });

  it('a module imports only the modules in its `uses`', () => {
    const broken: string[] = [];
    for (const name of readdirSync(join(ROOT, 'modules'), { withFileTypes: true })) {
      if (!name.isDirectory()) continue;
      const files = production.filter((file) => file.startsWith(`modules/${name.name}/`));
      const uses = usesOf(name.name);
      for (const { file, target } of files.flatMap(importsOf)) {
        const other = /^modules\/([^/]+)\//.exec(target)?.[1];
        if (other === undefined || other === name.name || uses.includes(other)) continue;
        broken.push(`${file} imports ${target}, uses are ${uses.join(', ')}`);
      }
    }
    assert.deepEqual(broken, []);
  });

  it('keys.ts of a module imports wire/ only, so that a client can import it', () => {
    const keys = production.filter((file) => /^modules\/[^/]+\/keys\.ts$/.test(file));
    const broken = keys.flatMap(importsOf).filter(({ target }) => !target.startsWith('wire/'));
    assert.deepEqual(broken, []);
    assert.ok(keys.length >= 5);
  });

  it('the store that keys.ts names is the one in which the module keeps its state', async () => {
    for (const { name, storeName } of MODULES) {
      const keys = (await import(`../modules/${name}/keys.ts`)) as Record<string, unknown>;
      assert.equal(keys[`${name.toUpperCase()}_STORE`], storeName, `modules/${name}/keys.ts`);
    }
  });

  it('no two modules take reports of one kind: each would refuse what is meant for the other', () => {
    const takers = new Map<number, string[]>(
      Object.entries(REPORT_KIND).map(([name, kind]) => [kind, [name]]),
    );
    for (const file of sourceFiles('modules').filter((each) => each.endsWith('/keys.ts'))) {
      const text = readFileSync(join(ROOT, file), 'utf8');
      for (const [, name, number] of text.matchAll(/\b([A-Z0-9_]+_KIND) = (\d+)\b/g)) {
        const kind = Number(number);
        takers.set(kind, [...(takers.get(kind) ?? []), `${name} of ${file}`]);
      }
    }
    for (const [kind, names] of takers) assert.equal(names.length, 1, `kind ${kind}: ${names}`);
  });

  it('only the composition root knows all modules, and nothing imports tests', () => {
    const broken = production
      .flatMap(importsOf)
      .filter(
        ({ file, target }) =>
          target.endsWith('.test.ts') ||
          target.startsWith('test/') ||
          (target === 'modules/app.ts' &&
            file.startsWith('modules/') &&
            !['modules/genesis.ts', 'modules/provenQueries.ts'].includes(file)),
      );
    assert.deepEqual(broken, []);
  });

  it('there is no cycle between files of one folder and another', () => {
    const edges = new Set(
      production.flatMap(importsOf).flatMap(({ file, target }) => {
        const [from, to] = [file.split('/')[0]!, target.split('/')[0]!];
        return isOwn(target) && from !== to ? [`${from} ${to}`] : [];
      }),
    );
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      [...edges].some((edge) => {
        const [a, b] = edge.split(' ') as [string, string];
        if (a !== from || seen.has(b)) return false;
        return b === to || reaches(b, to, seen.add(b));
      });
    for (const folder of FOLDERS)
      assert.equal(reaches(folder, folder), false, `${folder} reaches itself`);
  });

  it('the state machine uses nothing ambient and nothing inexact', () => {
    const broken = production
      .filter(
        (file) =>
          DETERMINISTIC.some((folder) => file.startsWith(folder)) && !file.startsWith('wire/gen/'),
      )
      .flatMap((file) =>
        readFileSync(join(ROOT, file), 'utf8')
          .split('\n')
          .filter((line) => !/^\s*(\*|\/\/|\/\*)/.test(line))
          .filter((line) => AMBIENT.test(line) || INEXACT.test(line))
          .map((line) => `${file}: ${line.trim()}`),
      );
    assert.deepEqual(broken, []);
  });
});

/** The names of the modules that a module declares to use. */
function usesOf(name: string): string[] {
  const module = MODULES.find((each) => each.name === name);
  assert.ok(module, `modules/${name} is not in modules/app.ts`);
  return Object.values(module.definition.uses ?? {}).map((used) => used.name);
}
