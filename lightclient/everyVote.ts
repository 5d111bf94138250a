/** The commit of a block for who shows it to others: no vote in it may be wrong. */
import { verifyWholeCommit } from './commitPower.ts';
import { LightClientError } from './lightClientError.ts';
import { type CommitOptions, judgeCommit } from './ownCommit.ts';
import { refusalText } from './trail.ts';
import type { LightBlock } from './types.ts';

/** @throws LightClientError `refused` naming the vote that is wrong. */
export async function checkEveryVote(block: LightBlock, options: CommitOptions): Promise<void> {
  const whole = await judgeCommit(verifyWholeCommit, block, options);
  if (whole.ok) return;
  const where = `commit at height ${block.signedHeader.commit.height}`;
  throw new LightClientError('refused', `${where}: ${refusalText(whole)}`);
}
