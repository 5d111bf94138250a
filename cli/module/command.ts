/** `depind module`: what an author of modules begins with. */
import type { Command } from 'commander';
import { note, type Terminal } from '../terminal.ts';
import { findCheckout } from './checkout.ts';
import { newModule } from './newModule.ts';

const HELP = `
Example:
  $ depind module new tides

Run it in a checkout of depind. The guide docs/guides/write-a-module.md says what the parts are.
`;

/** Adds `depind module new`. */
export function addModuleCommand(module: Command, terminal: Terminal): void {
  module
    .command('new <name>')
    .description(
      'write a module that works: proto, keys, scoring, tests, simulation, specification',
    )
    .addHelpText('after', HELP)
    .action((name: string) => {
      const root = findCheckout(terminal.workingDirectory);
      for (const path of newModule(root, name)) terminal.stdout.write(`${path}\n`);
      note(terminal, nextSteps(name));
    });
}

const nextSteps = (name: string): string => `
The module ${name} is in the chain. What next:
  npm run typecheck
  node --import=tsx node_modules/mocha/bin/mocha.js --no-config --timeout 10000 'modules/${name}/*.test.ts'
  npm run sim -- --module ${name} --blocks 50 --seed 1
  npm start -- --reset                               then, in another terminal:
  npx depind query ${name} params
  npx depind tx ${name} register --help
Commit wire/gen and proto/descriptors.json with the rest. modules/${name}/README.md is its specification: change both together.`;
