/** What the REST server asks of the node that it stands before. */
import type { QueryRequest, QueryResponse } from '../abci/types.ts';
import { RestError } from './status.ts';

export interface RestBackend {
  /** An ABCI query of the application. */
  query(request: QueryRequest): Promise<QueryResponse>;
  /**
   * A CometBFT JSON-RPC method with its parameters, integers as decimal text and bytes as base64.
   * Gives its `result`. @throws `{ code, message, data }` as JSON-RPC errors are.
   */
  comet(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown>;
}

const BAD_HEIGHT = /must be less than or equal to|must be greater than|is not available/;

/**
 * Calls CometBFT and turns its errors into statuses: nothing there is NotFound, a height that the node does not
 * have InvalidArgument, the rest Internal.
 * @throws RestError
 */
export async function callComet(
  backend: RestBackend,
  method: string,
  params: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  try {
    return await backend.comet(method, params);
  } catch (error) {
    const text = cometErrorText(error);
    if (BAD_HEIGHT.test(text)) throw new RestError('InvalidArgument', text, { cause: error });
    const status = text.includes('not found') ? 'NotFound' : 'Internal';
    throw new RestError(status, `${method}: ${text}`, { cause: error });
  }
}

/** Message and data of a JSON-RPC error as one text. */
export function cometErrorText(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { message, data } = error as { readonly message?: unknown; readonly data?: unknown };
  return [message, data].filter((part) => typeof part === 'string' && part !== '').join(': ');
}
