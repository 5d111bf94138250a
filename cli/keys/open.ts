/** The keyring that the flags of a command name. */
import { DEFAULT_PREFIX } from '../../modules/defaults.ts';
import { CliError } from '../errors.ts';
import { chooseHome } from '../home.ts';
import { askSecret, isInteractive, type Terminal } from '../terminal.ts';
import { Keyring, type KeyringBackend } from './keyring.ts';

export interface KeyringOptions {
  readonly home?: string;
  readonly keyringBackend: KeyringBackend;
}

const MIN_PASSPHRASE = 8;

/** Passphrases come from DEPIND_KEYRING_PASSPHRASE, or are asked for. */
export function openKeyring(options: KeyringOptions, terminal: Terminal): Keyring {
  return new Keyring({
    home: chooseHome(options.home, terminal),
    backend: options.keyringBackend,
    prefix: DEFAULT_PREFIX,
    passphrase: (isNew) => passphrase(terminal, isNew),
  });
}

async function passphrase(terminal: Terminal, isNew: boolean): Promise<string> {
  const given = terminal.env.DEPIND_KEYRING_PASSPHRASE;
  if (given === undefined && !isInteractive(terminal)) {
    throw new CliError('passphrase: set DEPIND_KEYRING_PASSPHRASE, or run in a terminal');
  }
  const first = given ?? (await askSecret(terminal, 'Passphrase of the keyring: '));
  if (!isNew) return first;
  if (first.length < MIN_PASSPHRASE) {
    throw new CliError(`passphrase: expected ${MIN_PASSPHRASE} characters or more`);
  }
  const again = given ?? (await askSecret(terminal, 'The same again: '));
  if (again !== first) throw new CliError('passphrase: both are not the same');
  return first;
}
