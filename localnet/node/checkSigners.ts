/** Whether the validators still remember what the chain shows that they signed. */
import { equalBytes } from '../../wire/bytes.ts';
import type { BlockStore } from './blockStore.ts';
import type { ValidatorNode } from './validatorNode.ts';

/** Flag of a signature in a commit that is for the block. */
const COMMITTED = 2;

/**
 * A signing state that is missing, or an older copy, lets a validator sign two blocks at one height: what the
 * last commit holds of it must not be ahead of what it remembers.
 * @throws Error naming the validator, both heights, and what to do.
 */
export function checkSigners(store: BlockStore, nodes: readonly ValidatorNode[]): void {
  const commit = store.commit(store.height);
  if (commit === undefined) return;
  for (const { name, signer } of nodes) {
    const hasSigned = commit.signatures.some(
      ({ flag, validatorAddress }) =>
        flag === COMMITTED && equalBytes(validatorAddress, signer.key.address),
    );
    if (!hasSigned || !signer.isBefore(commit)) continue;
    throw new Error(
      `${name}: priv_validator_state.json is missing or an older copy: the chain has its vote of height ` +
        `${commit.height}, the file knows of none after ${signer.lastHeight}. Put its newest copy back: ` +
        'without it the validator could sign a second block at a height',
    );
  }
}
