// Builds the page of the light client into dist/light-page, from which a localnet serves it at /light.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { BROWSER_BUILD, ROOT } from './lightclient-options.mjs';

const source = join(ROOT, 'lightclient', 'demo');
const target = join(ROOT, 'dist', 'light-page');

const { outputFiles } = await build({
  ...BROWSER_BUILD,
  entryPoints: [join(source, 'main.ts')],
});
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
writeFileSync(join(target, 'main.js'), outputFiles[0].contents);
for (const file of ['index.html', 'style.css', 'icon.svg', 'serviceWorker.js']) {
  copyFileSync(join(source, file), join(target, file));
}
