#!/usr/bin/env node
// Runs the program out of dist/program. In a checkout it is bundled first when a source has changed since.
import { existsSync } from 'node:fs';
import * as module from 'node:module';

// Node 22 keeps what it compiled.
module.enableCompileCache?.();
// Stacks are shown with DEBUG alone: only then it pays to read where a line of the bundle stood.
if (!['', '0', undefined].includes(process.env.DEBUG)) process.setSourceMapsEnabled(true);

const setup = new URL('../scripts/setup.mjs', import.meta.url);
let isReady = true;
// An installed package comes compiled, and without this script.
if (existsSync(setup)) {
  const { ensureInstalled, ensureBuilt } = await import(setup.href);
  isReady = ensureInstalled() && ensureBuilt();
}
if (isReady) await import('../dist/program/run.js');
else process.exitCode = 1;
