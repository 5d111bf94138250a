/** Who plans upgrades: what `--authority` names, and whom an existing home has. */
import { DEFAULT_PREFIX } from '../../modules/defaults.ts';
import { formatAddress, parseAddress } from '../../wire/address.ts';
import { CliError } from '../errors.ts';
import { walletOf } from '../keys/wallet.ts';
import type { KnownAccount } from './accounts.ts';

/**
 * The address that a text means: one spelt out, or the name of an account that the new home is made with.
 * @throws CliError naming the flag, and the names that there are.
 */
export async function authorityAddress(
  text: string,
  accounts: readonly KnownAccount[],
): Promise<string> {
  const named = accounts.find(({ name }) => name === text);
  if (named !== undefined) {
    const wallet = await walletOf({ ...named, prefix: DEFAULT_PREFIX });
    return (await wallet.getAccounts())[0]!.address;
  }
  try {
    return formatAddress(DEFAULT_PREFIX, parseAddress(DEFAULT_PREFIX, text, '--authority'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const names = accounts.map(({ name }) => name).join(', ');
    throw new CliError(`${reason} (and no account of the new home has this name: ${names})`, {
      cause,
    });
  }
}

/** The account that the genesis of a home names; empty where that is the module gov's. @throws Error naming the file. */
export async function authorityOfHome(home: string): Promise<string> {
  const { nodePaths, readGenesis } = await import('../../localnet/index.ts');
  const { appState } = await readGenesis(nodePaths(home, 0).genesis);
  const state = JSON.parse(appState) as { readonly upgrade?: { readonly authority?: unknown } };
  const authority = state.upgrade?.authority;
  return typeof authority === 'string' ? authority : '';
}
