/** Lists of a store, complete: between two proven neighbours there is proven to be nothing. */
import { compareBytes } from '../wire/bytes.ts';
import { decodeCommitmentProof } from '../wire/ics23/index.ts';
import { keyAfter } from '../wire/keys.ts';
import type { ProvenEntry } from '../wire/provenQuery.ts';
import type { Header } from '../wire/types.ts';
import { checkHeight } from './height.ts';
import type { LightClient } from './lightClient.ts';
import type { CallOptions } from './lightClientOptions.ts';
import type { StoreClaim } from './storeProof.ts';
import { askVerified, blockAbove } from './verifiedState.ts';

/** Most entries of one list: each costs a request. */
export const MAX_RANGE_ENTRIES = 1_000;

/** Which list; of the newest state that can be proven when there is no height. */
export interface StoreRange {
  readonly store: string;
  /** First key, inclusive. @default the first key of all */
  readonly start?: Uint8Array | undefined;
  /** Exclusive. @default none */
  readonly end?: Uint8Array | undefined;
  /** From 1 to 1000. @default 100 */
  readonly limit?: number | undefined;
  readonly height?: bigint | undefined;
}

/** A list that a store holds, proven to have no other entries. */
export interface VerifiedRange {
  /** In the order of their keys. */
  readonly entries: readonly ProvenEntry[];
  /** Where the list goes on; undefined when it is proven that there is no more. */
  readonly next: Uint8Array | undefined;
  /** Of the state: the header is the one above. */
  readonly height: bigint;
  /** The verified header that carries the AppHash. */
  readonly header: Header;
}

/**
 * The first entries of a range. Whatever a node says, entries can be neither left out nor added: each step asks
 * for the key right after the last one, and the proof of its absence names the next one there is. Cost: one
 * request for each entry, one after the other.
 * @throws as LightClient.getVerified; RangeError for a limit or range that makes no sense.
 */
export async function readRange(
  client: LightClient,
  range: StoreRange & CallOptions,
): Promise<VerifiedRange> {
  const { store, start = Uint8Array.of(0), end, limit = 100 } = checkRange(range);
  const { header } = (await blockAbove(client, range)).signedHeader;
  const state = { appHash: header.appHash, store, height: header.height - 1n };
  const entries: ProvenEntry[] = [];
  let next: Uint8Array | undefined = start;
  while (next !== undefined && entries.length < limit) {
    range.signal?.throwIfAborted();
    const entry = await firstFrom(client, { ...state, key: next });
    const isInside = entry !== undefined && (end === undefined || compareBytes(entry[0], end) < 0);
    if (isInside) entries.push(entry);
    next = isInside ? keyAfter(entry[0]) : undefined;
  }
  return { entries, next, height: state.height, header };
}

function checkRange(range: StoreRange): StoreRange {
  const { start, end, limit = 100, height = 1n } = range;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_RANGE_ENTRIES) {
    throw new RangeError(`limit: expected 1 to ${MAX_RANGE_ENTRIES}, got ${limit}`);
  }
  if (start?.length === 0) throw new RangeError('start: expected a key, got no bytes');
  if (start !== undefined && end !== undefined && compareBytes(start, end) > 0) {
    throw new RangeError('end: expected no key before start');
  }
  checkHeight(height);
  return range;
}

/** The entry at a key or, when there is none, the next one; undefined when it is proven that none follows. */
async function firstFrom(client: LightClient, at: StoreClaim): Promise<ProvenEntry | undefined> {
  const { value, proofOps } = await askVerified(client, at);
  if (value !== undefined) return [at.key, value];
  // The proof has just been verified as one of absence: what it says of its neighbours is proven too.
  const proof = decodeCommitmentProof(proofOps[0]!.data);
  const right = proof.kind === 'nonexist' ? proof.nonexist.right : undefined;
  return right && [right.key, right.value];
}
