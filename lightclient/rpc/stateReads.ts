/** One state of the chain, every read proven under the same verified header. */
import type { ProvenEntry, ProvenRange, ProvenReads } from '../../wire/provenQuery.ts';
import type { Header } from '../../wire/types.ts';
import { MAX_RANGE_ENTRIES } from '../verifiedRange.ts';
import { blockAt, type Scope } from './scope.ts';

/** Most entries that one answer may read. */
const MAX_READS = 5_000;

/** Reads with the header that proves them. */
export interface StateReads extends ProvenReads {
  readonly header: Header;
}

/**
 * The state after a block, or the newest that can be proven. Values are asked for once.
 * @throws as LightClient.verifyToHeight.
 */
export async function stateReads(scope: Scope, height: bigint | undefined): Promise<StateReads> {
  const { client, chainId } = scope;
  const above = await blockAt(scope, height === undefined ? undefined : height + 1n);
  const { header } = above.signedHeader;
  const of = header.height - 1n;
  let left = MAX_READS;
  const spend = (reads: number): void => {
    left -= reads;
    if (left < 0) throw new RangeError(`query: expected at most ${MAX_READS} reads`);
  };
  return {
    chainId,
    header,
    height: of,
    async blockTime() {
      return (await client.verifyToHeight(of)).signedHeader.header.time;
    },
    async get(store, key) {
      spend(1);
      return (await client.getVerified(store, key, of)).value;
    },
    async range(store: string, { start, end, limit }: ProvenRange) {
      const entries: ProvenEntry[] = [];
      let next: Uint8Array | undefined = start;
      while (next !== undefined && entries.length < limit) {
        const wanted = Math.min(limit - entries.length, MAX_RANGE_ENTRIES);
        const range = { store, start: next, end, limit: wanted, height: of };
        const page = await client.getVerifiedRange(range);
        spend(page.entries.length + 1);
        entries.push(...page.entries);
        next = page.next;
      }
      return entries;
    },
  };
}
