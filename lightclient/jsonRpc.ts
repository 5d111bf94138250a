/** One JSON-RPC call over HTTP to a node that may be slow, endless or broken: bounded in time and size. */
import { fromUtf8 } from '../wire/bytes.ts';
import {
  mismatch,
  type Read,
  readObject,
  readOptional,
  readSmallInteger,
} from '../wire/json/read.ts';
import { orAborted } from './orAborted.ts';
import { ProviderError, type ProviderReason } from './provider.ts';

/** The part of the global fetch that is used. */
export type Fetch = (url: string, request: RequestInit) => Promise<Response>;

/** Where and how to ask. */
export interface RpcEndpoint {
  readonly url: string;
  readonly fetch: Fetch;
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  readonly redirect: 'error' | 'follow';
}

type RpcParams = Readonly<Record<string, unknown>>;

const MAX_SHOWN = 300;
const MAX_WHY = 1_000;

// The phrases by which CometBFT's own light provider tells these errors (light/provider/http).
const ERROR_PHRASES: readonly (readonly [RegExp, ProviderReason])[] = [
  [/height \d+ must be less than or equal to/, 'heightTooHigh'],
  [/height \d+ is not available/, 'notFound'],
  [/Timeout exceeded/, 'timeout'],
  [/tx \([^)]*\) not found/, 'notFound'],
  // What nodes say that keep no index, or no results (rpc/core/tx.go, state/errors.go).
  [/transaction indexing is disabled/, 'notFound'],
  [/could not find results for height/, 'notFound'],
  [/node is not persisting .* responses/, 'notFound'],
];

/** The `result` of a call. @throws ProviderError */
export async function callRpc(
  endpoint: RpcEndpoint,
  method: string,
  params: RpcParams,
): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  return resultOf(await post(endpoint, { body, method }), method);
}

/**
 * What no honest node answers at any length. Blocks, their results and much else are as long as a chain makes them: there
 * the limit here may be what is wrong.
 */
const BOUNDED: ReadonlySet<string> = new Set(['commit', 'validators', 'status']);

interface Question {
  readonly body: string;
  readonly method: string;
}

interface HttpAnswer {
  readonly status: number;
  readonly body: Uint8Array;
}

async function post(endpoint: RpcEndpoint, question: Question): Promise<HttpAnswer> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), endpoint.timeoutMs);
  try {
    // The time is bounded also where a fetch of somebody else's takes no notice of the signal.
    return await orAborted(answerOf(endpoint, question, abort.signal), abort.signal);
  } catch (cause) {
    if (cause instanceof ProviderError) throw cause;
    // The path may hold a key: only the host is named.
    const { host } = new URL(endpoint.url);
    if (!abort.signal.aborted) {
      throw new ProviderError('unreachable', `${host} cannot be reached, or redirects`, { cause });
    }
    const message = `${host} gave no whole answer within ${endpoint.timeoutMs} ms`;
    throw new ProviderError('timeout', message, { cause });
  } finally {
    clearTimeout(timer);
  }
}

async function answerOf(
  { url, fetch, maxResponseBytes, redirect }: RpcEndpoint,
  { body, method }: Question,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body, signal, redirect });
  const read = await readBody(response, maxResponseBytes);
  if (read !== undefined) return { status: response.status, body: read };
  const reason = BOUNDED.has(method) ? 'badResponse' : 'notFound';
  const text = `${method}: response: expected at most ${maxResponseBytes} bytes`;
  throw new ProviderError(reason, text);
}

/** The whole body, or undefined as soon as it is longer than allowed, whatever length it announced. */
async function readBody(response: Response, maxBytes: number): Promise<Uint8Array | undefined> {
  const reader = response.body?.getReader();
  // One array that grows: millions of chunks of a byte each would take a hundred times their bytes.
  let body = new Uint8Array(0);
  let length = 0;
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    const end = length + value.length;
    if (end > maxBytes) {
      await reader.cancel().catch(() => {});
      return undefined;
    }
    if (end > body.length) {
      const larger = new Uint8Array(Math.min(maxBytes, Math.max(end, 2 * body.length)));
      larger.set(body.subarray(0, length));
      body = larger;
    }
    body.set(value, length);
    length = end;
  }
  return body.subarray(0, length);
}

interface RpcFailure {
  readonly code: number;
  readonly message: string;
  readonly data: string;
}

/** An error may name what it is about, such as whole evidence; only its beginning is looked at. */
const readWhy: Read<string> = (json, path) => {
  if (typeof json === 'string') return json.slice(0, MAX_WHY);
  throw mismatch(path, 'a text', json);
};

const readFailure: Read<RpcFailure> = (json, path) => {
  const field = readObject(json, path);
  return {
    code: field('code', readSmallInteger(-0x8000_0000, 0x7fff_ffff)),
    message: field('message', readOptional(readWhy, '')),
    data: field('data', readOptional(readWhy, '')),
  };
};

const anything: Read<unknown> = (json) => json;

/** An error in JSON-RPC is told whatever the status: some versions answer it with 500, newer ones with 200. */
function resultOf({ status, body }: HttpAnswer, method: string): unknown {
  const { failure, result } = readAnswer(status, () => {
    const field = readObject(parse(fromUtf8(body, 'response')), method);
    const failure = field('error', readOptional(readFailure, undefined));
    return { failure, result: field('result', anything) };
  });
  if (failure !== undefined) throw errorOf(failure, method);
  if (status !== 200) throw statusError(status);
  if (result !== undefined && result !== null) return result;
  throw new ProviderError('badResponse', `${method}: expected a result, got none`);
}

/** What does not read, under another status than 200, comes from something in front of the node: it may be honest. */
function readAnswer<T>(status: number, read: () => T): T {
  try {
    return readStrictly(read);
  } catch (error) {
    throw status === 200 ? error : statusError(status);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TypeError('response: expected JSON', { cause });
  }
}

function statusError(status: number): ProviderError {
  const message = `response: expected HTTP status 200, got ${status}`;
  return new ProviderError('unreachable', message);
}

/** Runs readers of JSON and makes their complaints ProviderErrors. */
export function readStrictly<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof TypeError || cause instanceof RangeError)) throw cause;
    throw new ProviderError('badResponse', cause.message, { cause });
  }
}

function errorOf({ code, message, data }: RpcFailure, method: string): ProviderError {
  const text = `${message}: ${data}`;
  const phrase = ERROR_PHRASES.find(([pattern]) => pattern.test(text));
  const reason = phrase?.[1] ?? 'badResponse';
  const shown = `${method}: error ${code}: ${printable(text)}`;
  return new ProviderError(reason, shown, { isAnswer: true });
}

/** A stranger's text made fit for a terminal: short and without control characters. */
export function printable(text: string): string {
  return text.slice(0, MAX_SHOWN).replace(/\p{C}/gu, '?');
}
