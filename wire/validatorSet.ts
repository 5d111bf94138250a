/** Validator sets: their order, hash, total power, and the encodings of validators and keys. */
import { compareBytes } from './bytes.ts';
import { ripemd160, sha256 } from './hash.ts';
import { merkleRoot } from './merkle.ts';
import { encodeVarint, ProtoWriter } from './protobuf.ts';
import type { PublicKey, Validator } from './types.ts';

/** Most power that all validators of a set may have together: (2^63 - 1) / 8. */
export const MAX_TOTAL_VOTING_POWER = ((1n << 63n) - 1n) / 8n;

/** Bytes of a raw public key of each type; secp256k1 keys are compressed. */
export const PUBLIC_KEY_LENGTH = { ed25519: 32, secp256k1: 33 } as const;

const PUBLIC_KEY_FIELD = { ed25519: 1, secp256k1: 2 } as const;

/** Tags of a SimpleValidator's fields: its key, as a message, and its power. */
const lengthDelimitedTag = (field: number): number => (field << 3) | 2;
const KEY_TAG = lengthDelimitedTag(1);
const POWER_TAG = 2 << 3;
const NO_BYTES = new Uint8Array(0);

/** A sorted copy: by power downwards, then by address upwards. */
export function sortValidators<T extends Pick<Validator, 'address' | 'votingPower'>>(
  validators: readonly T[],
): T[] {
  return [...validators].sort((a, b) => {
    if (a.votingPower !== b.votingPower) return a.votingPower > b.votingPower ? -1 : 1;
    return compareBytes(a.address, b.address);
  });
}

/**
 * ValidatorsHash, 32 bytes: the Merkle root over key and power of each validator, in the order
 * given, which must be that of the set. Addresses and proposer priorities are not part of it.
 */
export function hashValidatorSet(
  validators: readonly Pick<Validator, 'publicKey' | 'votingPower'>[],
): Uint8Array {
  return merkleRoot(validators.map(encodeSimpleValidator));
}

/** @throws RangeError for a negative power or a total over `MAX_TOTAL_VOTING_POWER`. */
export function totalVotingPower(validators: readonly Pick<Validator, 'votingPower'>[]): bigint {
  let total = 0n;
  for (const { votingPower } of validators) {
    if (votingPower < 0n)
      throw new RangeError(`votingPower: expected 0 or more, got ${votingPower}`);
    total += votingPower;
  }
  if (total > MAX_TOTAL_VOTING_POWER) {
    throw new RangeError(`total power: expected up to ${MAX_TOTAL_VOTING_POWER}, got ${total}`);
  }
  return total;
}

/** A tendermint.crypto.PublicKey. @throws TypeError for a key of a wrong length. */
export function encodePublicKey(publicKey: PublicKey): Uint8Array {
  checkPublicKey(publicKey, 'publicKey');
  return new ProtoWriter().message(PUBLIC_KEY_FIELD[publicKey.type], publicKey.bytes).finish();
}

/** A tendermint.types.Validator, as state stores keep it. */
export function encodeValidator(validator: Validator): Uint8Array {
  return new ProtoWriter()
    .bytes(1, validator.address)
    .message(2, encodePublicKey(validator.publicKey))
    .varint(3, validator.votingPower)
    .varint(4, validator.proposerPriority)
    .finish();
}

/**
 * The 20-byte address of a validator's key: the first bytes of sha256 for ed25519, ripemd160 of
 * sha256 for secp256k1.
 */
export function validatorAddress(publicKey: PublicKey): Uint8Array {
  const hash = sha256(publicKey.bytes);
  return publicKey.type === 'ed25519' ? hash.slice(0, 20) : ripemd160(hash);
}

/** The same key. @throws TypeError naming `title` when its length is not that of its type. */
export function checkPublicKey(publicKey: PublicKey, title: string): PublicKey {
  const expected = PUBLIC_KEY_LENGTH[publicKey.type];
  if (publicKey.bytes.length !== expected) {
    const got = `${publicKey.bytes.length} bytes`;
    throw new TypeError(`${title}: expected ${expected} bytes of ${publicKey.type}, got ${got}`);
  }
  return publicKey;
}

function encodeSimpleValidator(
  validator: Pick<Validator, 'publicKey' | 'votingPower'>,
): Uint8Array {
  const { type, bytes } = checkPublicKey(validator.publicKey, 'publicKey');
  const power = validator.votingPower === 0n ? NO_BYTES : encodeVarint(validator.votingPower);
  // Written in one piece: a header has hundreds of them to hash.
  const out = new Uint8Array(4 + bytes.length + (power.length === 0 ? 0 : 1 + power.length));
  out[0] = KEY_TAG;
  out[1] = 2 + bytes.length;
  out[2] = lengthDelimitedTag(PUBLIC_KEY_FIELD[type]);
  out[3] = bytes.length;
  out.set(bytes, 4);
  if (power.length === 0) return out;
  out[4 + bytes.length] = POWER_TAG;
  out.set(power, 5 + bytes.length);
  return out;
}
