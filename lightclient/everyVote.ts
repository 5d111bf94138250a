/** The commit of a block for who shows it to others: no vote in it may be wrong. */
import { verifyWholeCommit } from './commitPower.ts';
import { LightClientError } from './lightClientError.ts';
import { type AnyVerifier, settle } from './settle.ts';
import { refusalText } from './trail.ts';
import type { LightBlock } from './types.ts';

/** @throws LightClientError `refused` naming the vote that is wrong. */
export async function checkEveryVote(
  { signedHeader: { commit }, validators }: LightBlock,
  { chainId, verifier }: { readonly chainId: string; readonly verifier: AnyVerifier },
): Promise<void> {
  const whole = await settle(verifier, (settled) =>
    verifyWholeCommit({ chainId, commit, validators, verifier: settled }),
  );
  if (whole.ok) return;
  const where = `commit at height ${commit.height}`;
  throw new LightClientError('refused', `${where}: ${refusalText(whole)}`);
}
