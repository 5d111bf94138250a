/** A block by itself: the rules that need no other block, and what its own validators signed. */
import { nobleVerifier } from '../wire/signature.ts';
import { type CommitClaim, verifyCommit } from './commitPower.ts';
import { firstRefusal } from './predicates.ts';
import { type AnyVerifier, settle } from './settle.ts';
import type { LightBlock, Verification } from './types.ts';
import { rulesOfCommit, rulesOfHeader, rulesOfSets } from './verify.ts';

/** Of which chain, and by which verifier. */
export interface CommitOptions {
  readonly chainId: string;
  /** @default noble's */
  readonly verifier?: AnyVerifier | undefined;
}

/** That header, commit and both sets are well formed, of this chain, and belong together. */
export function rulesOfBlock(block: LightBlock, chainId: string) {
  const { signedHeader } = block;
  return [
    ...rulesOfHeader(signedHeader, chainId),
    ...rulesOfCommit(signedHeader),
    ...rulesOfSets(block),
  ];
}

/** What `judge` says of a commit, with a verifier that may answer later. */
export function judgeCommit(
  judge: (claim: CommitClaim) => Verification,
  { signedHeader: { commit }, validators }: Pick<LightBlock, 'signedHeader' | 'validators'>,
  { chainId, verifier = nobleVerifier }: CommitOptions,
): Verification | Promise<Verification> {
  return settle(verifier, (settled) => judge({ chainId, commit, validators, verifier: settled }));
}

/** That the block keeps these rules, and more than 2/3 of its own validators signed it. */
export async function verifyAlone(
  block: LightBlock,
  options: CommitOptions,
): Promise<Verification> {
  const refusal = firstRefusal(rulesOfBlock(block, options.chainId));
  return refusal ?? judgeCommit(verifyCommit, block, options);
}
