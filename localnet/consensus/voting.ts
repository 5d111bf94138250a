/** Votes of one round, the commit that they make, and whether enough power stands behind it. */
import { equalBytes, toHex } from '../../wire/bytes.ts';
import {
  BLOCK_ID_FLAG,
  type BlockId,
  type Commit,
  type CommitSig,
  type ValidatorSet,
  type Vote,
  type VoteType,
  ZERO_TIME,
} from '../../wire/types.ts';
import { totalVotingPower } from '../../wire/validatorSet.ts';
import { voteSignBytes } from '../../wire/vote.ts';
import { verifyEd25519 } from './ed25519.ts';

/** CometBFT's step between the time of a block and the earliest vote for it. */
export const VOTE_TIME_STEP_NS = 1_000_000n;

const NO_BYTES = new Uint8Array(0);
const ABSENT: CommitSig = {
  flag: BLOCK_ID_FLAG.absent,
  validatorAddress: NO_BYTES,
  timestamp: ZERO_TIME,
  signature: NO_BYTES,
};

/** A vote that is not signed yet. */
export type UnsignedVote = Omit<Vote, 'signature'>;

/** What the votes of one round are about. */
export interface VoteSubject {
  readonly type: VoteType;
  readonly height: bigint;
  readonly round: number;
  readonly blockId: BlockId;
}

/** The time of a vote: now, but after the block, so that block times rise. Nanoseconds. */
export function voteTime(now: bigint, blockTime: bigint): bigint {
  const earliest = blockTime + VOTE_TIME_STEP_NS;
  return now > earliest ? now : earliest;
}

/**
 * Whether a vote is what its validator, at its place in the set, signed about this subject.
 * @throws RangeError naming the validator and what is wrong.
 */
export function checkVote(
  chainId: string,
  subject: VoteSubject,
  set: ValidatorSet,
  vote: Vote,
): void {
  const validator = set.validators[vote.validatorIndex];
  const name = toHex(vote.validatorAddress);
  if (!validator || !equalBytes(validator.address, vote.validatorAddress)) {
    throw new RangeError(`vote of ${name}: it is not validator ${vote.validatorIndex}`);
  }
  const expected = voteSignBytes(chainId, { ...subject, timestamp: vote.timestamp });
  const signed = voteSignBytes(chainId, vote);
  if (!equalBytes(expected, signed)) {
    throw new RangeError(`vote of ${name}: it is about another height, round, step or block`);
  }
  if (!verifyEd25519(validator.publicKey.bytes, signed, vote.signature)) {
    throw new RangeError(`vote of ${name}: the signature is wrong`);
  }
}

/** Power of the validators at these places in the set. */
export function powerOf(set: ValidatorSet, places: readonly number[]): bigint {
  const voters = new Set(places);
  return totalVotingPower(set.validators.filter((_, index) => voters.has(index)));
}

/** Whether the validators at these places hold more than two thirds of all power. */
export function hasTwoThirds(set: ValidatorSet, places: readonly number[]): boolean {
  return powerOf(set, places) * 3n > totalVotingPower(set.validators) * 2n;
}

/** The commit of precommits for one block: one entry for each validator, in the order of the set. */
export function makeCommit(
  subject: VoteSubject,
  set: ValidatorSet,
  votes: readonly Vote[],
): Commit {
  const byIndex = new Map(votes.map((vote) => [vote.validatorIndex, vote]));
  const signatures = set.validators.map((_, index): CommitSig => {
    const vote = byIndex.get(index);
    if (!vote) return ABSENT;
    const { validatorAddress, timestamp, signature } = vote;
    return { flag: BLOCK_ID_FLAG.commit, validatorAddress, timestamp, signature };
  });
  return { height: subject.height, round: subject.round, blockId: subject.blockId, signatures };
}
