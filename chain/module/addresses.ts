/** Addresses of one chain: the same bytes under the account, validator and consensus prefixes. */
import { formatAddress, parseAddress } from '../../wire/address.ts';
import { latin1 } from '../store/keyText.ts';
import { RecentMap } from '../store/recentMap.ts';
import { sdkError } from './errors.ts';

/** Which of the chain's bech32 prefixes an address stands under. */
export type AddressRole = 'account' | 'validator' | 'consensus';

/** Turns addresses of this chain into text and back. */
export interface Addresses {
  format(bytes: Uint8Array, role?: AddressRole): string;
  /** @throws ChainError sdk/7 naming the field, what was given and which prefix was expected. */
  parse(text: string, field: string, role?: AddressRole): Uint8Array;
}

/** Addresses kept in both directions: a transaction turns the same few to and fro a dozen times. */
const MAX_REMEMBERED = 100_000;

/** The addresses of a chain whose account prefix is `prefix`. What `parse` gives must not be changed. */
export function addressesOf(prefix: string): Addresses {
  const roles = {
    account: new RoleAddresses(prefix),
    validator: new RoleAddresses(`${prefix}valoper`),
    consensus: new RoleAddresses(`${prefix}valcons`),
  };
  return {
    format: (bytes, role = 'account') => roles[role].format(bytes),
    parse(text, field, role = 'account') {
      try {
        return roles[role].parse(text, field);
      } catch (error) {
        throw sdkError('invalidAddress', (error as Error).message);
      }
    },
  };
}

/** The addresses under one prefix, of which the last ones are remembered. */
class RoleAddresses {
  readonly #prefix: string;
  readonly #parsed = new RecentMap<Uint8Array>(MAX_REMEMBERED);
  readonly #texts = new RecentMap<string>(MAX_REMEMBERED);
  /** Most of what is formatted was parsed before, and is the same array. */
  readonly #textOf = new WeakMap<Uint8Array, string>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  format(bytes: Uint8Array): string {
    const same = this.#textOf.get(bytes);
    if (same !== undefined) return same;
    const key = latin1(bytes);
    const before = this.#texts.get(key);
    if (before !== undefined) return before;
    const text = formatAddress(this.#prefix, bytes);
    this.#texts.set(key, text);
    return text;
  }

  parse(text: string, field: string): Uint8Array {
    const before = this.#parsed.get(text);
    if (before !== undefined) return before;
    const bytes = parseAddress(this.#prefix, text, field);
    this.#parsed.set(text, bytes);
    // The same address may be spelt in capitals: it is formatted in small letters.
    this.#textOf.set(bytes, text.toLowerCase());
    return bytes;
  }
}
