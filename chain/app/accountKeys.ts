/** Public keys of accounts: secp256k1, P-256, and multisig keys of secp256k1 ones. */
import { ADDRESS_BYTES, addressOfP256, addressOfSecp256k1 } from '../../wire/address.ts';
import { concatBytes, fromHex } from '../../wire/bytes.ts';
import { LegacyAminoPubKey } from '../../wire/gen/cosmos/crypto/multisig/keys.ts';
import { PubKey } from '../../wire/gen/cosmos/crypto/secp256k1/keys.ts';
import { PubKey as P256PubKey } from '../../wire/gen/cosmos/crypto/secp256r1/keys.ts';
import { sha256 } from '../../wire/hash.ts';
import { encodeVarint, ProtoWriter } from '../../wire/protobuf.ts';
import { isValidPublicKey } from '../../wire/signature.ts';
import { sdkError } from '../module/errors.ts';
import type { AnyKey } from './keepers.ts';

const SECP256K1 = '/cosmos.crypto.secp256k1.PubKey';
const P256 = '/cosmos.crypto.secp256r1.PubKey';
const ED25519 = '/cosmos.crypto.ed25519.PubKey';
const MULTISIG = '/cosmos.crypto.multisig.LegacyAminoPubKey';

/** What go-amino puts before a secp256k1 key and a multisig key (Tendermint's registered prefixes). */
const AMINO_SECP256K1 = fromHex('eb5ae987', 'prefix');
const AMINO_MULTISIG = fromHex('22c1f7e2', 'prefix');

/** One key, compressed to 33 bytes; not checked to be a point. */
export interface SingleKey {
  readonly type: 'secp256k1' | 'p256';
  readonly bytes: Uint8Array;
}

/** `threshold` of `keys` sign for the account. A key may stand twice and then counts twice. */
export interface MultisigKey {
  readonly type: 'multisig';
  readonly threshold: number;
  readonly keys: readonly AccountKey[];
}

export type AccountKey = SingleKey | MultisigKey;

/** @throws ChainError sdk/8 for a kind of key that accounts cannot have, or a multisig key that nobody can meet. */
export function accountKeyOf({ typeUrl, value }: AnyKey): AccountKey {
  switch (typeUrl) {
    case SECP256K1:
      return { type: 'secp256k1', bytes: plainKey(value) ?? PubKey.decode(value).key };
    case P256:
      return { type: 'p256', bytes: P256PubKey.decode(value).key };
    case MULTISIG:
      return multisigKeyOf(LegacyAminoPubKey.decode(value));
    case ED25519:
      throw sdkError('invalidPubKey', 'ED25519 public keys are unsupported');
    default:
      throw sdkError(
        'invalidPubKey',
        `expected ${SECP256K1}, ${P256} or ${MULTISIG}, got "${typeUrl.slice(0, 100)}"`,
      );
  }
}

/** Field 1 of 33 bytes and nothing else, as all keys of accounts stand in their messages. */
function plainKey(value: Uint8Array): Uint8Array | undefined {
  const isPlain = value.length === 35 && value[0] === 0x0a && value[1] === 33;
  return isPlain ? value.subarray(2) : undefined;
}

function multisigKeyOf({ threshold, publicKeys }: LegacyAminoPubKey): MultisigKey {
  if (threshold < 1 || threshold > publicKeys.length) {
    throw sdkError(
      'invalidPubKey',
      `multisig threshold: expected 1 to ${publicKeys.length}, got ${threshold}`,
    );
  }
  const keys = publicKeys.map(accountKeyOf);
  // P-256 keys have no form in amino binary, from which the address comes.
  if (keys.some(({ type }) => type === 'p256')) {
    throw sdkError('invalidPubKey', `multisig keys: expected ${SECP256K1} or ${MULTISIG}`);
  }
  return { type: 'multisig', threshold, keys };
}

/** How many signatures the key can need: itself, or all keys within. */
export function countKeys(key: AccountKey): number {
  if (key.type !== 'multisig') return 1;
  return key.keys.reduce((sum, inner) => sum + countKeys(inner), 0);
}

/** @throws ChainError sdk/8 when a key is no point of its curve, as `isPublicKey` says. */
export function checkPoints(key: AccountKey, isPublicKey = isValidPublicKey): void {
  if (key.type === 'multisig') {
    for (const inner of key.keys) checkPoints(inner, isPublicKey);
  } else if (!isPublicKey(key.type, key.bytes)) {
    const curve = key.type === 'p256' ? 'secp256r1' : key.type;
    throw sdkError('invalidPubKey', `not a point of ${curve}`);
  }
}

/** 20 bytes, of a P-256 key 32. @throws TypeError unless every key has 33 bytes. */
export function addressOfKey(key: AccountKey): Uint8Array {
  if (key.type === 'multisig') return sha256(aminoBytes(key)).slice(0, ADDRESS_BYTES);
  return key.type === 'p256' ? addressOfP256(key.bytes) : addressOfSecp256k1(key.bytes);
}

/** As go-amino writes a key in binary: a prefix for the kind, then its content. */
function aminoBytes(key: AccountKey): Uint8Array {
  if (key.type !== 'multisig') {
    return concatBytes(AMINO_SECP256K1, encodeVarint(key.bytes.length), key.bytes);
  }
  const content = new ProtoWriter().varint(1, key.threshold);
  for (const inner of key.keys) content.message(2, aminoBytes(inner));
  return concatBytes(AMINO_MULTISIG, content.finish());
}
