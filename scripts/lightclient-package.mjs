// What `npm pack ./lightclient` packs, so that the light client can be had alone: ESM files with their types, and no
// dependency but noble. The entry for CosmJS has CosmJS as its peer; what entries share stands in files of its own.
// npm runs this before it packs, and with --clean after.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { BROWSER_BUILD, ROOT } from './lightclient-options.mjs';

const source = join(ROOT, 'lightclient');
const target = join(source, 'dist');
const license = join(source, 'LICENSE');

clean();
if (!process.argv.includes('--clean')) {
  try {
    mkdirSync(target);
    copyFileSync(join(ROOT, 'LICENSE'), license);
    await writeCode();
    writeTypes();
  } catch (error) {
    // npm runs nothing after what failed.
    clean();
    throw error;
  }
}

function clean() {
  rmSync(target, { recursive: true, force: true });
  rmSync(license, { force: true });
}

/** Not minified: who imports it bundles it anyway, and who audits it reads it. */
async function writeCode() {
  const { outputFiles, metafile } = await build({
    ...BROWSER_BUILD,
    minify: false,
    entryPoints: {
      lightclient: join(source, 'index.ts'),
      cosmjs: join(source, 'cosmjs', 'index.ts'),
      codes: join(source, 'codes', 'index.ts'),
      wire: join(ROOT, 'wire', 'index.ts'),
    },
    outdir: target,
    splitting: true,
    chunkNames: 'shared-[hash]',
    external: ['@noble/*', '@cosmjs/tendermint-rpc'],
    metafile: true,
  });
  const foreign = Object.keys(metafile.inputs).filter((path) => path.includes('node_modules/'));
  if (foreign.length > 0) throw new Error(`bundled, though not ours: ${foreign.join(', ')}`);
  for (const { path, contents } of outputFiles) writeFileSync(path, contents);
}

/** The declarations of every file that the entry reaches. */
function writeTypes() {
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const project = join(ROOT, 'scripts', 'lightclient-types.json');
  // What npm prints is for programs: the name of the file that it packed.
  const stdio = ['ignore', 2, 2];
  execFileSync(process.execPath, [compiler, '-p', project, '--outDir', target], { stdio });
  for (const entry of readdirSync(target, { recursive: true, withFileTypes: true })) {
    if (!entry.name.endsWith('.d.ts')) continue;
    const path = join(entry.parentPath, entry.name);
    // Declarations name each other as the sources do.
    const text = readFileSync(path, 'utf8').replaceAll(/(['"]\.[^'"\n]*)\.ts(['"])/g, '$1.js$2');
    writeFileSync(path, text);
  }
}
