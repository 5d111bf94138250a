/** From a trusted header to a later one by every header in between (CometBFT light/client.go, verifySequential). */

import { fetchBlockAt } from './fetchLightBlock.ts';
import { heightOf } from './height.ts';
import {
  DEFAULT_MAX_HEADERS,
  type SyncedBlock,
  type SyncOptions,
  type SyncResult,
  stopped,
  tooManyHeaders,
  verifyStep,
} from './sync.ts';

/**
 * Verifies the header at `height`, above that of `start`, which is trusted. When that takes more than
 * `maxHeaders`, nothing is fetched.
 * @throws ProviderError when the node does not serve what is needed.
 * @throws RangeError for a height that is not above the start's.
 */
export async function syncSequentially(
  start: SyncedBlock,
  options: SyncOptions,
  height: bigint,
): Promise<SyncResult> {
  const from = heightOf(start.block);
  if (height <= from) throw new RangeError(`height: expected more than ${from}, got ${height}`);
  const most = options.maxHeaders ?? DEFAULT_MAX_HEADERS;
  if (BigInt(start.headersFetched) + height - from > BigInt(most)) {
    return tooManyHeaders(height, start.headersFetched, most);
  }
  const trace = [start.block];
  let reached: SyncedBlock = { ...start, trace };
  for (let next = from + 1n; next <= height; next += 1n) {
    const block = await fetchBlockAt(options.provider, next);
    const headersFetched = reached.headersFetched + 1;
    const verdict = await verifyStep(reached.block, block, options);
    if (!verdict.ok) return stopped(verdict, { height: next, headersFetched });
    trace.push(block);
    reached = { ...verdict, block, headersFetched, trace };
  }
  return reached;
}
