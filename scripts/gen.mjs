// Generates wire/gen from the .proto text with buf and ts-proto, proto/descriptors.json from the same text, and the
// WebAssembly that chain/crypto and chain/store keep.
// `--check` fails when the committed files differ.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const buf = 'node_modules/@bufbuild/buf-linux-x64/bin/buf';
if (!existsSync(buf)) {
  console.error(`${buf} is missing: code generation needs linux-x64 and \`npm ci\``);
  process.exit(1);
}
execFileSync(buf, ['generate'], { stdio: 'inherit' });
const tables = 'proto/descriptors.json';
const write = "import('./chain/descriptors/loadTables.ts').then((m) => m.writeTables())";
execFileSync(process.execPath, ['--import=tsx', '--eval', write], { stdio: 'inherit' });
const kernels = ['chain/crypto/kernels/storedKernels.ts', 'chain/store/arena/storedTreeKernel.ts'];
for (const store of [
  "import('./chain/crypto/kernels/writeKernels.ts').then((m) => m.writeKernels())",
  "import('./chain/store/arena/writeTreeKernel.ts').then((m) => m.writeTreeKernel())",
]) {
  execFileSync(process.execPath, ['--import=tsx', '--eval', store], { stdio: 'inherit' });
}
if (process.argv.includes('--check')) {
  const changed = execFileSync(
    'git',
    ['status', '--porcelain', '--', 'wire/gen', tables, ...kernels],
    {
      encoding: 'utf8',
    },
  );
  if (changed !== '') {
    console.error(
      `what is generated is not what proto/ gives; run \`npm run gen\` and commit:\n${changed}`,
    );
    process.exit(1);
  }
}
