/** Who plans upgrades: a genesis may name an account, as nobody holds the key of a module's. */
import type { Addresses } from '../../chain/module/addresses.ts';
import { moduleAddress } from '../../wire/address.ts';

/** The module whose account has authority over the others, unless the genesis names another account. */
const GOVERNANCE = 'gov';

interface AuthorityState {
  readonly authority: { get(): Uint8Array | undefined };
}

/** The address of the account that plans upgrades. */
export function authorityOf({ authority }: AuthorityState, addresses: Addresses): string {
  return addresses.format(authority.get() ?? moduleAddress(GOVERNANCE));
}
