import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** What is extracted; ignored by git, and by TypeScript and mocha since its name begins with a dot. */
const WORK = join(ROOT, 'test', '.docs');
const BUF = join(ROOT, 'node_modules', '@bufbuild', 'buf-linux-x64', 'bin', 'buf');
const SKIPPED = new Set(['node_modules', 'dist', 'coverage']);
const MODULE_GUIDE = 'docs/guides/write-a-module.md';
const PROGRAM_SOURCES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs/guides')).map((name) => `docs/guides/${name}`),
];

interface Block {
  readonly language: string;
  /** The file that the block is, named behind its language. */
  readonly path: string;
  readonly text: string;
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

function markdownFiles(folder = ''): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return SKIPPED.has(entry.name) || entry.name.startsWith('.') ? [] : markdownFiles(path);
    }
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

function blocksOf(path: string): Block[] {
  const found = read(path).matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm);
  return [...found].map(([, language, file = '', text]) => ({
    language: language!,
    path: file,
    text: text!,
  }));
}

const guideFiles = (language: string): Block[] =>
  blocksOf(MODULE_GUIDE).filter((block) => block.language === language && block.path !== '');

function write(path: string, text: string): string {
  mkdirSync(dirname(join(WORK, path)), { recursive: true });
  writeFileSync(join(WORK, path), text);
  return path;
}

/** Runs the code generator on the guide's `.proto` files, in copies: it empties and writes folders. */
async function generate(): Promise<Block[]> {
  const folder = join(WORK, 'generate');
  for (const path of ['proto', 'node_modules/@protobufs']) {
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  }
  cpSync(join(ROOT, 'buf.yaml'), join(folder, 'buf.yaml'));
  for (const { path, text } of guideFiles('proto')) write(join('generate', path), text);
  const template = read('buf.gen.yaml')
    .replace('clean: true', 'clean: false')
    .replace(/(paths:\n)(?:\s+- .*\n)+/, '$1      - proto/depin/tides\n')
    .replace('include_imports: true', 'include_imports: false')
    .replace('node_modules/ts-proto/', `${ROOT}/$&`);
  writeFileSync(join(folder, 'buf.gen.yaml'), template);
  await run(BUF, ['generate'], { cwd: folder });
  const generated = 'wire/gen/depin/tides/v1';
  return readdirSync(join(folder, generated)).map((name) => ({
    language: 'ts',
    path: `${generated}/${name}`,
    text: readFileSync(join(folder, generated, name), 'utf8'),
  }));
}

