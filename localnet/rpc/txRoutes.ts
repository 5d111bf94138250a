/** Transactions: sending, waiting, finding (CometBFT rpc/core/mempool.go, tx.go). */
import type { CheckTxResponse, TxResult } from '../../chain/abci/types.ts';
import { txHash } from '../../wire/block.ts';
import { toBase64, toHex } from '../../wire/bytes.ts';
import { hexToJson, txProofToJson } from '../../wire/json/encode.ts';
import { txProof } from '../../wire/results.ts';
import type { Position } from '../node/eventIndex.ts';
import { MempoolError } from '../node/mempool.ts';
import { type Condition, parseQuery } from '../node/query.ts';
import type { Arguments } from './arguments.ts';
import { inOrder, shownHash } from './chainRoutes.ts';
import type { Environment, Routes } from './environment.ts';
import { internalError } from './errors.ts';
import { txResultToJson } from './json.ts';
import { pageOf, perPage } from './paging.ts';

const NO_RESULT: TxResult = {
  code: 0,
  data: new Uint8Array(0),
  log: '',
  info: '',
  gasWanted: 0n,
  gasUsed: 0n,
  events: [],
  codespace: '',
};

export const txRoutes: Routes = {
  broadcast_tx_async: { params: ['tx'], handle: broadcastAsync },
  broadcast_tx_sync: { params: ['tx'], handle: broadcastSync },
  broadcast_tx_commit: { params: ['tx'], handle: broadcastCommit },
  check_tx: {
    params: ['tx'],
    async handle({ node }, args) {
      const tx = args.bytes('tx');
      return txResultToJson(await node.application.checkTx({ tx, type: 'new' }));
    },
  },
  unconfirmed_txs: {
    params: ['limit'],
    handle({ network: { first } }, args) {
      const txs = first.mempool.first(perPage(args, 'limit'));
      return { ...mempoolCounts(first.mempool, txs.length), txs: txs.map(toBase64) };
    },
  },
  num_unconfirmed_txs: {
    params: [],
    handle: ({ network: { first } }) => ({
      ...mempoolCounts(first.mempool, first.mempool.size),
      txs: null,
    }),
  },
  tx: { params: ['hash', 'prove'], handle: findTx },
  tx_search: { params: ['query', 'prove', 'page', 'per_page', 'order_by'], handle: searchTxs },
};

function mempoolCounts(mempool: { size: number; sizeBytes: number }, count: number) {
  return {
    n_txs: String(count),
    total: String(mempool.size),
    total_bytes: String(mempool.sizeBytes),
  };
}

/** Answers before the application has looked; only what needs no look is refused. */
function broadcastAsync({ network, logger }: Environment, args: Arguments) {
  const tx = args.bytes('tx');
  const refusal = network.first.mempool.refusal(tx);
  if (refusal) throw refusal;
  network.checkTx(tx).catch((error: unknown) => {
    logger.debug('a transaction was not taken', { error });
  });
  return checkedToJson(NO_RESULT, tx);
}

async function broadcastSync({ network }: Environment, args: Arguments) {
  const tx = args.bytes('tx');
  return checkedToJson(await network.checkTx(tx), tx);
}

function checkedToJson({ code, data, log, codespace }: CheckTxResponse, tx: Uint8Array) {
  return { code, data: hexToJson(data), log, codespace, hash: hexToJson(txHash(tx)) };
}

/** Answers when the transaction is in a block, and its place in the index is written. */
async function broadcastCommit({ network, commitTimeoutMs }: Environment, args: Arguments) {
  const tx = args.bytes('tx');
  const hash = hexToJson(txHash(tx));
  const committed = waitForTx(network, hash, commitTimeoutMs);
  try {
    const checked = await network.checkTx(tx);
    if (checked.code !== 0) return commitAnswer(checked, NO_RESULT, hash, 0n);
    const { result, height } = await committed.done;
    return commitAnswer(checked, result, hash, height);
  } catch (error) {
    if (!(error instanceof MempoolError)) throw error;
    throw internalError(`error on broadcastTxCommit: ${error.message}`);
  } finally {
    committed.cancel();
  }
}

