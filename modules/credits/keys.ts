/** Where the credits module keeps balances. */
import { concatBytes } from '../../wire/bytes.ts';
import { addressKey } from '../../wire/keys.ts';

export const CREDITS_STORE = 'credits';

export const CREDITS_PREFIX = { params: 0, balances: 1, totals: 2 } as const;

/** Store key of the credits of an account; its value is a uint64, 8 bytes big endian. */
export function creditsKey(address: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(CREDITS_PREFIX.balances), addressKey.encode(address));
}
