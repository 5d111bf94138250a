/** `depind rollback`: the state of a stopped network at an earlier height. */
import type { Command } from 'commander';
import type { ChainApplication } from '../chain/app/application.ts';
import { toHex } from '../wire/bytes.ts';
import { CliError } from './errors.ts';
import { chooseHome } from './home.ts';
import { openApplication } from './nodeHome.ts';
import { addHome, addOutput, type HomeOptions, type OutputOptions } from './options.ts';
import { show } from './output.ts';
import type { Terminal } from './terminal.ts';
import { uint64 } from './values.ts';

interface RollbackOptions extends HomeOptions, OutputOptions {
  readonly height?: bigint;
}

export function addRollbackCommand(command: Command, terminal: Terminal): void {
  addOutput(addHome(command))
    .option('--height <height>', 'height to go back to (default: one block)', uint64)
    .addHelpText(
      'after',
      '\nBlocks, votes and what the validators signed stay: the next start runs the blocks after the\nheight once more, and refuses when they come to another AppHash.\n' +
        '\nExample:\n  $ depind rollback --home ./anna --height 120\n',
    )
    .action(async (options: RollbackOptions) => {
      const home = chooseHome(options.home, terminal);
      const { height, appHash, validators } = await rollback(home, options.height);
      const value = { home, height: height.toString(), app_hash: appHash, validators };
      const text = `the state of ${validators} validators is at height ${height}, AppHash ${appHash}; the next start runs the blocks after it`;
      show(terminal, options.output, value, text);
    });
}

async function rollback(home: string, asked: bigint | undefined) {
  const { readSettings } = await import('./localnet/home.ts');
  const settings = await readSettings(home);
  if (settings === undefined) {
    throw new CliError(`${home} is no home of depind (depind init makes one)`);
  }
  const applications: ChainApplication[] = [];
  try {
    for (let index = 0; index < settings.validators; index++) {
      const { application } = await openApplication(home, index);
      applications.push(application);
    }
    const height = checkHeight(home, applications, asked);
    for (const application of applications) await application.rollbackTo(height);
    const appHash = toHex(applications[0]!.store.appHash).toUpperCase();
    return { height, appHash, validators: applications.length };
  } finally {
    for (const application of applications) await application.close();
  }
}

/** Before anything is written: the height that all of them can go back to. */
function checkHeight(
  home: string,
  applications: readonly ChainApplication[],
  asked: bigint | undefined,
): bigint {
  const versions = applications.map(({ store }) => store.version);
  const lowest = versions.toSorted((a, b) => Number(a - b))[0]!;
  if (lowest === 0n) throw new CliError(`${home} has no state yet`);
  const height = asked ?? lowest - 1n;
  if (versions.every((version) => version === height)) {
    throw new CliError(`--height: the state of ${home} is at ${height} already`);
  }
  for (const { store } of applications) {
    if (height >= store.earliestVersion && height <= store.version) continue;
    const kept = `${store.earliestVersion} to ${store.version}`;
    throw new CliError(`--height: expected a height whose state is kept, ${kept}, got ${height}`);
  }
  return height;
}
