/** ABCI queries: the modules' by their gRPC path, `/store/<name>/key` with proof, and the engine's own. */

import { toUtf8 } from '../../wire/bytes.ts';
import { TxMsgData } from '../../wire/gen/cosmos/base/abci/v1beta1/abci.ts';
import { SimulateRequest, SimulateResponse } from '../../wire/gen/cosmos/tx/v1beta1/service.ts';
import type { Event, QueryRequest, QueryResponse, TxResult } from '../abci/types.ts';
import { ChainError, sdkError } from '../module/errors.ts';
import { type Frame, rootFrame } from '../module/frame.ts';
import { ReadOnlyKVStore } from '../module/gas.ts';
import { BusyError, UnprovableError, VersionError } from '../store/index.ts';
import type { ChainApplication } from './application.ts';
import { blockTimeKey, decodeBlockTime } from './chainRecord.ts';
import { decodeRequest } from './router.ts';

const SIMULATE = '/cosmos.tx.v1beta1.Service/Simulate';
const NO_BYTES = new Uint8Array(0);

interface QueryCall {
  readonly app: ChainApplication;
  readonly chainId: string;
  readonly request: QueryRequest;
  readonly simulate: (tx: Uint8Array) => TxResult;
}

type Answer = Pick<QueryResponse, 'value' | 'height'> & Partial<QueryResponse>;

/** Never throws what the caller caused: a failure is an answer with codespace, code and log. */
export function answerQuery(call: QueryCall): QueryResponse {
  const none = { info: '', index: 0n, key: NO_BYTES };
  try {
    return { ...none, code: 0, log: '', codespace: '', ...answer(call) };
  } catch (error) {
    return { ...none, ...refusalOf(error), height: call.request.height };
  }
}

/** What a query answers: its value, or its refusal. */
export type Outcome = Pick<QueryResponse, 'code' | 'codespace' | 'log' | 'value'>;

/** Runs a query. @throws what is no fault of the caller. */
export function answerOf(query: () => Uint8Array): Outcome {
  try {
    return { code: 0, codespace: '', log: '', value: query() };
  } catch (error) {
    return refusalOf(error);
  }
}

function refusalOf(error: unknown): Outcome {
  const { codespace, code, message, isAbsence } = queryError(error);
  // The words by which CosmJS and wallets know an absence (gRPC status text).
  const log = isAbsence ? `rpc error: code = NotFound desc = ${message}` : message;
  return { code, codespace, log, value: NO_BYTES };
}

function queryError(error: unknown): ChainError {
  if (error instanceof ChainError) return error;
  if (error instanceof VersionError) {
    return error.kind === 'future'
      ? sdkError('invalidHeight', `cannot query with height in the future; ${error.message}`)
      : sdkError(
          'invalidRequest',
          `failed to load state at height ${error.requested}; ${error.message}`,
        );
  }
  if (error instanceof BusyError) {
    const status = 'rpc error: code = ResourceExhausted desc = ';
    return sdkError('invalidRequest', status + error.message);
  }
  if (
    error instanceof UnprovableError ||
    error instanceof RangeError ||
    error instanceof TypeError
  ) {
    return sdkError('invalidRequest', error.message);
  }
  throw error;
}

function answer(call: QueryCall): Answer {
  const { app, request } = call;
  const { path, height } = request;
  if (height < 0n) throw sdkError('invalidRequest', `height: expected 0 or more, got ${height}`);
  if (path === SIMULATE || path === '/app/simulate') return simulateAnswer(call);
  if (path === '/app/version') {
    return { value: toUtf8(app.version), height: app.store.version };
  }
  const at = height === 0n ? app.store.version : height;
  if (path.startsWith('/store/')) return storeAnswer(call, at);
  if (at > 1n && request.prove)
    throw sdkError('invalidRequest', `${path}: only /store/<name>/key has proofs`);
  const value = app.router.query(frameAt(app, call.chainId, at), path, request.data);
  if (value === undefined)
    throw sdkError('unknownRequest', `unknown query path "${path.slice(0, 200)}"`);
  return { value, height: at };
}

/** A frame that reads the state of a kept height. @throws VersionError when it is not kept. */
export function frameAt(
  app: Pick<ChainApplication, 'store' | 'environment'>,
  chainId: string,
  height: bigint,
): Frame {
  const version = app.store.at(height);
  const time = app.store.archive(blockTimeKey(height));
  return rootFrame({
    environment: app.environment,
    block: {
      chainId,
      height,
      timeNs: time === undefined ? 0n : decodeBlockTime(time),
      proposerAddress: NO_BYTES,
    },
    stores: (name) => new ReadOnlyKVStore(version.store(name)),
    archive: {
      get: (key) => app.store.archive(key),
      put: () => {
        throw new TypeError('a query cannot write');
      },
    },
  });
}

function storeAnswer({ app, request }: QueryCall, height: bigint): Answer {
  const match = /^\/store\/([^/]{1,64})\/key$/.exec(request.path);
  if (match === null) {
    throw sdkError('unknownRequest', `${request.path.slice(0, 200)}: expected /store/<name>/key`);
  }
  const name = match[1]!;
  if (!app.modules.storeNames.includes(name))
    throw sdkError('unknownRequest', `no such store: ${name}`);
  if (request.data.length === 0) throw sdkError('txDecode', 'query cannot be zero length');
  if (!request.prove) {
    const value = app.store.at(height).store(name).get(request.data) ?? NO_BYTES;
    return { key: request.data, value, height };
  }
  if (height <= 1n) {
    throw sdkError(
      'invalidRequest',
      'cannot query with proof when height <= 1; please provide a valid height',
    );
  }
  const { value, ops } = app.store.prove(height, name, request.data);
  return { key: request.data, value: value ?? NO_BYTES, height, proofOps: ops };
}

function simulateAnswer({ app, request, simulate }: QueryCall): Answer {
  const bytes =
    request.path === SIMULATE
      ? decodeRequest(SimulateRequest, request.data, SIMULATE).txBytes
      : request.data;
  const result = simulate(bytes);
  if (result.code !== 0) throw new ChainError(result.codespace, result.code, result.log);
  const { gasWanted, gasUsed, data, log } = result;
  const response = SimulateResponse.encode({
    gasInfo: { gasWanted, gasUsed },
    result: {
      data,
      log,
      events: result.events.map(encodableEvent),
      msgResponses: TxMsgData.decode(data).msgResponses,
    },
  });
  return { value: response.finish(), height: app.store.version };
}

/** The descriptors hold attributes as bytes, as CometBFT 0.34 had them; on the wire text is the same. */
function encodableEvent({ type, attributes }: Event) {
  return {
    type,
    attributes: attributes.map(({ key, value, index }) => ({
      key: toUtf8(key),
      value: toUtf8(value),
      index,
    })),
  };
}
