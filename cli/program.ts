/** All commands. Those that derive from the `.proto` texts are built only when one of them is asked for. */
import { Command } from 'commander';
import { addDebugCommand } from './debug/command.ts';
import { addExportCommand } from './exportCommand.ts';
import { addKeysCommand } from './keys/commands.ts';
import { addLightCommand } from './lightCommand.ts';
import { addLocalnetCommand } from './localnet/commands.ts';
import { addModuleCommand } from './module/command.ts';
import { addInitCommand, addStartCommand } from './nodeCommands.ts';
import { addRollbackCommand } from './rollbackCommand.ts';
import { addStatusCommand } from './statusCommand.ts';
import type { Terminal } from './terminal.ts';
import { addVersionCommand, packageVersion } from './version.ts';

const GUIDE = `
Begin with:
  $ depind localnet start                        a network of four validators with simulated devices
  $ depind query devices list                    (in another terminal) its devices
  $ depind tx bank send alice bob 5000udepin -y
  $ depind light verify-device <device-id>       prove what a device reported

Results go to stdout, everything else to stderr. The exit code is 1 when a transaction or query failed.
`;

/** The program for these arguments (without node and script). */
export async function makeProgram(
  arguments_: readonly string[],
  terminal: Terminal,
): Promise<Command> {
  const program = new Command('depind')
    .description('a DePIN appchain that anyone can run, extend and verify')
    .version(packageVersion(), '--version', 'version of this program')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    })
    .showHelpAfterError('(--help says more)')
    .addHelpText('after', GUIDE);
  addLocalnetCommand(program, terminal);
  addInitCommand(program, terminal);
  addStartCommand(program, terminal);
  addStatusCommand(program, terminal);
  addKeysCommand(program, terminal);
  const tx = program.command('tx').description('sign and send a transaction');
  const query = program.command('query').alias('q').description('read the state of a chain');
  addLightCommand(program, terminal);
  addExportCommand(program, terminal);
  addRollbackCommand(program, terminal);
  addModuleCommand(program, terminal);
  addDebugCommand(program, terminal);
  addVersionCommand(program, terminal);
  if (arguments_.some((word) => word === 'tx' || word === 'query' || word === 'q')) {
    await addDerived({ tx, query }, terminal);
  }
  return program;
}

async function addDerived(
  { tx, query }: { readonly tx: Command; readonly query: Command },
  terminal: Terminal,
): Promise<void> {
  const [{ sharedDescriptors }, { addTxCommands }, { addQueryCommands }] = await Promise.all([
    import('./descriptors.ts'),
    import('./derived/txCommand.ts'),
    import('./derived/queryCommand.ts'),
  ]);
  const descriptors = sharedDescriptors();
  addTxCommands(tx, descriptors, terminal);
  addQueryCommands(query, descriptors, terminal);
}
