/** Pages of a collection by the SDK's PageRequest and PageResponse, with every number bounded. */
import { concatBytes } from '../../wire/bytes.ts';
import type {
  PageRequest,
  PageResponse,
} from '../../wire/gen/cosmos/base/query/v1beta1/pagination.ts';
import { sdkError } from '../module/errors.ts';
import type { Walkable } from './walk.ts';

const DEFAULT_LIMIT = 100n;
/** What wallets ask for at most (Keplr: 1000). A larger limit is cut to this. */
const MAX_LIMIT = 1000n;
const MAX_OFFSET = 10_000n;
/** Entries that one page looks at when it leaves some out; the next page goes on from there. */
const MAX_LOOKED_AT = 100_000;
/** Counting stops here: a total is an exact number up to it. */
const MAX_COUNT = 100_000n;

/** Some entries of a collection, and where the next page begins. */
export interface Page<K, V> {
  readonly entries: readonly (readonly [K, V])[];
  readonly pagination: PageResponse;
}

interface Options<K, V> {
  /** Only keys with this encoded first part. */
  readonly within?: Uint8Array;
  /** Only entries for which it holds; the others do not count. */
  readonly where?: (value: V, key: K) => boolean;
}

/**
 * One page of a collection in the order of its keys.
 * @throws ChainError sdk/18 when key and offset are both given, or the offset is over 10,000.
 */
export function paginate<K, V>(
  collection: Walkable<K, V>,
  request: PageRequest | undefined,
  options: Options<K, V> = {},
): Page<K, V> {
  const { key, offset, limit, countTotal, reverse } = checkRequest(request);
  const within = options.within ?? new Uint8Array(0);
  const entries: (readonly [K, V])[] = [];
  let nextKey = new Uint8Array(0);
  let seen = 0n;
  let lookedAt = 0;
  const fromBytes = key.length === 0 ? {} : { fromBytes: concatBytes(within, key) };
  for (const entry of collection.entries({ within, reverse, ...fromBytes })) {
    if (options.where && !options.where(entry[1], entry[0])) {
      lookedAt += 1;
      if (lookedAt < MAX_LOOKED_AT) continue;
      if (nextKey.length === 0) nextKey = collection.keyBytes(entry[0]).slice(within.length);
      break;
    }
    seen++;
    if (seen <= offset) continue;
    if (BigInt(entries.length) < limit) {
      entries.push(entry);
      continue;
    }
    if (nextKey.length === 0) {
      nextKey = collection.keyBytes(entry[0]).slice(within.length);
    }
    if (!countTotal || seen >= MAX_COUNT) break;
  }
  return { entries, pagination: { nextKey, total: countTotal ? seen : 0n } };
}

function checkRequest(request: PageRequest | undefined) {
  const key = request?.key ?? new Uint8Array(0);
  const offset = request?.offset ?? 0n;
  if (key.length > 0 && offset > 0n) {
    throw sdkError('invalidRequest', 'pagination: expected either key or offset, got both');
  }
  if (offset > MAX_OFFSET) {
    throw sdkError(
      'invalidRequest',
      `pagination.offset: expected at most ${MAX_OFFSET}, got ${offset}`,
    );
  }
  const asked = request?.limit ?? 0n;
  const limit = asked === 0n ? DEFAULT_LIMIT : asked > MAX_LIMIT ? MAX_LIMIT : asked;
  // As the SDK: a page by offset that asks for no limit counts, a page by key never does.
  const countTotal = key.length === 0 && (request?.countTotal === true || asked === 0n);
  return { key, offset, limit, countTotal, reverse: request?.reverse ?? false };
}
