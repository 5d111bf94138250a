/** All commands: what `--help` lists of them stands here, the rest in files that are loaded when one is named. */
import { Command } from 'commander';
import type { Terminal } from './terminal.ts';
import { packageVersion } from './version.ts';

/** Adds to a command its flags, arguments, subcommands and what it does. */
type Fill = (command: Command, terminal: Terminal) => void | Promise<void>;

interface Listed {
  readonly name: string;
  readonly alias?: string;
  readonly description: string;
  load(): Promise<Fill>;
}

const COMMANDS: readonly Listed[] = [
  {
    name: 'localnet',
    description: 'a network of validators in one process',
    load: async () => (await import('./localnet/commands.ts')).addLocalnetCommand,
  },
  {
    name: 'init',
    description: 'make a home with one validator and a funded operator key in its test keyring',
    load: async () => (await import('./nodeCommands.ts')).addInitCommand,
  },
  {
    name: 'start',
    description: 'run the validators of a home, without simulated devices, until Ctrl-C',
    load: async () => (await import('./nodeCommands.ts')).addStartCommand,
  },
  {
    name: 'status',
    description: 'what a node says of itself',
    load: async () => (await import('./statusCommand.ts')).addStatusCommand,
  },
  {
    name: 'keys',
    description: 'account keys of this home',
    load: async () => (await import('./keys/commands.ts')).addKeysCommand,
  },
  {
    name: 'tx',
    description: 'sign and send a transaction',
    load: async () => (await import('./derived/txCommand.ts')).addTxCommands,
  },
  {
    name: 'query',
    alias: 'q',
    description: 'read the state of a chain',
    load: async () => (await import('./derived/queryCommand.ts')).addQueryCommands,
  },
  {
    name: 'light',
    description: 'verify instead of trusting a node',
    load: async () => (await import('./lightCommand.ts')).addLightCommand,
  },
  {
    name: 'export',
    description: 'print the state of a network as a genesis file',
    load: async () => (await import('./exportCommand.ts')).addExportCommand,
  },
  {
    name: 'rollback',
    description: 'take the state of a stopped network back to an earlier height',
    load: async () => (await import('./rollbackCommand.ts')).addRollbackCommand,
  },
  {
    name: 'module',
    description: 'write a module of your own',
    load: async () => (await import('./module/command.ts')).addModuleCommand,
  },
  {
    name: 'debug',
    description:
      'look into the state of a network: what a transaction did, where two states differ',
    load: async () => (await import('./debug/command.ts')).addDebugCommand,
  },
  {
    name: 'version',
    description: 'version of this program',
    load: async () => (await import('./version.ts')).addVersionCommand,
  },
];

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
  for (const { name, alias, description, load } of COMMANDS) {
    const command = program.command(name).description(description);
    if (alias !== undefined) command.alias(alias);
    if (arguments_.some((word) => word === name || word === alias)) {
      const fill = await load();
      await fill(command, terminal);
    }
  }
  return program;
}