function commitAnswer(checked: CheckTxResponse, result: TxResult, hash: string, height: bigint) {
  return {
    check_tx: txResultToJson(checked),
    tx_result: txResultToJson(result),
    hash,
    height: String(height),
  };
}

function waitForTx(network: Environment['network'], hash: string, timeoutMs: number) {
  const conditions: Condition[] = [
    { tag: 'tm.event', operator: '=', operand: { type: 'text', text: 'Tx' } },
    { tag: 'tx.hash', operator: '=', operand: { type: 'text', text: hash } },
  ];
  let cancel = (): void => undefined;
  const done = new Promise<{ result: TxResult; height: bigint }>((resolve, reject) => {
    const unsubscribe = network.events.subscribe(conditions, (event) => {
      if (event.type !== 'Tx') return;
      const { results, block } = event.record;
      resolve({ result: results.txResults[event.index]!, height: block.header.height });
    });
    const timer = setTimeout(() => {
      const reason = `timed out waiting for tx ${hash} to be included in a block`;
      reject(internalError(reason));
    }, timeoutMs);
    cancel = () => {
      clearTimeout(timer);
      unsubscribe();
    };
  });
  // Nobody waits any more when the check itself failed.
  done.catch(() => undefined);
  return { done, cancel };
}

async function findTx(environment: Environment, args: Arguments) {
  const { store } = environment.network;
  const hash = args.bytes('hash');
  const prove = args.flag('prove');
  const positions = await store.positionsOf(hash);
  // The same bytes may stand in several blocks: the newest that succeeded is the one meant.
  const newest = positions.toReversed();
  const succeeded = newest.find(
    ({ height, index }) => store.results(height)?.txResults[index]?.code === 0,
  );
  const position = succeeded ?? newest[0];
  if (!position) throw new Error(`tx (${shownHash(hash)}) not found`);
  return txToJson(environment, position, prove);
}

async function searchTxs(environment: Environment, args: Arguments) {
  const { store } = environment.network;
  const conditions = parseQuery(args.text('query'));
  const byHash = conditions.find((condition) => condition.tag === 'tx.hash');
  const others = conditions.filter((condition) => condition !== byHash);
  let found = byHash ? await withHash(environment, byHash) : await store.txIndex.search(others);
  if (byHash && others.length > 0) {
    const rest = new Set((await store.txIndex.search(others)).map(placeName));
    found = found.filter((position) => rest.has(placeName(position)));
  }
  const page = pageOf(args, inOrder(found, args.text('order_by'), 'asc'));
  const prove = args.flag('prove');
  return {
    txs: page.map((position) => txToJson(environment, position, prove)),
    total_count: String(found.length),
  };
}

function withHash({ network }: Environment, { operator, operand }: Condition) {
  const text = operand?.type === 'text' ? operand.text : '';
  if (operator !== '=' || !/^[0-9a-fA-F]{64}$/.test(text)) {
    throw new Error(
      `error during searching for a hash in the query: expected tx.hash = '<64 hex>'`,
    );
  }
  return network.store.positionsOf(Buffer.from(text, 'hex'));
}

function placeName({ height, index }: Position): string {
  return `${height}/${index}`;
}

function txToJson({ network: { store } }: Environment, position: Position, prove: boolean) {
  const { height, index } = position;
  const block = store.block(height);
  const result = store.results(height)?.txResults[index];
  const tx = block?.transactions[index];
  if (!block || !result || !tx) throw new Error(`tx ${index} of height ${height} is pruned`);
  return {
    hash: toHex(txHash(tx)).toUpperCase(),
    height: String(height),
    index,
    tx_result: txResultToJson(result),
    tx: toBase64(tx),
    ...(prove && { proof: txProofToJson(txProof(block.transactions, index)) }),
  };
}
