/** Pages and heights of requests, with CometBFT's limits and texts (rpc/core/env.go). */
import type { BlockStore } from '../node/blockStore.ts';
import type { Arguments } from './arguments.ts';

const DEFAULT_PER_PAGE = 30n;
const MAX_PER_PAGE = 100n;

/** How many entries a request wants on a page: 30 unless it says, at most 100. */
export function perPage(args: Arguments, name = 'per_page'): number {
  const wanted = args.integer(name);
  if (wanted === undefined || wanted < 1n) return Number(DEFAULT_PER_PAGE);
  return Number(wanted > MAX_PER_PAGE ? MAX_PER_PAGE : wanted);
}

/** The page of `all` that a request wants. @throws Error for a page that is not there. */
export function pageOf<T>(args: Arguments, all: readonly T[]): T[] {
  const size = perPage(args);
  const pages = Math.max(1, Math.ceil(all.length / size));
  const page = args.integer('page') ?? 1n;
  if (page < 1n || page > BigInt(pages)) {
    throw new Error(`page should be within [1, ${pages}] range, given ${page}`);
  }
  const start = (Number(page) - 1) * size;
  return all.slice(start, start + size);
}

/**
 * The height that a request is about, the latest unless it says. Light clients read these texts: they tell a
 * height to come from one that is gone by them. @throws Error for a height that is not there.
 */
export function heightOf(args: Arguments, store: BlockStore, latest: bigint): bigint {
  const height = args.integer('height');
  if (height === undefined) return latest;
  if (height <= 0n) throw new Error(`height must be greater than 0, but got ${height}`);
  if (height > latest) {
    throw new Error(
      `height ${height} must be less than or equal to the current blockchain height ${latest}`,
    );
  }
  if (height < store.base) {
    throw new Error(`height ${height} is not available, lowest height is ${store.base}`);
  }
  return height;
}
