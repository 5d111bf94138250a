/** The accounts of a simulation: secp256k1 keys that follow from their numbers. */
import { createRequire } from 'node:module';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { addressOfSecp256k1, formatAddress } from '../wire/address.ts';
import { toUtf8 } from '../wire/bytes.ts';
import { PubKey } from '../wire/gen/cosmos/crypto/secp256k1/keys.ts';
import { SignMode } from '../wire/gen/cosmos/tx/signing/v1beta1/signing.ts';
import type { ModeInfo } from '../wire/gen/cosmos/tx/v1beta1/tx.ts';
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

/** A transaction as the sign modes have it. */
export interface Signable {
  /** The bytes of SIGN_MODE_DIRECT. */
  direct(): Uint8Array;
  /** The bytes of SIGN_MODE_LEGACY_AMINO_JSON. */
  amino(): Uint8Array;
}

/** An account that signs. */
export interface SimulatedAccount {
  readonly address: string;
  readonly addressBytes: Uint8Array;
  /** As an Any in a transaction. */
  readonly publicKey: { readonly typeUrl: string; readonly value: Uint8Array };
  /** How it signs. */
  readonly modeInfo: ModeInfo;
  /** Its signature as it stands in a transaction, low s. */
  sign(tx: Signable): Uint8Array;
}

/** One key: its secret, its public key of 33 bytes, and signatures of 64 bytes. */
export interface SimulatedKey {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** The key that follows from a text. */
export function keyOf(seed: string): SimulatedKey {
  const secret = sha256(toUtf8(seed));
  return {
    publicKey: secp256k1.getPublicKey(secret, true),
    sign: (message) => sign(message, secret),
  };
}

/** Account number `index` of every simulation. */
export function accountAt(index: number, prefix: string): SimulatedAccount {
  const key = keyOf(`simulated account ${index}`);
  const addressBytes = addressOfSecp256k1(key.publicKey);
  return {
    address: formatAddress(prefix, addressBytes),
    addressBytes,
    publicKey: anyKey(key),
    modeInfo: { single: { mode: SignMode.SIGN_MODE_DIRECT } },
    sign: (tx) => key.sign(tx.direct()),
  };
}

/** The key as an Any. */
export function anyKey({ publicKey }: SimulatedKey): SimulatedAccount['publicKey'] {
  return {
    typeUrl: '/cosmos.crypto.secp256k1.PubKey',
    value: PubKey.encode({ key: publicKey }).finish(),
  };
}
