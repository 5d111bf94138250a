/** cosmos.tx.v1beta1.Service but for Simulate, which the application answers. */
import { fromBase64, fromHex, toBase64, toHex } from '../../wire/bytes.ts';
import { sha256 } from '../../wire/hash.ts';
import { readList, readObject, readText, readTime } from '../../wire/json/read.ts';
import { checkTxEncoding, fromJson, type JsonObject, toJson } from '../descriptors/index.ts';
import { callComet, cometErrorText } from './backend.ts';
import { fetchBlock, secondsText } from './blocks.ts';
import {
  complete,
  type NativeContext,
  type NativeHandler,
  pageOf,
  textField,
  toObject,
} from './native.ts';
import { RestError } from './status.ts';
import { broadcastResponse, foundTx, heightOf } from './txResponse.ts';

const TX = 'cosmos.tx.v1beta1.Tx';
const RPC_METHODS = new Map([
  ['BROADCAST_MODE_SYNC', 'broadcast_tx_sync'],
  ['BROADCAST_MODE_ASYNC', 'broadcast_tx_async'],
]);
/** Refusals before CheckTx come as RPC errors: their code in the SDK's table. */
const MEMPOOL_CODES = [
  ['tx already exists in cache', 19],
  ['mempool is full', 20],
  ['tx too large', 21],
] as const;

const getTx: NativeHandler = async (context, request) => {
  const hash = textField(request, 'hash');
  if (!/^[0-9a-fA-F]{64}$/.test(hash)) {
    throw new RestError(
      'InvalidArgument',
      `hash: expected 64 hex digits, got "${hash.slice(0, 80)}"`,
    );
  }
  const params = { hash: toBase64(fromHex(hash)), prove: false };
  const item = await callComet(context.backend, 'tx', params).catch((error: unknown) => {
    if (!(error instanceof RestError) || error.status !== 'NotFound') throw error;
    throw new RestError('NotFound', `tx not found: ${hash}`, { cause: error });
  });
  const { tx, response } = foundTx(context, item, await blockTime(context, heightOf(item)));
  return { tx, tx_response: response };
};

async function blockTime(context: NativeContext, height: string): Promise<string> {
  const answer = readObject(await callComet(context.backend, 'header', { height }), 'header');
  return answer('header', (json, path) => secondsText(readObject(json, path)('time', readTime)));
}

const getTxsEvent: NativeHandler = async (context, request) => {
  const { query, page, limit } = searchOf(request);
  const order = textField(request, 'order_by') === 'ORDER_BY_DESC' ? 'desc' : 'asc';
  const found = await callComet(context.backend, 'tx_search', {
    query,
    prove: false,
    page: page.toString(),
    per_page: limit.toString(),
    order_by: order,
  });
  const field = readObject(found, 'tx_search');
  const items = field(
    'txs',
    readList((json) => json, 100),
  );
  const times = new Map<string, string>();
  for (const height of new Set(items.map(heightOf))) {
    times.set(height, await blockTime(context, height));
  }
  const txs = items.map((item) => foundTx(context, item, times.get(heightOf(item)) ?? ''));
  return {
    txs: txs.map(({ tx }) => tx),
    tx_responses: txs.map(({ response }) => response),
    pagination: null,
    total: field('total_count', readText),
  };
};

/** The query with its page; older clients give `events` and `pagination` instead. */
function searchOf(request: JsonObject): { query: string; page: bigint; limit: bigint } {
  const { events } = request;
  const older = Array.isArray(events) ? events.join(' AND ') : '';
  const query = textField(request, 'query') || older;
  if (query === '') throw new RestError('InvalidArgument', 'query: expected a query, got ""');
  const page = BigInt(textField(request, 'page') || '0');
  const paginated = toObject(request.pagination);
  const limit = textField(request, 'limit');
  const usual = pageOf(limit === '0' ? paginated : { limit });
  const olderPage = pageOf(paginated).page;
  return { query, limit: usual.limit, page: page === 0n ? olderPage : page };
}

