/** Addresses of one chain: the same bytes under the account, validator and consensus prefixes. */
import { formatAddress, parseAddress } from '../../wire/address.ts';
import { sdkError } from './errors.ts';

/** The module whose account has authority over the others, unless an application names another account. */
export const AUTHORITY = 'gov';

/** Which of the chain's bech32 prefixes an address stands under. */
export type AddressRole = 'account' | 'validator' | 'consensus';

/** Turns addresses of this chain into text and back. */
export interface Addresses {
  format(bytes: Uint8Array, role?: AddressRole): string;
  /** @throws ChainError sdk/7 naming the field, what was given and which prefix was expected. */
  parse(text: string, field: string, role?: AddressRole): Uint8Array;
}

/** Addresses kept in both directions: a transaction turns the same few to and fro a dozen times. */
const MAX_REMEMBERED = 4096;

/** Answers kept by key until there are too many of them; then all are forgotten. */
function remember<V>(kept: Map<string, V>, key: string, make: () => V): V {
  const before = kept.get(key);
  if (before !== undefined) return before;
  const value = make();
  if (kept.size >= MAX_REMEMBERED) kept.clear();
  kept.set(key, value);
  return value;
}

/** The addresses of a chain whose account prefix is `prefix`. What `parse` gives must not be changed. */
export function addressesOf(prefix: string): Addresses {
  const prefixes = {
    account: prefix,
    validator: `${prefix}valoper`,
    consensus: `${prefix}valcons`,
  };
  const texts = new Map<string, string>();
  const parsed = new Map<string, Uint8Array>();
  return {
    format: (bytes, role = 'account') =>
      remember(texts, role + String.fromCharCode(...bytes), () =>
        formatAddress(prefixes[role], bytes),
      ),
    parse(text, field, role = 'account') {
      try {
        return remember(parsed, role + text, () => parseAddress(prefixes[role], text));
      } catch (error) {
        throw sdkError('invalidAddress', `${field}: ${(error as Error).message}`);
      }
    },
  };
}
