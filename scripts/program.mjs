// Bundles the program into dist/program: what a command needs is read as a few files, where hundreds would each be
// found, read and compiled. What is imported when it is needed stays apart. Packages with native code stay where they
// are. Nobody imports these files: programs import dist/, so that no process has two copies of a module.
//   node scripts/program.mjs [--clean]
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { ROOT } from './lightclient-options.mjs';
import { NODE_BUILD } from './node-options.mjs';
import { noticesOf } from './notices.mjs';

/** A program that runs meanwhile goes on with the files it began with. */
const KEPT_MS = 86_400_000;
const target = join(ROOT, 'dist', 'program');
const isClean = process.argv.includes('--clean');

if (isClean) rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const { metafile } = await build({
  ...NODE_BUILD,
  entryPoints: {
    run: 'cli/run.ts',
    servedByModules: 'cli/derived/servedByModules.ts',
    worker: 'chain/crypto/worker.ts',
  },
  outdir: target,
});
checkImports(metafile);
writeFileSync(join(target, 'NOTICES.txt'), noticesOf(metafile));
await writeServed();
for (const name of readdirSync(target)) {
  const path = join(target, name);
  const isOld = statSync(path).mtimeMs < Date.now() - KEPT_MS;
  if (isOld && metafile.outputs[`dist/program/${name}`] === undefined) rmSync(path);
}

/** What `cli/derived/served.ts` reads, so that a command loads the modules only when it runs them. */
async function writeServed() {
  const { servedByModules } = await import(pathToFileURL(join(target, 'servedByModules.js')).href);
  writeFileSync(join(target, 'served.json'), JSON.stringify(servedByModules()));
}

/** Node finds the names that CommonJS exports; a bundle, imported when it is needed, has them as its default alone. */
function checkImports({ inputs }) {
  for (const [file, { imports }] of Object.entries(inputs)) {
    for (const { kind, path } of imports) {
      if (kind !== 'dynamic-import' || inputs[path]?.format !== 'cjs') continue;
      throw new Error(`${file}: expected a static import of ${path}, which is CommonJS`);
    }
  }
}
