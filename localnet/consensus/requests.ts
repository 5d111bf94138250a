/** What the application is asked about a block. */
import type {
  FinalizeBlockRequest,
  PrepareProposalRequest,
  ProcessProposalRequest,
} from '../../chain/abci/types.ts';
import type { Block, BlockId, Validator } from '../../wire/types.ts';
import { hashValidatorSet } from '../../wire/validatorSet.ts';
import { blockTime, commitInfo, type Proposal } from './block.ts';
import type { ChainState } from './state.ts';

/** `lastValidators` are those of the block before; none at the initial height. */
export interface DecidedBlock {
  readonly block: Block;
  readonly blockId: BlockId;
  readonly lastValidators: readonly Validator[];
}

/** Asks the proposer's application which transactions to propose, with room for `maxTxBytes`. */
export function prepareRequest(
  state: ChainState,
  proposal: Proposal,
  maxTxBytes: bigint,
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
    localLastCommit: commitInfo(lastCommit, state.lastValidators?.validators ?? []),
  };
}

export function processRequest(decided: DecidedBlock): ProcessProposalRequest {
  const { context, commit } = common(decided);
  return { ...context, proposedLastCommit: commit };
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
