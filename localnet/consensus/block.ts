/** Making the block that a validator proposes, and the time that CometBFT gives it (BFT time, 0.38). */
import type { CommitInfo } from '../../chain/abci/types.ts';
import { blockIdOf, hashEvidence, hashTransactions } from '../../wire/block.ts';
import { equalBytes, toHex } from '../../wire/bytes.ts';
import { hashCommit } from '../../wire/commit.ts';
import { hashConsensusParams } from '../../wire/results.ts';
import {
  BLOCK_ID_FLAG,
  BLOCK_PROTOCOL,
  type Block,
  type BlockId,
  type Commit,
  NIL_BLOCK_ID,
  type Validator,
} from '../../wire/types.ts';
import { hashValidatorSet } from '../../wire/validatorSet.ts';
import { maxBlockBytes } from './params.ts';
import type { ChainState } from './state.ts';

/** The commit inside the first block: of nothing, by nobody. */
export const NO_COMMIT: Commit = { height: 0n, round: 0, blockId: NIL_BLOCK_ID, signatures: [] };

/** What a proposer adds to the state. */
export interface Proposal {
  /** Of the block before, with every signature; NO_COMMIT at the initial height. */
  readonly lastCommit: Commit;
  readonly transactions: readonly Uint8Array[];
  readonly proposerAddress: Uint8Array;
}

/** The block that extends `state`. @throws RangeError when the commit names no validator of the last block. */
export function makeBlock(state: ChainState, proposal: Proposal): Block {
  const { lastCommit, transactions, proposerAddress } = proposal;
  const header = {
    version: { block: BLOCK_PROTOCOL, app: state.appVersion },
    chainId: state.chainId,
    height: state.lastBlockHeight + 1n,
    time: blockTime(state, lastCommit),
    lastBlockId: state.lastBlockId,
    lastCommitHash: hashCommit(lastCommit),
    dataHash: hashTransactions(transactions),
    validatorsHash: hashValidatorSet(state.validators.validators),
    nextValidatorsHash: hashValidatorSet(state.nextValidators.validators),
    consensusHash: hashConsensusParams(state.params),
    appHash: state.appHash,
    lastResultsHash: state.lastResultsHash,
    evidenceHash: hashEvidence([]),
    proposerAddress,
  };
  return { header, transactions, evidence: [], lastCommit };
}

/**
 * The time of the block after `state`: genesis time at the initial height, else the median of the times in
 * the last commit, weighted by power.
 */
export function blockTime(state: ChainState, lastCommit: Commit): bigint {
  if (!state.lastValidators) return state.lastBlockTime;
  return medianTime(lastCommit, state.lastValidators.validators);
}

/** The weighted median of the times in a commit, in nanoseconds. @throws RangeError for an unknown signer. */
export function medianTime(commit: Commit, validators: readonly Validator[]): bigint {
  const powers = new Map(validators.map((v) => [toHex(v.address), v.votingPower]));
  const votes = commit.signatures
    .filter((signature) => signature.flag !== BLOCK_ID_FLAG.absent)
    .map(({ validatorAddress, timestamp }) => {
      const power = powers.get(toHex(validatorAddress));
      if (power === undefined) {
        throw new RangeError(`commit: ${toHex(validatorAddress)} is not among its validators`);
      }
      return { timestamp, power };
    })
    .sort((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0));
  let left = votes.reduce((total, vote) => total + vote.power, 0n) / 2n;
  for (const { timestamp, power } of votes) {
    if (left <= power) return timestamp;
    left -= power;
  }
  throw new RangeError('commit: expected at least one vote, got none');
}

/**
 * The rules of a proposal that depend on more than its own bytes: everything but the transactions must be
 * what the state says. @throws RangeError when the proposal differs, or is larger than the parameters allow.
 */
export function checkProposal(state: ChainState, block: Block): BlockId {
  const { lastCommit, transactions, header } = block;
  const { proposerAddress } = header;
  const expected = blockIdOf(makeBlock(state, { lastCommit, transactions, proposerAddress }));
  const actual = blockIdOf(block);
  if (!equalBytes(expected.blockId.parts.hash, actual.blockId.parts.hash)) {
    throw new RangeError(`block ${header.height}: the header does not follow from the state`);
  }
  if (!equalBytes(proposerAddress, state.validators.proposer.address)) {
    throw new RangeError(
      `block ${header.height}: expected proposer ${toHex(state.validators.proposer.address)}, got ${toHex(proposerAddress)}`,
    );
  }
  if (state.lastValidators && header.time <= state.lastBlockTime) {
    throw new RangeError(
      `block ${header.height}: expected a time after ${state.lastBlockTime}, got ${header.time}`,
    );
  }
  if (BigInt(actual.size) > maxBlockBytes(state.params)) {
    throw new RangeError(
      `block ${header.height}: expected up to ${maxBlockBytes(state.params)} bytes, got ${actual.size}`,
    );
  }
  return actual.blockId;
}

/** What the application is told about a commit; empty at the initial height, where there is none. */
export function commitInfo(commit: Commit, validators: readonly Validator[]): CommitInfo {
  return {
    round: commit.round,
    votes: commit.signatures.map((signature, index) => {
      const { address, votingPower } = validators[index]!;
      return { validator: { address, power: votingPower }, blockIdFlag: signature.flag };
    }),
  };
}
