/**
 * One height of consensus where all goes well: round 0, one proposal, one prevote and one precommit of every
 * validator that is here. Each step is checked as CometBFT checks it; anything else halts.
 */
import { blockIdOf, maxDataBytes } from '../../wire/block.ts';
import { equalBytes } from '../../wire/bytes.ts';
import { hexToJson } from '../../wire/json/encode.ts';
import { encodeVarint } from '../../wire/protobuf.ts';
import { type Block, type BlockId, VOTE_TYPE, type Vote } from '../../wire/types.ts';
import { totalVotingPower } from '../../wire/validatorSet.ts';
import { checkProposal, makeBlock, NO_COMMIT } from '../consensus/block.ts';
import {
  checkExtension,
  type ExtendedVote,
  extensionsOf,
  isExtended,
  type SignedExtension,
} from '../consensus/extensions.ts';
import { maxBlockBytes } from '../consensus/params.ts';
import {
  type DecidedBlock,
  extendRequest,
  prepareRequest,
  processRequest,
} from '../consensus/requests.ts';
import type { ChainState } from '../consensus/state.ts';
import {
  checkVote,
  hasTwoThirds,
  makeCommit,
  powerOf,
  type VoteSubject,
  voteTime,
} from '../consensus/voting.ts';
import type { Logger } from '../logger.ts';
import { acceptedPrecommits, type Voter } from './acceptedPrecommits.ts';
import type { Decision } from './blockRecord.ts';
import type { BlockStore } from './blockStore.ts';
import { HaltError } from './halt.ts';
import type { BlockLimits } from './mempool.ts';
import type { ValidatorNode } from './validatorNode.ts';

/** CometBFT's numbers for the steps of a round. */
export const ROUND_STEP = {
  newHeight: 1,
  propose: 3,
  prevote: 4,
  precommit: 6,
  commit: 8,
} as const;

/** What a round has come to so far; the RPC shows it. */
export interface RoundState {
  readonly height: bigint;
  step: (typeof ROUND_STEP)[keyof typeof ROUND_STEP];
  /** Nanoseconds since 1970. */
  readonly startTime: bigint;
  proposal?: { readonly block: Block; readonly blockId: BlockId };
  prevotes: readonly Vote[];
  precommits: readonly Vote[];
}

export interface RoundOptions {
  readonly nodes: readonly ValidatorNode[];
  readonly store: BlockStore;
  readonly state: ChainState;
  readonly logger: Logger;
  /** Nanoseconds since 1970. */
  now(): bigint;
  /** Kept up to date while the round goes on. */
  readonly roundState: RoundState;
}

/** What the transactions of the next block have room for. */
export function blockLimits(state: ChainState): BlockLimits {
  const signatures = state.lastValidators?.validators.length ?? 0;
  const maxBytes = maxDataBytes(maxBlockBytes(state.params), 0n, signatures);
  return { maxBytes, maxGas: state.params.block.maxGas };
}

/** Proposes a block and votes for it. @throws HaltError naming the validator that refuses and why. */
export async function runRound(options: RoundOptions): Promise<Decision> {
  const { state, roundState, store } = options;
  roundState.step = ROUND_STEP.propose;
  const height = state.lastBlockHeight + 1n;
  const block = store.proposal(height) ?? (await propose(options));
  await store.saveProposal(block);
  const blockId = await acceptProposal(options, block);
  roundState.proposal = { block, blockId };
  const subject = { height, round: 0, blockId };
  roundState.step = ROUND_STEP.prevote;
  roundState.prevotes = await vote(options, { ...subject, type: VOTE_TYPE.prevote });
  roundState.step = ROUND_STEP.precommit;
  const precommit: VoteSubject = { ...subject, type: VOTE_TYPE.precommit };
  const precommits = await precommitsOf(options, precommit);
  roundState.precommits = precommits;
  roundState.step = ROUND_STEP.commit;
  const commit = makeCommit(precommit, state.validators, precommits);
  const extensions = isExtended(state.params, height)
    ? extensionsOf(state.validators, precommits)
    : undefined;
  return { block, blockId, size: blockIdOf(block).size, commit, extensions };
}

/** The precommits that count: one whose extension the others refuse does not. */
async function precommitsOf(options: RoundOptions, subject: VoteSubject): Promise<ExtendedVote[]> {
  const votes = await vote(options, subject);
  if (!isExtended(options.state.params, subject.height)) return votes;
  return acceptedPrecommits({ ...options, voters: voters(options), votes });
}

