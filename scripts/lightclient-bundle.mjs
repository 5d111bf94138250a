// Bundles the light client as a browser takes it, one ESM file without Node built-ins, and says how large it is.
// It fails above the limits: with everything, and for who imports the verification of headers alone.
//   node scripts/lightclient-bundle.mjs [--json] [--write]
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { minify } from 'terser';
import { BROWSER_BUILD, ROOT } from './lightclient-options.mjs';

const entry = './lightclient/index.ts';

/** What is measured: what a page imports, and most bytes of it after gzip. */
const BUNDLES = [
  { name: 'everything', source: `export * from '${entry}';`, limit: 60_000 },
  {
    name: 'header verification',
    source: `export { verify, lightBlockFromJson, trustedStateFromJson } from '${entry}';`,
    limit: 35_000,
  },
];

async function bundle({ name, source, limit }) {
  const { outputFiles, metafile } = await build({
    ...BROWSER_BUILD,
    stdin: { contents: source, resolveDir: ROOT, loader: 'ts' },
    metafile: true,
  });
  const code = await smaller(outputFiles[0].text);
  const [{ inputs, imports }] = Object.values(metafile.outputs);
  const packages = Object.keys(inputs).flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  );
  return {
    name,
    limit,
    code,
    sizeBytes: code.length,
    gzipBytes: gzipSync(code, { level: 9 }).length,
    packages: [...new Set(packages)].sort(),
    imports: imports.map(({ path }) => path),
  };
}

/** As esbuild leaves it, 5 % larger: it takes one look at each expression, and names what gzip finds less in. */
async function smaller(text) {
  const { code } = await minify(text, { module: true, ecma: 2022, compress: { passes: 2 } });
  return Buffer.from(code);
}

const bundles = await Promise.all(BUNDLES.map(bundle));
if (process.argv.includes('--write')) {
  const path = join(ROOT, 'dist', 'lightclient-bundle', 'depind-lightclient.js');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bundles[0].code);
}
const shown = bundles.map(({ code, ...rest }) => rest);
if (process.argv.includes('--json')) console.log(JSON.stringify(shown));
else for (const each of shown) console.log(lineOf(each));
if (shown.some(({ gzipBytes, limit }) => gzipBytes > limit)) process.exitCode = 1;

function lineOf({ name, sizeBytes, gzipBytes, limit }) {
  const verdict = gzipBytes > limit ? 'TOO LARGE' : 'ok';
  return `${name}: ${gzipBytes} bytes gzipped of at most ${limit} (${sizeBytes} minified): ${verdict}`;
}
