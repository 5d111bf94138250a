// Brings a checkout into a state that runs: `npm ci` when the packages are missing or not those of the lock file,
// and with `--build` the bundled program. It uses nothing but Node, since nothing else may be there yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lockFile = join(root, 'package-lock.json');
const installedStamp = join(root, 'node_modules', '.depind-installed');
const builtStamp = join(root, 'dist', 'program', '.built');
const bundled = ['wire', 'chain', 'modules', 'localnet', 'lightclient', 'cli', 'scripts'];

/** Installs the packages of the lock file unless they are there. Returns whether all is well. */
export function ensureInstalled() {
  if (isInstalled()) return true;
  console.error('installing packages (npm ci) …');
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []];
  // stdout belongs to whatever runs after this.
  const { status } = spawnSync(command, [...first, 'ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) {
    console.error('npm ci failed: the lines above say why');
    return false;
  }
  writeFileSync(installedStamp, lockHash());
  return true;
}

function isInstalled() {
  if (existsSync(installedStamp)) return readFileSync(installedStamp, 'utf8') === lockHash();
  // npm writes this file itself, after all packages.
  const npmStamp = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(npmStamp) || timeOf(npmStamp) < timeOf(lockFile)) return false;
  writeFileSync(installedStamp, lockHash());
  return true;
}

function lockHash() {
  return createHash('sha256').update(readFileSync(lockFile)).digest('hex');
}

/** Bundles to dist/program unless that is newer than every source. Returns whether all is well. */
export function ensureBuilt() {
  if (existsSync(builtStamp) && newestSource() < timeOf(builtStamp)) return true;
  console.error('building …');
  const started = new Date();
  // It needs a package, so it cannot be imported above. Types are what `npm run typecheck` looks at.
  const build = join(root, 'scripts', 'build.mjs');
  const { status } = spawnSync(process.execPath, [build], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    console.error('the build failed: the lines above say why');
    return false;
  }
  writeFileSync(builtStamp, '');
  // What changes while it builds is bundled the next time.
  utimesSync(builtStamp, started, started);
  return true;
}

/** When a source was last changed, in milliseconds. */
function newestSource() {
  let newest = timeOf(lockFile);
  const visit = (folder) => {
    // A file that was removed changes its folder only.
    newest = Math.max(newest, timeOf(folder));
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (/\.(ts|html|css|js|mjs|svg)$/.test(entry.name))
        newest = Math.max(newest, timeOf(path));
    }
  };
  for (const folder of bundled) visit(join(root, folder));
  return newest;
}

function timeOf(path) {
  return statSync(path).mtimeMs;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const isReady = ensureInstalled() && (!process.argv.includes('--build') || ensureBuilt());
  process.exitCode = isReady ? 0 : 1;
}