async function propose({ state, nodes, store }: RoundOptions): Promise<Block> {
  const height = state.lastBlockHeight + 1n;
  const { address } = state.validators.proposer;
  const proposer = nodes.find((node) => equalBytes(node.signer.key.address, address));
  if (!proposer) {
    throw new HaltError(height, `the proposer ${hexToJson(address)} has no key in this localnet`);
  }
  const limits = blockLimits(state);
  const lastCommit = state.lastValidators ? store.commit(state.lastBlockHeight)! : NO_COMMIT;
  const extensions = lastExtensions(state, store);
  const waiting = {
    lastCommit,
    transactions: proposer.mempool.reap(limits),
    proposerAddress: address,
  };
  const { maxBytes: maxTxBytes } = limits;
  const request = prepareRequest(state, { proposal: waiting, extensions, maxTxBytes });
  const { txs } = await proposer.application.prepareProposal(request);
  const size = txs.reduce((sum, tx) => sum + 1 + encodeVarint(tx.length).length + tx.length, 0);
  if (BigInt(size) > limits.maxBytes) {
    throw new HaltError(
      height,
      `${proposer.name} proposes ${size} bytes of transactions, expected up to ${limits.maxBytes}`,
    );
  }
  return makeBlock(state, { ...waiting, transactions: txs });
}

/** What the votes for the last block carried. @throws HaltError when they carried something that is not there. */
function lastExtensions(
  state: ChainState,
  store: BlockStore,
): readonly SignedExtension[] | undefined {
  const { lastBlockHeight: height, lastValidators, params } = state;
  if (!lastValidators || !isExtended(params, height)) return undefined;
  const extensions = store.extensions(height);
  if (extensions) return extensions;
  throw new HaltError(height + 1n, `the block store holds no vote extensions of height ${height}`);
}

/** The rules of consensus first, then the word of each validator's application. */
async function acceptProposal(options: RoundOptions, block: Block): Promise<BlockId> {
  const { state } = options;
  const { height } = block.header;
  let blockId: BlockId;
  try {
    blockId = checkProposal(state, block);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HaltError(height, reason, { cause });
  }
  const request = processRequest(decidedBlock(state, { block, blockId }));
  await Promise.all(
    voters(options).map(async ({ node }) => {
      const { accept } = await node.application.processProposal(request);
      if (accept) return;
      throw new HaltError(
        height,
        `the application of ${node.name} refuses block ${hexToJson(blockId.hash)}`,
      );
    }),
  );
  return blockId;
}

function decidedBlock(
  { lastValidators }: ChainState,
  decided: { readonly block: Block; readonly blockId: BlockId },
): DecidedBlock {
  return { ...decided, lastValidators: lastValidators?.validators ?? [] };
}

/** The validators in force that this localnet has the keys of, with their places in the set. */
function voters({ state, nodes }: RoundOptions): Voter[] {
  return nodes.flatMap((node) => {
    const place = state.validators.validators.findIndex((validator) =>
      equalBytes(validator.address, node.signer.key.address),
    );
    return place < 0 ? [] : [{ node, place }];
  });
}

async function vote(options: RoundOptions, subject: VoteSubject): Promise<ExtendedVote[]> {
  const { state } = options;
  const present = voters(options);
  // Who precommitted this block before a crash has seen enough prevotes for it, and must not prevote again.
  const voting = present.filter(({ node }) => !node.signer.isPast(subject));
  const votes = await Promise.all(voting.map((voter) => signVote(options, subject, voter)));
  const places = present.map(({ place }) => place);
  if (hasTwoThirds(state.validators, places)) return votes;
  const total = totalVotingPower(state.validators.validators);
  throw new HaltError(
    subject.height,
    `validators with power ${powerOf(state.validators, places)} of ${total} are here, expected more than two thirds`,
  );
}

async function signVote(
  options: RoundOptions,
  subject: VoteSubject,
  { node, place }: Voter,
): Promise<ExtendedVote> {
  const { state, now } = options;
  const decided = decidedBlock(state, options.roundState.proposal!);
  const unsigned = {
    ...subject,
    timestamp: voteTime(now(), decided.block.header.time),
    validatorAddress: node.signer.key.address,
    validatorIndex: place,
  };
  const isPlain = subject.type !== VOTE_TYPE.precommit || !isExtended(state.params, subject.height);
  const extension = isPlain
    ? undefined
    : (await node.application.extendVote(extendRequest(decided))).voteExtension;
  const signed = await node.signer.sign(state.chainId, unsigned, extension);
  checkVote(state.chainId, subject, state.validators, signed);
  if (!isPlain) checkExtension(state.chainId, state.validators, signed);
  return signed;
}