const broadcastTx: NativeHandler = async (context, request) => {
  const bytes = fromBase64(textField(request, 'tx_bytes'));
  if (bytes.length === 0)
    throw new RestError('InvalidArgument', 'tx_bytes: expected a transaction');
  const mode = textField(request, 'mode');
  const method = RPC_METHODS.get(mode);
  if (method === undefined) {
    const expected = [...RPC_METHODS.keys()].join(' or ');
    throw new RestError('InvalidArgument', `mode: expected ${expected}, got ${mode}`);
  }
  try {
    const result = await context.backend.comet(method, { tx: toBase64(bytes) });
    return { tx_response: broadcastResponse(context, result) };
  } catch (error) {
    return { tx_response: mempoolRefusal(context, bytes, error) };
  }
};

function mempoolRefusal(context: NativeContext, bytes: Uint8Array, error: unknown): JsonObject {
  const text = cometErrorText(error);
  const refusal = MEMPOOL_CODES.find(([part]) => text.toLowerCase().includes(part));
  if (refusal === undefined) throw new RestError('Unknown', text, { cause: error });
  const txhash = toHex(sha256(bytes)).toUpperCase();
  const partial = { code: refusal[1], codespace: 'sdk', txhash };
  return complete(context.descriptors, 'cosmos.base.abci.v1beta1.TxResponse', partial);
}

const getBlockWithTxs: NativeHandler = async (context, request) => {
  const fetched = await fetchBlock(context, BigInt(textField(request, 'height')));
  const { transactions } = fetched.block;
  const pagination = toObject(request.pagination);
  const offset = Number(textField(pagination, 'offset') || '0');
  if (offset > 0 && offset >= transactions.length) {
    throw new RestError(
      'InvalidArgument',
      `pagination.offset: ${offset} of ${transactions.length}`,
    );
  }
  const chosen = transactions.slice(offset, offset + Number(pageOf(pagination).limit));
  return {
    txs: chosen.flatMap((bytes) => decodable(context, bytes)),
    ...fetched.json,
    pagination: { next_key: null, total: String(transactions.length) },
  };
};

/** A block may hold bytes that are no transaction: they are left out, as the SDK does. */
function decodable(context: NativeContext, bytes: Uint8Array): JsonObject[] {
  try {
    return [toObject(toJson(context.descriptors, TX, bytes))];
  } catch (error) {
    if (error instanceof TypeError) return [];
    throw error;
  }
}

const txDecode: NativeHandler = async ({ descriptors }, request) => {
  const bytes = fromBase64(textField(request, 'tx_bytes'));
  if (bytes.length === 0)
    throw new RestError('InvalidArgument', 'tx_bytes: expected a transaction');
  try {
    checkTxEncoding(descriptors, bytes);
  } catch (cause) {
    throw new RestError('InvalidArgument', cause instanceof Error ? cause.message : '', { cause });
  }
  return { tx: toJson(descriptors, TX, bytes) };
};

const txEncode: NativeHandler = async ({ descriptors }, { tx }) => {
  if (tx === null) throw new RestError('InvalidArgument', 'tx: expected a transaction, got null');
  return { tx_bytes: toBase64(fromJson(descriptors, TX, tx)) };
};

/** By the path of the method. */
export const TX_HANDLERS: ReadonlyMap<string, NativeHandler> = new Map([
  ['/cosmos.tx.v1beta1.Service/GetTx', getTx],
  ['/cosmos.tx.v1beta1.Service/GetTxsEvent', getTxsEvent],
  ['/cosmos.tx.v1beta1.Service/BroadcastTx', broadcastTx],
  ['/cosmos.tx.v1beta1.Service/GetBlockWithTxs', getBlockWithTxs],
  ['/cosmos.tx.v1beta1.Service/TxDecode', txDecode],
  ['/cosmos.tx.v1beta1.Service/TxEncode', txEncode],
]);
