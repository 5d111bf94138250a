/** The accounts of a simulation: secp256k1 keys that follow from their numbers. */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { addressOfSecp256k1, formatAddress } from '../wire/address.ts';
import { toUtf8 } from '../wire/bytes.ts';
import { PubKey } from '../wire/gen/cosmos/crypto/secp256k1/keys.ts';
import { sha256 } from '../wire/hash.ts';

/** An account that signs. */
export interface SimulatedAccount {
  readonly address: string;
  readonly addressBytes: Uint8Array;
  /** As an Any in a transaction. */
  readonly publicKey: { readonly typeUrl: string; readonly value: Uint8Array };
  /** Signs SIGN_MODE_DIRECT bytes: 64 bytes, low s. */
  sign(message: Uint8Array): Uint8Array;
}

/** Account number `index` of every simulation. */
export function accountAt(index: number, prefix: string): SimulatedAccount {
  const secret = sha256(toUtf8(`simulated account ${index}`));
  const key = secp256k1.getPublicKey(secret, true);
  const addressBytes = addressOfSecp256k1(key);
  return {
    address: formatAddress(prefix, addressBytes),
    addressBytes,
    publicKey: {
      typeUrl: '/cosmos.crypto.secp256k1.PubKey',
      value: PubKey.encode({ key }).finish(),
    },
    sign: (message) => secp256k1.sign(message, secret, { lowS: true, prehash: true }),
  };
}
