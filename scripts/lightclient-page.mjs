// Builds the page of the light client into dist/light-page, from which a localnet serves it at /light.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { BROWSER_BUILD, ROOT } from './lightclient-options.mjs';

const source = join(ROOT, 'lightclient', 'demo');
const target = join(ROOT, 'dist', 'light-page');

/** What draws and reads QR codes is a file of its own, which the page loads when it first needs it. */
const apart = {
  name: 'apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/codes\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './codes.js', external: true } : undefined,
    );
  },
};
const { outputFiles } = await build({
  ...BROWSER_BUILD,
  entryPoints: ['main', 'codes'].map((name) => join(source, `${name}.ts`)),
  outdir: target,
  plugins: [apart],
});
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const { path, contents } of outputFiles) writeFileSync(path, contents);
for (const file of ['index.html', 'style.css', 'icon.svg', 'serviceWorker.js']) {
  copyFileSync(join(source, file), join(target, file));
}
