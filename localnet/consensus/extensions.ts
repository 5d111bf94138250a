/** Vote extensions in consensus: when they are signed, by whom, and what the next proposer is told of them. */
import type { ExtendedCommitInfo } from '../../chain/abci/types.ts';
import { toHex } from '../../wire/bytes.ts';
import {
  BLOCK_ID_FLAG,
  type Commit,
  type ConsensusParams,
  type Validator,
  type ValidatorSet,
  type Vote,
} from '../../wire/types.ts';
import { voteExtensionSignBytes } from '../../wire/vote.ts';
import { commitInfo } from './block.ts';
import { verifyEd25519 } from './ed25519.ts';

/** Bytes of the largest extension that a vote may have (types/vote.go). */
const MAX_EXTENSION_BYTES = 1024 * 1024;

/** What an application added to a precommit, with its validator's signature. */
export interface SignedExtension {
  readonly extension: Uint8Array;
  readonly signature: Uint8Array;
}

/** A vote that may carry an extension: a precommit for a block does where the parameters ask for it. */
export interface ExtendedVote extends Vote {
  readonly extension?: SignedExtension;
}

/** Stands for a validator whose precommit the commit does not hold. */
export const NO_EXTENSION: SignedExtension = {
  extension: new Uint8Array(0),
  signature: new Uint8Array(0),
};

/** Whether precommits at a height carry extensions. */
export function isExtended({ abci }: ConsensusParams, height: bigint): boolean {
  return abci.voteExtensionsEnableHeight > 0n && abci.voteExtensionsEnableHeight <= height;
}

/**
 * Whether the extension of a precommit is its validator's own.
 * @throws RangeError naming the validator when it is missing, too large, or not signed by it.
 */
export function checkExtension(chainId: string, set: ValidatorSet, vote: ExtendedVote): void {
  const name = toHex(vote.validatorAddress);
  const { extension: signed, height, round } = vote;
  if (signed === undefined) throw new RangeError(`vote of ${name}: its extension is missing`);
  const { extension, signature } = signed;
  if (extension.length > MAX_EXTENSION_BYTES) {
    throw new RangeError(
      `vote of ${name}: expected an extension of up to ${MAX_EXTENSION_BYTES} bytes, got ${extension.length}`,
    );
  }
  const key = set.validators[vote.validatorIndex]!.publicKey.bytes;
  const signBytes = voteExtensionSignBytes(chainId, { height, round, extension });
  if (verifyEd25519(key, signBytes, signature)) return;
  throw new RangeError(`vote of ${name}: the signature of its extension is wrong`);
}

/** The extensions of a commit: one for each validator, in the order of the set. */
export function extensionsOf(set: ValidatorSet, votes: readonly ExtendedVote[]): SignedExtension[] {
  const byIndex = new Map(votes.map((vote) => [vote.validatorIndex, vote.extension]));
  return set.validators.map((_, index) => byIndex.get(index) ?? NO_EXTENSION);
}

/** What the proposer's application is told about the last commit; extensions are none before they are enabled. */
export function extendedCommitInfo(
  commit: Commit,
  validators: readonly Validator[],
  extensions: readonly SignedExtension[] | undefined,
): ExtendedCommitInfo {
  const { round, votes } = commitInfo(commit, validators);
  return {
    round,
    votes: votes.map((vote, index) => {
      const isCommitted = vote.blockIdFlag === BLOCK_ID_FLAG.commit;
      const { extension, signature } = (isCommitted && extensions?.[index]) || NO_EXTENSION;
      return { ...vote, voteExtension: extension, extensionSignature: signature };
    }),
  };
}
