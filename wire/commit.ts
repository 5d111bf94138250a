/** Commits: the precommits of one height and round, in the order of the validator set. */
import { decodeBlockId, encodeBlockId, isNilBlockId } from './blockId.ts';
import { equalBytes } from './bytes.ts';
import { ADDRESS_LENGTH, type BasicVerdict, malformed } from './header.ts';
import { merkleRoot } from './merkle.ts';
import { int32Of, int64Of, type MessageShape, ProtoWriter, readFields } from './protobuf.ts';
import { decodeTimestamp, encodeTimestamp } from './time.ts';
import {
  BLOCK_ID_FLAG,
  type BlockIdFlag,
  type Commit,
  type CommitSig,
  NIL_BLOCK_ID,
  ZERO_TIME,
} from './types.ts';
import { ACCEPTED } from './verdict.ts';

/** Most validators, and so signatures, that are read (CometBFT types, MaxVotesCount). */
export const MAX_VALIDATORS = 10_000;
/** Longest signature that is read, in bytes: that of ed25519 and secp256k1, the keys known here. */
export const MAX_SIGNATURE_LENGTH = 64;

const NO_BYTES = new Uint8Array(0);

const COMMIT_SHAPE: MessageShape = {
  1: { name: 'height', wireType: 0 },
  2: { name: 'round', wireType: 0 },
  3: { name: 'block_id', wireType: 2 },
  4: { name: 'signatures', wireType: 2, repeated: true },
};

const COMMIT_SIG_SHAPE: MessageShape = {
  1: { name: 'block_id_flag', wireType: 0 },
  2: { name: 'validator_address', wireType: 2 },
  3: { name: 'timestamp', wireType: 2 },
  4: { name: 'signature', wireType: 2 },
};

/** A tendermint.types.Commit. */
export function encodeCommit(commit: Commit): Uint8Array {
  const writer = new ProtoWriter()
    .varint(1, commit.height)
    .varint(2, commit.round)
    .message(3, encodeBlockId(commit.blockId));
  for (const signature of commit.signatures) writer.message(4, encodeCommitSig(signature));
  return writer.finish();
}

/** A tendermint.types.CommitSig. The timestamp is written also where it is Go's zero time. */
export function encodeCommitSig(signature: CommitSig): Uint8Array {
  return new ProtoWriter()
    .varint(1, signature.flag)
    .bytes(2, signature.validatorAddress)
    .message(3, encodeTimestamp(signature.timestamp))
    .bytes(4, signature.signature)
    .finish();
}

/**
 * The commit that canonical bytes hold.
 * @throws TypeError for unknown, repeated or mistyped fields, an unknown flag, more than
 * `MAX_VALIDATORS` signatures, and for any other encoding of the same.
 */
export function decodeCommit(bytes: Uint8Array, title = 'commit'): Commit {
  let height = 0n;
  let round = 0;
  let blockId = NIL_BLOCK_ID;
  const signatures: CommitSig[] = [];
  for (const field of readFields(bytes, title, COMMIT_SHAPE)) {
    if (field.number === 1) height = int64Of(field);
    else if (field.number === 2) round = int32Of(field, `${title}.round`);
    else if (field.number === 3) blockId = decodeBlockId(field.bytes);
    else if (signatures.length < MAX_VALIDATORS) {
      signatures.push(decodeCommitSig(field.bytes, `${title}.signatures[${signatures.length}]`));
    } else throw new TypeError(`${title}.signatures: expected at most ${MAX_VALIDATORS}`);
  }
  const commit = { height, round, blockId, signatures };
  if (!equalBytes(encodeCommit(commit), bytes)) {
    throw new TypeError(`${title}: expected the canonical encoding`);
  }
  return commit;
}

function decodeCommitSig(bytes: Uint8Array, title: string): CommitSig {
  let flag = 0;
  let validatorAddress: Uint8Array = NO_BYTES;
  let timestamp = ZERO_TIME;
  let signature: Uint8Array = NO_BYTES;
  for (const field of readFields(bytes, title, COMMIT_SIG_SHAPE)) {
    if (field.number === 1) flag = int32Of(field, `${title}.block_id_flag`);
    else if (field.number === 2) validatorAddress = field.bytes;
    else if (field.number === 3) timestamp = decodeTimestamp(field.bytes, `${title}.timestamp`);
    else signature = field.bytes;
  }
  return {
    flag: checkFlag(flag, `${title}.block_id_flag`),
    validatorAddress,
    timestamp,
    signature,
  };
}

/** The flag that a number stands for. @throws TypeError naming `title` when there is none. */
export function checkFlag(flag: number, title: string): BlockIdFlag {
  if (flag !== 1 && flag !== 2 && flag !== 3) {
    throw new TypeError(`${title}: expected 1 (absent), 2 (commit) or 3 (nil), got ${flag}`);
  }
  return flag;
}

/** LastCommitHash: the Merkle root, 32 bytes, over the encoded signatures. */
export function hashCommit(commit: Commit): Uint8Array {
  return merkleRoot(commit.signatures.map(encodeCommitSig));
}

/** The rules that a commit keeps by itself: no keys, no powers. Height 0 stands before block 1. */
export function checkCommit(commit: Commit): BasicVerdict {
  if (commit.height < 0n) return malformed('height', commit.height, 'at least 0');
  if (commit.round < 0) return malformed('round', `${commit.round}`, 'at least 0');
  if (commit.height === 0n) return ACCEPTED;
  if (isNilBlockId(commit.blockId)) return malformed('block_id', 'the nil block', 'a block');
  for (const hash of [commit.blockId.hash, commit.blockId.parts.hash]) {
    if (hash.length !== 0 && hash.length !== 32) {
      return malformed('block_id', `a hash of ${hash.length} bytes`, '32 bytes or none');
    }
  }
  if (commit.signatures.length === 0) return malformed('signatures', 'none', 'at least 1');
  for (const [index, signature] of commit.signatures.entries()) {
    const verdict = checkCommitSig(signature, `signatures[${index}]`);
    if (!verdict.ok) return verdict;
  }
  return ACCEPTED;
}

function checkCommitSig(sig: CommitSig, path: string): BasicVerdict {
  const { flag, validatorAddress, timestamp, signature } = sig;
  const isAbsent = flag === BLOCK_ID_FLAG.absent;
  const addressLength = isAbsent ? 0 : ADDRESS_LENGTH;
  if (validatorAddress.length !== addressLength) {
    const got = `${validatorAddress.length} bytes`;
    return malformed(`${path}.validator_address`, got, `${addressLength} bytes`);
  }
  if (isAbsent && timestamp !== ZERO_TIME) {
    return malformed(`${path}.timestamp`, `${timestamp} ns`, 'the zero time of an absent vote');
  }
  const isFitting = isAbsent
    ? signature.length === 0
    : signature.length > 0 && signature.length <= MAX_SIGNATURE_LENGTH;
  if (isFitting) return ACCEPTED;
  const expected = isAbsent ? 'no bytes' : `1 to ${MAX_SIGNATURE_LENGTH} bytes`;
  return malformed(`${path}.signature`, `${signature.length} bytes`, expected);
}
