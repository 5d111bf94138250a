/** Where the bank module keeps balances: the SDK's layout (x/bank v0.50). */
import { concatBytes, toUtf8 } from '../../wire/bytes.ts';
import { lengthPrefixedAddressKey, pair, textKey } from '../../wire/keys.ts';

export const BANK_STORE = 'bank';

export const BANK_PREFIX = {
  supply: 0,
  denomMetadata: 1,
  balances: 2,
  denomAddresses: 3,
  sendEnabled: 4,
  params: 5,
} as const;

/** Account, then denomination. */
export const balanceKeyCodec = pair(lengthPrefixedAddressKey, textKey);

/** Store key of one balance; its value is the amount as decimal text. */
export function balanceKey(address: Uint8Array, denom: string): Uint8Array {
  return concatBytes(Uint8Array.of(BANK_PREFIX.balances), balanceKeyCodec.encode([address, denom]));
}

/** Store key of the supply of a denomination; its value is the amount as decimal text. */
export function supplyKey(denom: string): Uint8Array {
  return concatBytes(Uint8Array.of(BANK_PREFIX.supply), toUtf8(denom));
}
