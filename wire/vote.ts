/** Votes: what a validator signs, and how a vote is encoded. Times keep every nanosecond. */
import { encodeBlockId, isNilBlockId } from './blockId.ts';
import { lengthDelimited, ProtoWriter } from './protobuf.ts';
import { encodeTimestamp } from './time.ts';
import { BLOCK_ID_FLAG, type Commit, NIL_BLOCK_ID, VOTE_TYPE, type Vote } from './types.ts';

/** The part of a vote that its signature covers; the chain id comes from outside. */
export type SignedVoteFields = Pick<Vote, 'type' | 'height' | 'round' | 'blockId' | 'timestamp'>;

/**
 * The bytes that a validator signs: a length-delimited tendermint.types.CanonicalVote. Height and
 * round have a fixed width; the block id is left out of a nil vote.
 */
export function voteSignBytes(chainId: string, vote: SignedVoteFields): Uint8Array {
  const writer = new ProtoWriter()
    .varint(1, vote.type)
    .sfixed64(2, vote.height)
    .sfixed64(3, BigInt(vote.round));
  // A canonical block id has the same fields and bytes as a plain one.
  if (!isNilBlockId(vote.blockId)) writer.message(4, encodeBlockId(vote.blockId));
  writer.message(5, encodeTimestamp(vote.timestamp)).string(6, chainId);
  return lengthDelimited(writer.finish());
}

/**
 * The bytes that the validator at `index` signed for this commit: each with its own time.
 * @throws RangeError when no signature stands there, or an absent one, which signed nothing.
 */
export function commitVoteSignBytes(chainId: string, commit: Commit, index: number): Uint8Array {
  const signature = commit.signatures[index];
  if (signature === undefined || signature.flag === BLOCK_ID_FLAG.absent) {
    const got = signature ? 'an absent vote' : `${commit.signatures.length} signatures`;
    throw new RangeError(`signatures[${index}]: expected a vote, got ${got}`);
  }
  return voteSignBytes(chainId, {
    type: VOTE_TYPE.precommit,
    height: commit.height,
    round: commit.round,
    blockId: signature.flag === BLOCK_ID_FLAG.commit ? commit.blockId : NIL_BLOCK_ID,
    timestamp: signature.timestamp,
  });
}

/** A tendermint.types.Vote without vote extension. */
export function encodeVote(vote: Vote): Uint8Array {
  return new ProtoWriter()
    .varint(1, vote.type)
    .varint(2, vote.height)
    .varint(3, vote.round)
    .message(4, encodeBlockId(vote.blockId))
    .message(5, encodeTimestamp(vote.timestamp))
    .bytes(6, vote.validatorAddress)
    .varint(7, vote.validatorIndex)
    .bytes(8, vote.signature)
    .finish();
}