/** Writes the files that the guide makes. What they import and the guide does not make is the project's own. */
async function followModuleGuide(): Promise<string[]> {
  const files = [...guideFiles('ts'), ...(await generate())];
  const made = new Set(files.map(({ path }) => path));
  return files.map(({ path, text }) =>
    write(
      path,
      text.replace(/(from ['"])(\.[^'"]+)/g, (whole, start: string, target: string) => {
        const file = join(dirname(path), target);
        if (made.has(file)) return whole;
        return `${start}${relative(dirname(join(WORK, path)), join(ROOT, file))}`;
      }),
    ),
  );
}

/** The `.proto` text of the guide lies beside those of the project: as of a module that lives elsewhere. */
function addProtoFolder(): string {
  const folder = join(WORK, 'added');
  for (const { path, text } of guideFiles('proto')) write(path.replace('proto/', 'added/'), text);
  const descriptors = join(ROOT, 'chain/descriptors/index.ts');
  const text = `import { Descriptors } from '${descriptors}';\nDescriptors.addFolder('${folder}');\n`;
  return write('addProtoFolder.ts', text);
}

/** Programs as a user of the package writes them. */
function extractPrograms(): string[] {
  return PROGRAM_SOURCES.flatMap((source) =>
    blocksOf(source)
      .filter(
        ({ language, path, text }) => language === 'ts' && path === '' && /^import/.test(text),
      )
      .map(({ text }, i) => {
        const name = source.replaceAll('/', '-').replace('.md', '');
        return write(`programs/${name}-${i + 1}.ts`, text);
      }),
  );
}

/** What the README of the light client leaves to its reader: names that its programs use and do not make. */
const LEFT_TO_READERS: Readonly<Record<string, string>> = {
  chainId: 'string',
  address: 'string',
  hash: 'Uint8Array',
  key: 'Uint8Array',
  start: 'Uint8Array',
  end: 'Uint8Array',
  height: 'bigint',
  period: 'bigint',
  now: 'bigint',
  trust: "import('depind/lightclient').TrustOptions",
  client: "import('depind/lightclient').LightClient",
  primary: "import('depind/lightclient').ChainNode",
  witnesses: "readonly import('depind/lightclient').ChainNode[]",
};

/** Every program of that README, whole or not. */
function lightClientPrograms(): string[] {
  const programs = blocksOf('lightclient/README.md').filter(({ language }) => language === 'ts');
  assert.ok(programs.length >= 7);
  return programs.map(({ text }, i) => {
    const left = Object.entries(LEFT_TO_READERS)
      .filter(([name]) => !new RegExp(`\\bconst\\b[^=]*\\b${name}\\b[^=]*=`).test(text))
      .map(([name, type]) => `declare const ${name}: ${type};\n`);
    return write(`programs/lightclient-${i + 1}.ts`, `${text}${left.join('')}export {};\n`);
  });
}

/** Where the sources of each export of the package lie, so that no build is needed. */
function exportedPaths(): Record<string, string[]> {
  const { exports } = JSON.parse(read('package.json')) as {
    exports: Record<string, { types: string }>;
  };
  return Object.fromEntries(
    Object.entries(exports).map(([name, { types }]) => [
      `depind${name.slice(1)}`,
      [`../../${types.replace('./dist/', '').replace('.d.ts', '.ts')}`],
    ]),
  );
}

async function checkTypes(files: readonly string[]): Promise<void> {
  const config = {
    extends: '../../tsconfig.json',
    compilerOptions: {
      paths: exportedPaths(),
      lib: ['es2023', 'dom'],
      // As bundlers resolve: otherwise the types of CosmJS, which is CommonJS, and ours come from two builds of one package.
      module: 'esnext',
      moduleResolution: 'bundler',
    },
    include: [],
    files,
  };
  write('tsconfig.json', JSON.stringify(config));
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  await run(process.execPath, [compiler, '-p', WORK]).catch((error: { stdout?: string }) =>
    assert.fail(`code in the documents does not compile:\n${error.stdout || error}`),
  );
}

describe('documents', function () {
  this.timeout(60_000);

  it('link to files that exist', () => {
    const broken = markdownFiles().flatMap((file) => {
      const text = read(file).replace(/^```[\s\S]*?^```$/gm, '');
      return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, target]) => target!.replace(/#.*$/, ''))
        .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
        .filter((target) => !existsSync(join(ROOT, dirname(file), target)))
        .map((target) => `${file}: ${target}`);
    });
    assert.deepEqual(broken, []);
    assert.ok(markdownFiles().length >= 15);
  });

  it('name only files of the project', () => {
    const rooted =
      /`((?:wire|chain|modules|localnet|lightclient|cli|test|interop|docs|scripts)\/[\w./-]+)`/g;
    const guided = new Set(blocksOf(MODULE_GUIDE).map(({ path }) => path));
    const broken = markdownFiles().flatMap((file) =>
      [...read(file).matchAll(rooted)]
        .map(([, path]) => path!)
        .filter((path) => !existsSync(join(ROOT, path)) && !guided.has(path))
        .map((path) => `${file}: ${path}`),
    );
    assert.deepEqual(broken, []);
  });

  it('every clause of a module that a test names stands in its README', () => {
    const clause = /\b(?:AUT|BNK|STA|DEV|CRE|COV|CMP|SEN|UPG)-\w+\b/g;
    const missing = readdirSync(join(ROOT, 'modules'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => {
        const spec = read(`modules/${name}/README.md`);
        const tests = readdirSync(join(ROOT, 'modules', name)).filter((f) =>
          f.endsWith('.test.ts'),
        );
        return tests
          .flatMap((test) => read(`modules/${name}/${test}`).match(clause) ?? [])
          .filter((id) => !spec.includes(`**${id}**`))
          .map((id) => `${name}: ${id}`);
      });
    assert.deepEqual(missing, []);
  });

  describe('code', () => {
    const clear = (): void => rmSync(WORK, { recursive: true, force: true });
    before(clear);
    after(clear);

    it('compiles', async () => {
      const programs = extractPrograms();
      assert.ok(programs.length >= 3, `found ${programs.map((path) => basename(path)).join()}`);
      // Generated code needs buf, which is there for linux-x64 only.
      programs.push(...lightClientPrograms());
      await checkTypes([...programs, ...(existsSync(BUF) ? await followModuleGuide() : [])]);
    });

    it('of the guide to modules is a module in under 100 lines', () => {
      const files = [...guideFiles('proto'), ...guideFiles('ts')].filter(
        ({ path }) => !path.endsWith('.test.ts'),
      );
      const isCode = (line: string): boolean => !/^\s*(\/\/.*|\/\*\*.*\*\/)?$/.test(line);
      const lines = files.flatMap(({ text }) => text.split('\n')).filter(isCode);
      assert.ok(files.length >= 3 && lines.length < 100, `${lines.length} lines`);
    });

    if (existsSync(BUF)) {
      it('of the guide to modules passes its own test', async () => {
        const mocha = join(ROOT, 'node_modules', 'mocha', 'bin', 'mocha.js');
        const test = guideFiles('ts').find(({ path }) => path.endsWith('.test.ts'))!.path;
        const file = relative(ROOT, join(WORK, test));
        const setup = join(WORK, addProtoFolder());
        const args = ['--import=tsx', mocha, '--no-config', '--file', setup, file];
        const { stdout } = await run(process.execPath, args, { cwd: ROOT }).catch(
          (error: { stdout?: string }) => assert.fail(error.stdout),
        );
        assert.match(stdout, /2 passing/);
      });
    }
  });
});
