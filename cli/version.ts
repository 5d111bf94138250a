/** `depind version`, and the version of this package. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { packageRoot } from '../chain/descriptors/protoPath.ts';
import { addOutput, type OutputOptions } from './options.ts';
import { show } from './output.ts';
import type { Terminal } from './terminal.ts';

/** As package.json says. */
export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  const { version } = manifest as { readonly version?: unknown };
  return typeof version === 'string' ? version : '';
}

export function addVersionCommand(program: Command, terminal: Terminal): void {
  addOutput(program.command('version'))
    .description('version of this program')
    .action(({ output }: OutputOptions) => {
      const version = packageVersion();
      show(terminal, output, { name: 'depind', version, node: process.version }, version);
    });
}
