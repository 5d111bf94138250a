#!/usr/bin/env node
// Runs the compiled program. In a checkout it is compiled first when a source has changed since.
import { existsSync } from 'node:fs';

const setup = new URL('../scripts/setup.mjs', import.meta.url);
let isReady = true;
// An installed package comes compiled, and without this script.
if (existsSync(setup)) {
  const { ensureInstalled, ensureBuilt } = await import(setup.href);
  isReady = ensureInstalled() && ensureBuilt();
}
if (isReady) await import('../dist/cli/run.js');
else process.exitCode = 1;
