/** The headers between a trusted one and the one above a state, for who has no network to ask for them. */

import { wholeCommitFinding } from '../provenState.ts';
import { ProviderError } from '../provider.ts';
import { type SyncOptions, skipTo, trustedStart } from '../sync.ts';
import { StepFailure } from '../trail.ts';
import type { LightBlock } from '../types.ts';
import { MAX_LINKS } from './format.ts';

/** Of a verified way those in between; undefined when they are too many, or hold a wrong vote. */
export async function linksOf(
  trace: readonly LightBlock[],
  options: Pick<SyncOptions, 'chainId' | 'verifier'>,
): Promise<readonly LightBlock[] | undefined> {
  const links = trace.slice(1, -1);
  if (links.length > MAX_LINKS) return undefined;
  try {
    for (const link of links) await wholeCommitFinding(link, options);
    return links;
  } catch (error) {
    if (error instanceof StepFailure) return undefined;
    throw error;
  }
}

/** The same where both ends are verified, but one after the other; asks the node only for what one step does not reach. */
export async function linksBetween(
  root: LightBlock,
  block: LightBlock,
  options: SyncOptions,
): Promise<readonly LightBlock[] | undefined> {
  try {
    const limited = { ...options, maxHeaders: MAX_LINKS };
    const synced = await skipTo(trustedStart(root), limited, block);
    return synced.ok ? await linksOf(synced.trace, options) : undefined;
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}
