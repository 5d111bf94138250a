// Bundles the benchmarks into dist/bench-build as the program is, so that they measure what its users run.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './lightclient-options.mjs';
import { NODE_BUILD } from './node-options.mjs';

/** In processes of their own. */
const PROGRAMS = ['headerOnce', 'killedState', 'restartOnce', 'senderProcess', 'verifyOnce'];
const outdir = join(ROOT, 'dist', 'bench-build');

rmSync(outdir, { recursive: true, force: true });
const programs = PROGRAMS.map((name) => [name, `bench/support/${name}.ts`]);
await build({
  ...NODE_BUILD,
  entryPoints: {
    main: 'bench/main.ts',
    worker: 'chain/crypto/worker.ts',
    ...Object.fromEntries(programs),
  },
  outdir,
});
