/**
 * What takes too long for each change: a thousand crashes, a hundred killed processes, a million keys, an export of
 * 200,000 accounts; simulations of many blocks; an hour of fuzzing. About two hours; `--only crashes,sim,fuzz` for parts.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const TSX = ['--import=tsx'];
const SIM = [...TSX, 'sim/main.ts'];
const MOCHA = [...TSX, 'node_modules/mocha/bin/mocha.js', '--no-config', '--timeout=0'];
/** Of each part its commands, as arguments of Node. */
const PARTS = {
  crashes: [
    [
      ...MOCHA,
      'chain/store/twins.test.ts',
      'test/crash.test.ts',
      'test/crashPoints.test.ts',
      'test/diskTrouble.test.ts',
      'test/export.test.ts',
      'test/nightly/*.ts',
    ],
  ],
  sim: [
    [...SIM, '--blocks', '500', '--seeds', '10', '--twice'],
    [...SIM, '--blocks', '3000', '--seeds', '3', '--check-gas'],
  ],
  fuzz: [[...TSX, 'test/fuzz/main.ts', '--seconds', '3600']],
};
const env = {
  DEPIND_CRASH_CASES: '1000',
  DEPIND_CRASH_KILLS: '100',
  DEPIND_EXPORT_ACCOUNTS: '200000',
  ...process.env,
};

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const names = values.only?.split(',') ?? Object.keys(PARTS);
const unknown = names.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  console.error(`--only: expected some of ${Object.keys(PARTS)}, got ${unknown}`);
  process.exit(1);
}

const failed = [];
for (const name of names) {
  const begin = Date.now();
  // One part tells of itself even when another one fails.
  for (const args of PARTS[name]) {
    console.error(`\n== ${name}: node ${args.slice(TSX.length).join(' ')}`);
    const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env });
    if (status !== 0) failed.push(name);
  }
  console.error(`== ${name}: ${Math.round((Date.now() - begin) / 1000)} s`);
}
if (failed.length > 0) {
  console.error(`\nfailed: ${[...new Set(failed)].join(', ')}`);
  process.exitCode = 1;
}
