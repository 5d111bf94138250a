/**
 * From a trusted header back to an earlier one, along the hashes that each header holds of the one before
 * (CometBFT light/verifier.go, VerifyBackwards). Hashes do not expire, so no period is looked at.
 */
import type { Header } from '../wire/types.ts';
import { fetchLightBlock } from './fetchLightBlock.ts';
import { heightOf } from './height.ts';
import { verifyAlone } from './ownCommit.ts';
import * as rules from './predicates.ts';
import {
  DEFAULT_MAX_HEADERS,
  type SyncedBlock,
  type SyncOptions,
  type SyncResult,
  stopped,
  tooManyHeaders,
} from './sync.ts';
import type { Invalid, LightBlock } from './types.ts';

/**
 * Verifies the header at `height`, below that of `start`, which is trusted. Takes one header for each height
 * in between; when that is more than `maxHeaders`, nothing is fetched. The commit and validators of the block
 * that it gives are verified too, so that they can be kept with it.
 * @throws ProviderError when the node does not serve what is needed.
 * @throws RangeError for a height that is not from 1 up to below the start's.
 */
export async function syncBackward(
  start: SyncedBlock,
  options: SyncOptions,
  height: bigint,
): Promise<SyncResult> {
  const from = heightOf(start.block);
  if (height < 1n || height >= from) {
    throw new RangeError(`height: expected 1 to ${from - 1n}, got ${height}`);
  }
  const most = options.maxHeaders ?? DEFAULT_MAX_HEADERS;
  let { headersFetched } = start;
  if (BigInt(headersFetched) + from - height > BigInt(most)) {
    return tooManyHeaders(height, headersFetched, most);
  }
  let later = start.block.signedHeader.header;
  while (later.height > height + 1n) {
    const { header } = await options.provider.signedHeader(later.height - 1n);
    headersFetched += 1;
    const refusal = refusalBelow(later, header);
    if (refusal !== undefined) {
      return stopped(refusal, { height: later.height - 1n, headersFetched });
    }
    later = header;
  }
  const block = await fetchLightBlock(options.provider, height);
  headersFetched += 1;
  const refusal = refusalBelow(later, block.signedHeader.header);
  if (refusal !== undefined) return stopped(refusal, { height, headersFetched });
  return concludeWith(block, options, headersFetched);
}

function refusalBelow(later: Header, header: Header): Invalid | undefined {
  return rules.firstRefusal([
    () => rules.isHeightBelow(header, later),
    () => rules.isLastBlockOf(header, later),
    () => rules.isTimeEarlier(header, later),
  ]);
}

/** The header is trusted now; what was served with it is not yet. */
async function concludeWith(
  block: LightBlock,
  options: SyncOptions,
  headersFetched: number,
): Promise<SyncResult> {
  const verdict = await verifyAlone(block, options);
  // Nothing in between was kept: hashes alone led here.
  if (verdict.ok) return { ...verdict, block, headersFetched, trace: [block] };
  return stopped(verdict, { height: heightOf(block), headersFetched });
}
