/** Blocks, headers, commits, validators and parameters (CometBFT rpc/core/blocks.go, consensus.go). */
import { toHex } from '../../wire/bytes.ts';
import {
  blockIdToJson,
  blockToJson,
  consensusParamsToJson,
  headerToJson,
  signedHeaderToJson,
  validatorToJson,
} from '../../wire/json/encode.ts';
import { NIL_BLOCK_ID } from '../../wire/types.ts';
import type { BlockStore } from '../node/blockStore.ts';
import { parseQuery } from '../node/query.ts';
import type { Arguments } from './arguments.ts';
import type { Environment, Routes } from './environment.ts';
import { blockMetaToJson, blockResultsToJson } from './json.ts';
import { heightOf, pageOf } from './paging.ts';

const MAX_BLOCKCHAIN_ITEMS = 20n;

export const chainRoutes: Routes = {
  block: {
    params: ['height'],
    handle: ({ network: { store } }, args) => blockAt(store, latestHeight(store, args)),
  },
  block_by_hash: {
    params: ['hash'],
    handle: ({ network: { store } }, args) => blockAt(store, store.heightOf(args.bytes('hash'))),
  },
  header: {
    params: ['height'],
    handle: ({ network: { store } }, args) => headerAt(store, latestHeight(store, args)),
  },
  header_by_hash: {
    params: ['hash'],
    handle: ({ network: { store } }, args) =>
      headerAt(store, store.heightOf(args.hexBytes('hash'))),
  },
  commit: { params: ['height'], handle: commit },
  block_results: {
    params: ['height'],
    handle({ network: { store } }, args) {
      const height = latestHeight(store, args);
      const results = store.results(height);
      if (!results) throw new Error(`could not find results for height #${height}`);
      return blockResultsToJson(height, results);
    },
  },
  blockchain: { params: ['minHeight', 'maxHeight'], handle: blockchain },
  block_search: { params: ['query', 'page', 'per_page', 'order_by'], handle: blockSearch },
  validators: { params: ['height', 'page', 'per_page'], handle: validators },
  consensus_params: {
    params: ['height'],
    handle({ network: { store, state } }, args) {
      const height = heightOf(args, store, state.lastBlockHeight + 1n);
      const params = store.params(height);
      if (!params) throw new Error(`could not find consensus params for height #${height}`);
      return {
        block_height: String(height),
        consensus_params: consensusParamsToJson(params),
      };
    },
  },
};

function latestHeight(store: BlockStore, args: Arguments): bigint {
  return heightOf(args, store, store.height);
}

/** A height that is not known gives an empty answer, as in CometBFT. */
function blockAt(store: BlockStore, height: bigint | undefined) {
  const block = height === undefined ? undefined : store.block(height);
  const meta = height === undefined ? undefined : store.meta(height);
  return {
    block_id: blockIdToJson(meta?.blockId ?? NIL_BLOCK_ID),
    block: block ? blockToJson(block) : null,
  };
}

function headerAt(store: BlockStore, height: bigint | undefined) {
  const meta = height === undefined ? undefined : store.meta(height);
  return { header: meta ? headerToJson(meta.header) : null };
}

/** Every commit holds every signature already; it is canonical once the next block holds it. */
function commit({ network: { store } }: Environment, args: Arguments) {
  const height = latestHeight(store, args);
  const meta = store.meta(height);
  const decided = store.commit(height);
  if (!meta || !decided) return null;
  return {
    signed_header: signedHeaderToJson({ header: meta.header, commit: decided }),
    canonical: height < store.height,
  };
}

function blockchain({ network: { store } }: Environment, args: Arguments) {
  const lowest = args.integer('minHeight') ?? 0n;
  const highest = args.integer('maxHeight') ?? 0n;
  if (lowest < 0n || highest < 0n) throw new Error('heights must be non-negative');
  const max = highest === 0n || highest > store.height ? store.height : highest;
  const floor = max - MAX_BLOCKCHAIN_ITEMS + 1n;
  const min = [lowest, store.base, floor, 1n].reduce((a, b) => (a > b ? a : b));
  if (min > max) throw new Error(`min height ${min} can't be greater than max height ${max}`);
  const metas = [];
  for (let height = max; height >= min; height--) {
    const meta = store.meta(height);
    if (meta) metas.push(blockMetaToJson(meta));
  }
  return { last_height: String(store.height), block_metas: metas };
}

async function blockSearch({ network: { store } }: Environment, args: Arguments) {
  const found = await store.blockIndex.search(parseQuery(args.text('query')));
  const ordered = inOrder(found, args.text('order_by'), 'desc');
  const page = pageOf(args, ordered);
  return {
    blocks: page.map(({ height }) => blockAt(store, height)),
    total_count: String(found.length),
  };
}

/** Positions come in rising order. @throws Error for another word than asc, desc or none. */
export function inOrder<T>(
  rising: readonly T[],
  order: string,
  usual: 'asc' | 'desc',
): readonly T[] {
  const wanted = order === '' ? usual : order;
  if (wanted === 'asc') return rising;
  if (wanted === 'desc') return rising.toReversed();
  throw new Error('expected order_by to be either `asc` or `desc` or empty');
}

function validators({ network: { store, state } }: Environment, args: Arguments) {
  const height = heightOf(args, store, state.lastBlockHeight + 1n);
  const set = store.validators(height);
  if (!set) throw new Error(`could not find validator set for height #${height}`);
  const page = pageOf(args, set.validators);
  return {
    block_height: String(height),
    validators: page.map(validatorToJson),
    count: String(page.length),
    total: String(set.validators.length),
  };
}

/** The hash as errors show it: upper-case hex. */
export function shownHash(hash: Uint8Array): string {
  return toHex(hash).toUpperCase();
}
