/** The accounts of a simulation: secp256k1 keys that follow from their numbers. */
import { createRequire } from 'node:module';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { addressOfSecp256k1, formatAddress } from '../wire/address.ts';
import { toUtf8 } from '../wire/bytes.ts';
import { PubKey } from '../wire/gen/cosmos/crypto/secp256k1/keys.ts';
import { sha256 } from '../wire/hash.ts';

/** Signs a message with a secret key: 64 bytes by RFC 6979, low s. */
type Sign = (message: Uint8Array, secret: Uint8Array) => Uint8Array;

/** The part of the package `secp256k1` that is used here: its compiled form, ten times as fast as the other. */
interface NativeSigner {
  ecdsaSign(digest: Uint8Array, secret: Uint8Array): { readonly signature: Uint8Array };
}

/** Both give the same signatures. */
const sign: Sign =
  fastSigner() ??
  ((message, secret) => secp256k1.sign(message, secret, { lowS: true, prehash: true }));

function fastSigner(): Sign | undefined {
  const require = createRequire(import.meta.url);
  try {
    require('secp256k1/bindings.js');
  } catch {
    return undefined;
  }
  const native = require('secp256k1') as NativeSigner;
  return (message, secret) => native.ecdsaSign(sha256(message), secret).signature;
}

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
    sign: (message) => sign(message, secret),
  };
}
