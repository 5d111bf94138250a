/** The part of an application that brings the extensions of the votes for one block into the next. */
import type {
  CommitInfo,
  FinalizeBlockRequest,
  PrepareProposalRequest,
  ProcessProposalRequest,
} from '../abci/types.ts';
import { Bug } from '../module/errors.ts';
import type { Frame } from '../module/frame.ts';
import type { ModuleSet } from '../module/moduleSet.ts';
import type { ChainRecord } from './chainRecord.ts';
import {
  type CommittedVote,
  carriesExtensions,
  deliverExtensions,
  encodeExtensions,
  readExtensions,
} from './committedExtensions.ts';
import type { ValidatorsModule } from './keepers.ts';
import { framedBytes } from './proposals.ts';
import { speakers } from './voteExtensions.ts';

type Heights = Pick<ChainRecord, 'extensionsFrom' | 'initialHeight'>;

/** A block's transactions, and what stands in front of them where the block carries extensions. */
export interface SplitBlock {
  readonly extensions?: Uint8Array;
  readonly txs: readonly Uint8Array[];
}

/** Extensions with the block that carries them. */
interface Carried {
  readonly extensions: Uint8Array;
  readonly height: bigint;
  readonly commit: CommitInfo;
}

export class ExtensionCarrier {
  readonly #modules: ModuleSet;
  readonly #validators: ValidatorsModule | undefined;

  /** @throws TypeError when a module adds to votes and none keeps the validators. */
  constructor(modules: ModuleSet, validators: ValidatorsModule | undefined) {
    const [speaker] = speakers(modules);
    if (speaker !== undefined && validators === undefined) {
      throw new TypeError(`options.validators: ${speaker.name} adds to votes and needs their keys`);
    }
    this.#modules = modules;
    this.#validators = validators;
  }

  /** What a block with these transactions carries; nothing where it need not. */
  split(chain: Heights, { height, txs }: Pick<FinalizeBlockRequest, 'height' | 'txs'>): SplitBlock {
    if (!carriesExtensions(this.#modules, chain, height)) return { txs };
    return { extensions: txs[0] ?? new Uint8Array(0), txs: txs.slice(1) };
  }

  /**
   * What a proposer puts in front of the transactions; undefined where nothing belongs there.
   * @throws Bug when a block has no room for it.
   */
  propose(
    chain: Heights,
    { height, localLastCommit, maxTxBytes }: PrepareProposalRequest,
  ): Uint8Array | undefined {
    if (!carriesExtensions(this.#modules, chain, height)) return undefined;
    const extensions = encodeExtensions(localLastCommit);
    if (framedBytes(extensions) <= maxTxBytes) return extensions;
    throw new Bug(
      `the extensions of ${localLastCommit.votes.length} votes have ${extensions.length} bytes, ` +
        `and a block has room for ${maxTxBytes}`,
    );
  }

  /** Whether validators may vote for a block that carries these. */
  accepts(
    frame: Frame,
    extensions: Uint8Array,
    { height, proposedLastCommit: commit }: ProcessProposalRequest,
  ): boolean {
    try {
      this.#read(frame, { extensions, height, commit });
      return true;
    } catch (error) {
      // Whatever a proposer wrote there: nobody votes for it.
      if (error instanceof TypeError || error instanceof RangeError) return false;
      throw error;
    }
  }

  /** Tells the modules of a decided block. @throws TypeError or RangeError for one that nobody could vote for. */
  deliver(
    frame: Frame,
    extensions: Uint8Array,
    { height, decidedLastCommit: commit }: FinalizeBlockRequest,
  ): void {
    const votes = this.#read(frame, { extensions, height, commit });
    deliverExtensions(this.#modules, frame, votes);
  }

  #read(frame: Frame, { extensions, height, commit }: Carried): CommittedVote[] {
    const { consensusKey } = this.#modules.api(this.#validators!, frame);
    const { chainId } = frame.block;
    const { verifier } = frame.environment;
    return readExtensions(extensions, {
      chainId,
      height: height - 1n,
      commit,
      verifier,
      consensusKey,
    });
  }
}
