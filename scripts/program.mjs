// Bundles the program into dist/program: what a command needs is read as a few files, where hundreds would each be
// found, read and compiled. What is imported when it is needed stays apart. Packages with native code stay where they
// are. Nobody imports these files: programs import dist/, so that no process has two copies of a module.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './lightclient-options.mjs';
import { NODE_BUILD } from './node-options.mjs';
import { noticesOf } from './notices.mjs';

const target = join(ROOT, 'dist', 'program');

rmSync(target, { recursive: true, force: true });
const { metafile } = await build({
  ...NODE_BUILD,
  entryPoints: { run: 'cli/run.ts', worker: 'chain/crypto/worker.ts' },
  outdir: target,
});
writeFileSync(join(target, 'NOTICES.txt'), noticesOf(metafile));
