/** `depind init` and `start`: a network of one validator. */
import type { Command } from 'commander';
import { CliError } from './errors.ts';
import { chooseHome } from './home.ts';
import { addServeOptions, type ServeOptions, served } from './localnet/commands.ts';
import { addHome, addOutput, type HomeOptions, type OutputOptions } from './options.ts';
import { show } from './output.ts';
import { isDebug } from './settings.ts';
import type { Terminal } from './terminal.ts';

const MONIKER_BYTES = 70;

interface InitOptions extends HomeOptions, OutputOptions {
  readonly chainId: string;
  readonly authority?: string;
}

export function addInitCommand(init: Command, terminal: Terminal): void {
  addOutput(addHome(init))
    .argument('<moniker>', 'name of the validator')
    .option('--chain-id <id>', 'chain id', 'depind-localnet-1')
    .option('--authority <account>', 'who plans upgrades: an address, or operator (default: gov)')
    .addHelpText(
      'after',
      '\nExample:\n  $ depind init anna --chain-id anna-1 --home ./anna\n  $ depind start --home ./anna\n',
    )
    .action(async (moniker: string, options: InitOptions) => {
      const size = Buffer.byteLength(moniker);
      if (size === 0 || size > MONIKER_BYTES) {
        throw new CliError(`moniker: expected 1 to ${MONIKER_BYTES} bytes, got ${size}`);
      }
      const home = chooseHome(options.home, terminal);
      const { chainId, authority } = options;
      const { createValidatorHome } = await import('./localnet/create.ts');
      await createValidatorHome({ home, chainId, moniker, authority });
      const value = { home, chain_id: chainId, moniker };
      show(terminal, options.output, value, `${home} is ready: depind start --home ${home}`);
    });
}

type StartOptions = HomeOptions & OutputOptions & ServeOptions;

export function addStartCommand(start: Command, terminal: Terminal): void {
  addServeOptions(addOutput(addHome(start)))
    .addHelpText('after', '\nExample:\n  $ depind start --home ./anna\n')
    .action(async (options: StartOptions) => {
      const home = chooseHome(options.home, terminal);
      const { runNetwork } = await import('./localnet/run.ts');
      await checkHome(home);
      await runNetwork(
        {
          ...served(options),
          home,
          output: options.output,
          debug: isDebug(terminal),
          accounts: [],
          startFleet: undefined,
        },
        terminal,
      );
    });
}

async function checkHome(home: string): Promise<void> {
  const { readSettings } = await import('./localnet/home.ts');
  if ((await readSettings(home)) !== undefined) return;
  throw new CliError(`${home} is no home of depind (depind init makes one)`);
}
