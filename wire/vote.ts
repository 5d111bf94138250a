/** Votes: what a validator signs, and how a vote is encoded. Times keep every nanosecond. */
import { encodeBlockId, isNilBlockId } from './blockId.ts';
import { concatBytes } from './bytes.ts';
import { encodeVarint, lengthDelimited, ProtoWriter } from './protobuf.ts';
import { encodeTimestamp } from './time.ts';
import {
  BLOCK_ID_FLAG,
  type Commit,
  type CommitSig,
  NIL_BLOCK_ID,
  VOTE_TYPE,
  type Vote,
} from './types.ts';

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
 * The same as `commitVoteSignBytes` for many votes of one commit: what is the same in all is written once.
 */
export function commitSignBytes(chainId: string, commit: Commit): (index: number) => Uint8Array {
  const { height, round, blockId } = commit;
  const start = new ProtoWriter()
    .varint(1, VOTE_TYPE.precommit)
    .sfixed64(2, height)
    .sfixed64(3, BigInt(round))
    .finish();
  const starts = {
    [BLOCK_ID_FLAG.commit]: isNilBlockId(blockId)
      ? start
      : concatBytes(start, new ProtoWriter().message(4, encodeBlockId(blockId)).finish()),
    [BLOCK_ID_FLAG.nil]: start,
  };
  const end = new ProtoWriter().string(6, chainId).finish();
  const layouts = {
    [BLOCK_ID_FLAG.commit]: new VoteLayout(starts[BLOCK_ID_FLAG.commit], end),
    [BLOCK_ID_FLAG.nil]: new VoteLayout(starts[BLOCK_ID_FLAG.nil], end),
  };
  return (index) => {
    const { flag, timestamp } = votedAt(commit, index);
    return layouts[flag].withTime(encodeTimestamp(timestamp));
  };
}

/** Sign bytes without their time, by the length of that. */
class VoteLayout {
  readonly #start: Uint8Array;
  readonly #end: Uint8Array;
  readonly #byLength: (Uint8Array | undefined)[] = [];

  constructor(start: Uint8Array, end: Uint8Array) {
    this.#start = start;
    this.#end = end;
  }

  withTime(time: Uint8Array): Uint8Array {
    const { length } = time;
    const empty = this.#byLength[length] ?? this.#empty(length);
    this.#byLength[length] = empty;
    const out = empty.slice();
    out.set(time, out.length - this.#end.length - length);
    return out;
  }

  #empty(timeLength: number): Uint8Array {
    const tag = Uint8Array.of(TIMESTAMP_TAG, timeLength);
    const length = this.#start.length + tag.length + timeLength + this.#end.length;
    const time = new Uint8Array(timeLength);
    return concatBytes(encodeVarint(length), this.#start, tag, time, this.#end);
  }
}

/** Field 5, length-delimited; a timestamp is shorter than 128 bytes. */
const TIMESTAMP_TAG = 0x2a;

type Voted = CommitSig & { readonly flag: Exclude<CommitSig['flag'], 1> };

/** @throws RangeError when no vote stands there, or an absent one, which signed nothing. */
function votedAt({ signatures }: Commit, index: number): Voted {
  const signature = signatures[index];
  if (signature !== undefined && signature.flag !== BLOCK_ID_FLAG.absent) return signature as Voted;
  const got = signature ? 'an absent vote' : `${signatures.length} signatures`;
  throw new RangeError(`signatures[${index}]: expected a vote, got ${got}`);
}

/**
 * The bytes that the validator at `index` signed for this commit: each with its own time.
 * @throws RangeError when no signature stands there, or an absent one, which signed nothing.
 */
export function commitVoteSignBytes(chainId: string, commit: Commit, index: number): Uint8Array {
  const signature = votedAt(commit, index);
  return voteSignBytes(chainId, {
    type: VOTE_TYPE.precommit,
    height: commit.height,
    round: commit.round,
    blockId: signature.flag === BLOCK_ID_FLAG.commit ? commit.blockId : NIL_BLOCK_ID,
    timestamp: signature.timestamp,
  });
}

/** The part of a precommit that the signature of its extension covers; the chain id comes from outside. */
export interface SignedExtensionFields {
  readonly height: bigint;
  readonly round: number;
  /** What the application added; may be empty, and is signed all the same. */
  readonly extension: Uint8Array;
}

/**
 * The bytes that a validator signs beside its precommit: a length-delimited tendermint.types.CanonicalVoteExtension.
 * They name no validator and no block: the extension stands with the precommit that carries it.
 */
export function voteExtensionSignBytes(
  chainId: string,
  { height, round, extension }: SignedExtensionFields,
): Uint8Array {
  const writer = new ProtoWriter()
    .bytes(1, extension)
    .sfixed64(2, height)
    .sfixed64(3, BigInt(round))
    .string(4, chainId);
  return lengthDelimited(writer.finish());
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
