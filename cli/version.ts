/** `depind version`, and the version of this package. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { CRYPTO_VARIABLE } from '../chain/crypto/backend.ts';
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

interface VersionOptions extends OutputOptions {
  readonly long?: boolean;
}

export function addVersionCommand(command: Command, terminal: Terminal): void {
  addOutput(command)
    .option('--long', 'also what it runs on, and what verifies signatures')
    .action(async ({ output, long }: VersionOptions) => {
      const version = packageVersion();
      const short = { name: 'depind', version, node: process.version };
      if (!long) return show(terminal, output, short, version);
      const { chooseBackend, describeBackend } = await import('../chain/crypto/chooseBackend.ts');
      const crypto = describeBackend(await chooseBackend(terminal.env[CRYPTO_VARIABLE]));
      const text = `depind ${version}\nNode ${process.version}\nsignatures: ${crypto}`;
      show(terminal, output, { ...short, crypto }, text);
    });
}
