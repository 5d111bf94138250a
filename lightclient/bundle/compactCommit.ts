/**
 * A commit and the validators that signed it, without what follows: the block hash from the header, the addresses
 * from the keys, and the times as distances from that of the header.
 */
import { checkFlag, MAX_VALIDATORS } from '../../wire/commit.ts';
import { hashHeader } from '../../wire/header.ts';
import { messageCodec } from '../../wire/messageCodec.ts';
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

interface CompactValidator {
  readonly key: Uint8Array;
  readonly power: bigint;
}

/** Keys and powers in the order of the set. The length of a key tells its type. */
export interface CompactSet {
  readonly validators: readonly CompactValidator[];
}

interface CompactVote {
  readonly flag: number;
  /** How far after the header's time, zigzag; 0 of an absent one. */
  readonly time: bigint;
  readonly signature: Uint8Array;
}

/** What does not follow from the header and the set. */
export interface CompactCommit {
  readonly round: number;
  readonly partsTotal: number;
  readonly partsHash: Uint8Array;
  readonly votes: readonly CompactVote[];
}

const validatorCodec = /* @__PURE__ */ messageCodec<CompactValidator>('validator', {
  key: 'bytes',
  power: 'int64',
});

/** Of a `CompactSet`. */
export const setCodec = /* @__PURE__ */ messageCodec<CompactSet>('validators', {
  validators: { holds: validatorCodec, repeated: true, most: MAX_VALIDATORS },
});

const voteCodec = /* @__PURE__ */ messageCodec<CompactVote>('vote', {
  flag: 'enum',
  time: 'uint64',
  signature: 'bytes',
});

/** Of a `CompactCommit`. */
export const commitCodec = /* @__PURE__ */ messageCodec<CompactCommit>('commit', {
  round: 'enum',
  partsTotal: 'uint32',
  partsHash: 'bytes',
  votes: { holds: voteCodec, repeated: true, most: MAX_VALIDATORS },
});

/** The set without what follows. */
export function compactSet(members: readonly Validator[]): CompactSet {
  const validators = sortValidators(members).map(({ publicKey, votingPower }) => ({
    key: publicKey.bytes,
    power: votingPower,
  }));
  return { validators };
}

/** @throws TypeError for a key of no known type. */
export function expandSet({ validators }: CompactSet): Validator[] {
  return validators.map(({ key: bytes, power: votingPower }, index) => {
    const publicKey: PublicKey = { type: keyTypeOf(bytes, index), bytes };
    return { address: validatorAddress(publicKey), publicKey, votingPower, proposerPriority: 0n };
  });
}

function keyTypeOf(key: Uint8Array, index: number): PublicKey['type'] {
  for (const type of ['ed25519', 'secp256k1'] as const) {
    if (key.length === PUBLIC_KEY_LENGTH[type]) return type;
  }
  throw new TypeError(`validators[${index}].key: expected 32 or 33 bytes, got ${key.length}`);
}

/** A commit for this header, by validators in the order of their set, without what follows. */
export function compactCommit(
  header: Header,
  { round, blockId, signatures }: Commit,
): CompactCommit {
  const { total: partsTotal, hash: partsHash } = blockId.parts;
  const votes = signatures.map(({ flag, timestamp, signature }) =>
    flag === BLOCK_ID_FLAG.absent
      ? { flag, time: 0n, signature: NO_BYTES }
      : { flag, time: zigzag(timestamp - header.time), signature },
  );
  return { round, partsTotal, partsHash, votes };
}

/** @throws TypeError for other votes than one a validator, and for an unknown flag. */
export function expandCommit(
  { round, partsTotal: total, partsHash, votes }: CompactCommit,
  header: Header,
  validators: readonly Validator[],
): Commit {
  const signatures = votes.map((vote, index) => expandVote(vote, header, validators[index]));
  const blockId = { hash: hashHeader(header), parts: { total, hash: partsHash } };
  return { height: header.height, round, blockId, signatures };
}

function expandVote(
  vote: CompactVote,
  header: Header,
  validator: Validator | undefined,
): CommitSig {
  if (validator === undefined) {
    throw new TypeError('commit.votes: expected one a validator, got more');
  }
  const flag = checkFlag(vote.flag, 'vote.flag');
  if (flag === BLOCK_ID_FLAG.absent) {
    return { flag, validatorAddress: NO_BYTES, timestamp: ZERO_TIME, signature: NO_BYTES };
  }
  const timestamp = header.time + unzigzag(vote.time);
  return { flag, validatorAddress: validator.address, timestamp, signature: vote.signature };
}

function zigzag(value: bigint): bigint {
  return (value << 1n) ^ (value >> 127n);
}

function unzigzag(value: bigint): bigint {
  return (value >> 1n) ^ -(value & 1n);
}
