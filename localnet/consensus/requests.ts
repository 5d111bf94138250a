/** What the application is asked about a block. */
import type {
  ExtendVoteRequest,
  FinalizeBlockRequest,
  PrepareProposalRequest,
  ProcessProposalRequest,
  VerifyVoteExtensionRequest,
} from '../../chain/abci/types.ts';
import type { Block, BlockId, Validator } from '../../wire/types.ts';
import { hashValidatorSet } from '../../wire/validatorSet.ts';
import { blockTime, commitInfo, type Proposal } from './block.ts';
import { type ExtendedVote, extendedCommitInfo, type SignedExtension } from './extensions.ts';
import type { ChainState } from './state.ts';

/** `lastValidators` are those of the block before; none at the initial height. */
export interface DecidedBlock {
  readonly block: Block;
  readonly blockId: BlockId;
  readonly lastValidators: readonly Validator[];
}

/** What a proposal is prepared from besides the state. */
export interface Preparation {
  readonly proposal: Proposal;
  /** Of the last commit, in its order; undefined where its votes carried none. */
  readonly extensions: readonly SignedExtension[] | undefined;
  /** Room for transactions. */
  readonly maxTxBytes: bigint;
}

/** Asks the proposer's application which transactions to propose. */
export function prepareRequest(
  state: ChainState,
  { proposal, extensions, maxTxBytes }: Preparation,
): PrepareProposalRequest {
  const { lastCommit, transactions, proposerAddress } = proposal;
  return {
    height: state.lastBlockHeight + 1n,
    time: blockTime(state, lastCommit),
    nextValidatorsHash: hashValidatorSet(state.nextValidators.validators),
    proposerAddress,
    misbehavior: [],
    maxTxBytes,
    txs: transactions,
    localLastCommit: extendedCommitInfo(
      lastCommit,
      state.lastValidators?.validators ?? [],
      extensions,
    ),
  };
}

export function processRequest(decided: DecidedBlock): ProcessProposalRequest {
  const { context, commit } = common(decided);
  return { ...context, proposedLastCommit: commit };
}

/** Asks a validator's application what to add to its precommit for the block. */
export function extendRequest(decided: DecidedBlock): ExtendVoteRequest {
  return processRequest(decided);
}

/** Asks a validator's application whether another one's precommit may count. */
export function verifyRequest(vote: ExtendedVote): VerifyVoteExtensionRequest {
  return {
    hash: vote.blockId.hash,
    validatorAddress: vote.validatorAddress,
    height: vote.height,
    voteExtension: vote.extension?.extension ?? new Uint8Array(0),
  };
}

export function finalizeRequest(decided: DecidedBlock): FinalizeBlockRequest {
  const { context, commit } = common(decided);
  return { ...context, decidedLastCommit: commit };
}

function common({ block, blockId, lastValidators }: DecidedBlock) {
  const { header, transactions, lastCommit } = block;
  const context = {
    height: header.height,
    time: header.time,
    nextValidatorsHash: header.nextValidatorsHash,
    proposerAddress: header.proposerAddress,
    misbehavior: [],
    txs: transactions,
    hash: blockId.hash,
  };
  return { context, commit: commitInfo(lastCommit, lastValidators) };
}
