/** `depind keys`: add, list, show and delete account keys. */
import type { Command } from 'commander';
import type { JsonObject } from '../../chain/descriptors/index.ts';
import { addHome, addKeyring, addOutput, index, type OutputOptions } from '../options.ts';
import { show, table } from '../output.ts';
import { ask, askSecret, confirm, isInteractive, note, type Terminal } from '../terminal.ts';
import type { KeyInfo } from './keyring.ts';
import type { KeyringOptions } from './open.ts';

type KeysOptions = KeyringOptions & OutputOptions;

interface AddOptions extends KeysOptions {
  readonly recover?: boolean;
  readonly index: number;
}

interface ShowOptions extends KeysOptions {
  readonly address?: boolean;
}

/** Adds the subcommands. */
export function addKeysCommand(keys: Command, terminal: Terminal): void {
  addAdd(keys, terminal);
  addList(keys, terminal);
  addShow(keys, terminal);
  addDelete(keys, terminal);
}

const shared = (command: Command): Command => addOutput(addKeyring(addHome(command)));

function addAdd(keys: Command, terminal: Terminal): void {
  shared(keys.command('add'))
    .description('make a key, or recover one from its mnemonic')
    .argument('<name>')
    .option('--recover', 'read a BIP-39 mnemonic from the terminal or from stdin')
    .option('--index <number>', "last part of the path m/44'/118'/0'/0/<number>", index, 0)
    .addHelpText(
      'after',
      '\nExamples:\n  $ depind keys add anna\n  $ depind keys add anna --recover < words.txt\n',
    )
    .action(async (name: string, options: AddOptions) => {
      const keyring = await open(options, terminal);
      const { newMnemonic } = await import('./wallet.ts');
      const mnemonic = options.recover ? await readMnemonic(terminal) : newMnemonic();
      const key = await keyring.add({ name, mnemonic, index: options.index });
      if (options.keyringBackend === 'test') {
        note(terminal, 'This key is not encrypted: for tests only (see --keyring-backend file).');
      }
      if (!options.recover) {
        note(terminal, 'Write the mnemonic down: without it the key cannot be recovered.');
      }
      const value = { ...keyJson(key), ...(options.recover ? {} : { mnemonic }) };
      show(terminal, options.output, value);
    });
}

function addList(keys: Command, terminal: Terminal): void {
  shared(keys.command('list'))
    .description('all keys')
    .action(async (options: KeysOptions) => {
      const found = await (await open(options, terminal)).list();
      const rows = found.map(({ name, address }) => [name, address]);
      const text = found.length === 0 ? 'no keys' : table(['name', 'address'], rows).join('\n');
      show(terminal, options.output, found.map(keyJson), text);
    });
}

function addShow(keys: Command, terminal: Terminal): void {
  shared(keys.command('show'))
    .description('one key')
    .argument('<name>')
    .option('-a, --address', 'the address alone')
    .action(async (name: string, options: ShowOptions) => {
      const key = await (await open(options, terminal)).show(name);
      const text = options.address ? key.address : undefined;
      show(terminal, options.output, options.address ? key.address : keyJson(key), text);
    });
}

function addDelete(keys: Command, terminal: Terminal): void {
  shared(keys.command('delete'))
    .description('remove a key for ever, unless its mnemonic is known')
    .argument('<name>')
    .option('-y, --yes', 'do not ask')
    .action(async (name: string, options: KeysOptions & { readonly yes?: boolean }) => {
      const keyring = await open(options, terminal);
      const key = await keyring.show(name);
      if (!options.yes) await confirm(terminal, `Delete key "${name}" (${key.address})?`);
      await keyring.delete(name);
      show(terminal, options.output, { deleted: name }, `deleted ${name}`);
    });
}

async function open(options: KeysOptions, terminal: Terminal) {
  const { openKeyring } = await import('./open.ts');
  return openKeyring(options, terminal);
}

/** In the words of the SDK's `keys`. */
function keyJson({ name, address, publicKey }: KeyInfo): JsonObject {
  const pubkey = JSON.stringify({ '@type': '/cosmos.crypto.secp256k1.PubKey', key: publicKey });
  return { name, type: 'local', address, pubkey };
}

async function readMnemonic(terminal: Terminal): Promise<string> {
  const words = isInteractive(terminal)
    ? await askSecret(terminal, 'Mnemonic: ')
    : await ask(terminal, '');
  return words.split(/\s+/).join(' ');
}
