/** Addresses of one chain: the same bytes under the account, validator and consensus prefixes. */
import { formatAddress, parseAddress } from '../../wire/address.ts';
import { sdkError } from './errors.ts';

/** Which of the chain's bech32 prefixes an address stands under. */
export type AddressRole = 'account' | 'validator' | 'consensus';

/** Turns addresses of this chain into text and back. */
export interface Addresses {
  format(bytes: Uint8Array, role?: AddressRole): string;
  /** @throws ChainError sdk/7 naming the field, what was given and which prefix was expected. */
  parse(text: string, field: string, role?: AddressRole): Uint8Array;
}

/** The addresses of a chain whose account prefix is `prefix`. */
export function addressesOf(prefix: string): Addresses {
  const prefixes = {
    account: prefix,
    validator: `${prefix}valoper`,
    consensus: `${prefix}valcons`,
  };
  return {
    format: (bytes, role = 'account') => formatAddress(prefixes[role], bytes),
    parse(text, field, role = 'account') {
      try {
        return parseAddress(prefixes[role], text);
      } catch (error) {
        throw sdkError('invalidAddress', `${field}: ${(error as Error).message}`);
      }
    },
  };
}
