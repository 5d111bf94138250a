/** JSON-RPC 2.0: from the text of a request to the text of the answer. */
import { parseStrictJson } from '../strictJson.ts';
import { jsonArguments } from './arguments.ts';
import { invalidRequest, methodNotFound, parseError, type RpcError, rpcErrorOf } from './errors.ts';
import { resultText } from './json.ts';
import type { ServiceRoute } from './service.ts';

/** CometBFT's default is 10, but the batching client of CosmJS sends up to 20 calls at once. */
export const MAX_BATCH_SIZE = 20;

export type RequestId = string | number;

export interface RpcRequest {
  readonly id: RequestId;
  readonly method: string;
  readonly params: unknown;
}

/** Finds the handler of a method; undefined when there is none. */
export type RouteOf<E> = (method: string) => ServiceRoute<E> | undefined;

/** Who answers. */
export interface Answering<E> {
  readonly environment: E;
  readonly routeOf: RouteOf<E>;
}

/** The text of an answer with a result. */
export function successText(id: RequestId, result: unknown): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${resultText(result)}}`;
}

/** The text of an answer with an error; the id is null where the request's own could not be read. */
export function errorText(id: RequestId | null, error: RpcError): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: error.toJson() });
}

/** The text that answers a request or a batch of them; "" when it holds notifications only. */
export async function answer<E>(answering: Answering<E>, text: string): Promise<string> {
  let value: unknown;
  try {
    value = parseStrictJson(text, 'request');
  } catch (error) {
    return errorText(null, parseError(error instanceof Error ? error.message : String(error)));
  }
  if (!Array.isArray(value)) return answerOne(answering, value);
  if (value.length === 0) return errorText(null, invalidRequest('batch request is empty'));
  if (value.length > MAX_BATCH_SIZE) {
    const reason = `batch request exceeds maximum (${MAX_BATCH_SIZE}) allowed number of requests`;
    return errorText(null, invalidRequest(reason));
  }
  const answers: string[] = [];
  for (const item of value) {
    const one = await answerOne(answering, item);
    if (one !== '') answers.push(one);
  }
  return answers.length === 0 ? '' : `[${answers.join(',')}]`;
}

async function answerOne<E>(answering: Answering<E>, value: unknown): Promise<string> {
  let request: RpcRequest | undefined;
  try {
    request = readRequest(value);
  } catch (error) {
    return errorText(null, rpcErrorOf(error));
  }
  if (!request) return '';
  try {
    return successText(request.id, await call(answering, request));
  } catch (error) {
    return errorText(request.id, rpcErrorOf(error));
  }
}

/** Undefined for a notification, which has no id and gets no answer. @throws RpcError for what is no request. */
export function readRequest(value: unknown): RpcRequest | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidRequest('expected an object with jsonrpc, id, method and params');
  }
  const fields = new Map<string, unknown>(Object.entries(value));
  const id = fields.get('id') ?? undefined;
  const version = fields.get('jsonrpc') ?? '2.0';
  const method = fields.get('method');
  if (id === undefined) return undefined;
  const isId = typeof id === 'string' ? id.length <= 1024 : Number.isSafeInteger(id);
  if (!isId || (typeof id !== 'string' && typeof id !== 'number')) {
    throw invalidRequest('id: expected a text or an integer of up to 53 bits');
  }
  if (version !== '2.0') throw invalidRequest('jsonrpc: expected "2.0"');
  if (typeof method !== 'string') throw invalidRequest('method: expected a text');
  return { id, method, params: fields.get('params') };
}

function call<E>({ environment, routeOf }: Answering<E>, request: RpcRequest): unknown {
  const route = routeOf(request.method);
  if (!route) throw methodNotFound();
  return route.handle(environment, jsonArguments(request.params, route.params));
}
