/** What takes too long for each change: a thousand crashes, a hundred killed processes, a million keys, an export of 200,000 accounts. */
import { spawnSync } from 'node:child_process';

const { status } = spawnSync(
  process.execPath,
  [
    '--import=tsx',
    'node_modules/mocha/bin/mocha.js',
    '--no-config',
    '--timeout=0',
    'chain/store/twins.test.ts',
    'test/crash.test.ts',
    'test/crashPoints.test.ts',
    'test/diskTrouble.test.ts',
    'test/export.test.ts',
    'test/nightly/*.ts',
  ],
  {
    stdio: 'inherit',
    env: {
      DEPIND_CRASH_CASES: '1000',
      DEPIND_CRASH_KILLS: '100',
      DEPIND_EXPORT_ACCOUNTS: '200000',
      ...process.env,
    },
  },
);
process.exitCode = status ?? 1;
