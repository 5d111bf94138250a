/** `depind debug roots`: the root of each store at a height, to be compared with those of other machines. */
import type { Command } from 'commander';
import type { JsonObject } from '../../chain/descriptors/index.ts';
import type { MultiStore } from '../../chain/store/index.ts';
import { toHex } from '../../wire/bytes.ts';
import { CliError } from '../errors.ts';
import { chooseHome } from '../home.ts';
import { openApplication } from '../nodeHome.ts';
import { addHome, addOutput, type HomeOptions, index, type OutputOptions } from '../options.ts';
import { show, table } from '../output.ts';
import { note, type Terminal } from '../terminal.ts';
import { uint64 } from '../values.ts';

interface RootsOptions extends HomeOptions, OutputOptions {
  readonly validator: number;
  readonly height?: bigint;
}

export function addRootsCommand(debug: Command, terminal: Terminal): void {
  addOutput(addHome(debug.command('roots')))
    .description('show the root hash of each store at a height that is kept')
    .option('--height <height>', 'height of the state (default: the latest)', uint64)
    .option('--validator <index>', 'whose state to use, counted from 0', index, 0)
    .addHelpText(
      'after',
      '\nWhere two machines disagree about an AppHash, the store whose root differs is the one.\n' +
        '\nExample:\n  $ depind debug roots --home ./anna --height 120\n',
    )
    .action(async (options: RootsOptions) => {
      const home = chooseHome(options.home, terminal);
      const { application, close } = await openApplication(home, options.validator, (text) =>
        note(terminal, text),
      );
      try {
        const { store } = application;
        const report = reportOf(store, options.height ?? store.version);
        show(terminal, options.output, report, textOf(report));
      } finally {
        await close();
      }
    });
}

interface Report extends JsonObject {
  readonly height: string;
  readonly app_hash: string;
  readonly stores: { readonly name: string; readonly root: string }[];
}

function reportOf(store: MultiStore, height: bigint): Report {
  const { earliestVersion, version } = store;
  if (version === 0n) throw new CliError('the state is empty: no block was committed');
  if (height < earliestVersion || height > version) {
    throw new CliError(`--height: kept are ${earliestVersion} to ${version}, got ${height}`);
  }
  const { appHash, storeRoots } = store.at(height);
  return {
    height: height.toString(),
    app_hash: toHex(appHash).toUpperCase(),
    stores: [...storeRoots].map(([name, root]) => ({ name, root: toHex(root) })),
  };
}

function textOf({ height, app_hash, stores }: Report): string {
  const rows = stores.map(({ name, root }) => [name, root]);
  return [`height ${height}, AppHash ${app_hash}`, ...table(['STORE', 'ROOT'], rows)].join('\n');
}
