/**
 * A commit and the validators that signed it, without what follows: the block hash from the header, the addresses
 * from the keys, and the times as distances from that of the header.
 */

import { checkFlag, MAX_VALIDATORS } from '../../wire/commit.ts';
import { hashHeader } from '../../wire/header.ts';
import {
  int32Of,
  int64Of,
  type MessageShape,
  ProtoWriter,
  readFields,
  uint32Of,
} from '../../wire/protobuf.ts';
import {
  BLOCK_ID_FLAG,
  type Commit,
  type CommitSig,
  type Header,
  type PublicKey,
  type Validator,
  ZERO_TIME,
} from '../../wire/types.ts';
import { PUBLIC_KEY_LENGTH, sortValidators, validatorAddress } from '../../wire/validatorSet.ts';

const NO_BYTES = new Uint8Array(0);

const SET_SHAPE: MessageShape = { 1: { name: 'validator', wireType: 2, repeated: true } };
const VALIDATOR_SHAPE: MessageShape = {
  1: { name: 'key', wireType: 2 },
  2: { name: 'power', wireType: 0 },
};
const COMMIT_SHAPE: MessageShape = {
  1: { name: 'round', wireType: 0 },
  2: { name: 'parts_total', wireType: 0 },
  3: { name: 'parts_hash', wireType: 2 },
  4: { name: 'votes', wireType: 2, repeated: true },
};
const VOTE_SHAPE: MessageShape = {
  1: { name: 'flag', wireType: 0 },
  2: { name: 'time', wireType: 0 },
  3: { name: 'signature', wireType: 2 },
};

/** Keys and powers in the order of the set. The length of a key tells its type. */
export function encodeSet(validators: readonly Validator[]): Uint8Array {
  const writer = new ProtoWriter();
  for (const { publicKey, votingPower } of sortValidators(validators)) {
    const validator = new ProtoWriter().bytes(1, publicKey.bytes).varint(2, votingPower);
    writer.message(1, validator.finish());
  }
  return writer.finish();
}

/** @throws TypeError for anything that `encodeSet` does not write. */
export function decodeSet(bytes: Uint8Array, title: string): Validator[] {
  const fields = readFields(bytes, title, SET_SHAPE);
  if (fields.length > MAX_VALIDATORS) {
    throw new TypeError(`${title}: expected at most ${MAX_VALIDATORS}, got ${fields.length}`);
  }
  return fields.map((field, index) => decodeValidator(field.bytes, `${title}[${index}]`));
}

function decodeValidator(bytes: Uint8Array, title: string): Validator {
  let key: Uint8Array = NO_BYTES;
  let votingPower = 0n;
  for (const field of readFields(bytes, title, VALIDATOR_SHAPE)) {
    if (field.number === 1) key = field.bytes;
    else votingPower = int64Of(field);
  }
  const publicKey: PublicKey = { type: keyTypeOf(key, title), bytes: key };
  return { address: validatorAddress(publicKey), publicKey, votingPower, proposerPriority: 0n };
}

function keyTypeOf(key: Uint8Array, title: string): PublicKey['type'] {
  for (const type of ['ed25519', 'secp256k1'] as const) {
    if (key.length === PUBLIC_KEY_LENGTH[type]) return type;
  }
  throw new TypeError(`${title}.key: expected 32 or 33 bytes, got ${key.length}`);
}

/** A commit for this header, by validators in the order of their set. */
export function encodeCompactCommit(header: Header, commit: Commit): Uint8Array {
  const { total, hash } = commit.blockId.parts;
  const writer = new ProtoWriter().varint(1, commit.round).varint(2, total).bytes(3, hash);
  for (const { flag, timestamp, signature } of commit.signatures) {
    const vote = new ProtoWriter().varint(1, flag);
    if (flag !== BLOCK_ID_FLAG.absent) {
      vote.varint(2, zigzag(timestamp - header.time)).bytes(3, signature);
    }
    writer.message(4, vote.finish());
  }
  return writer.finish();
}

/** @throws TypeError for anything that `encodeCompactCommit` does not write. */
export function decodeCompactCommit(
  bytes: Uint8Array,
  header: Header,
  validators: readonly Validator[],
): Commit {
  let round = 0;
  let total = 0;
  let hash: Uint8Array = NO_BYTES;
  const signatures: CommitSig[] = [];
  for (const field of readFields(bytes, 'commit', COMMIT_SHAPE)) {
    if (field.number === 1) round = int32Of(field, 'commit.round');
    else if (field.number === 2) total = uint32Of(field, 'commit.parts_total');
    else if (field.number === 3) hash = field.bytes;
    else signatures.push(decodeVote(field.bytes, header, validators[signatures.length]));
  }
  const blockId = { hash: hashHeader(header), parts: { total, hash } };
  return { height: header.height, round, blockId, signatures };
}

function decodeVote(
  bytes: Uint8Array,
  header: Header,
  validator: Validator | undefined,
): CommitSig {
  if (validator === undefined)
    throw new TypeError('commit.votes: expected one a validator, got more');
  let flag = 0;
  let timestamp = header.time;
  let signature: Uint8Array = NO_BYTES;
  for (const field of readFields(bytes, 'vote', VOTE_SHAPE)) {
    if (field.number === 1) flag = int32Of(field, 'vote.flag');
    else if (field.number === 2) timestamp = header.time + unzigzag(field.value);
    else signature = field.bytes;
  }
  const known = checkFlag(flag, 'vote.flag');
  if (known !== BLOCK_ID_FLAG.absent) {
    return { flag: known, validatorAddress: validator.address, timestamp, signature };
  }
  return { flag: known, validatorAddress: NO_BYTES, timestamp: ZERO_TIME, signature };
}

function zigzag(value: bigint): bigint {
  return (value << 1n) ^ (value >> 127n);
}

function unzigzag(value: bigint): bigint {
  return (value >> 1n) ^ -(value & 1n);
}
