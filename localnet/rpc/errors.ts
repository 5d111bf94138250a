/** JSON-RPC errors with CometBFT's codes and texts (rpc/jsonrpc/types). */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: number;
  /** What was wrong in particular. */
  readonly data: string;

  constructor(code: number, message: string, data = '') {
    super(message);
    this.code = code;
    this.data = data;
  }

  toJson(): { code: number; message: string; data?: string } {
    const { code, message, data } = this;
    return data === '' ? { code, message } : { code, message, data };
  }
}

export const parseError = (data: string): RpcError =>
  new RpcError(-32700, 'Parse error. Invalid JSON', data);
export const invalidRequest = (data: string): RpcError =>
  new RpcError(-32600, 'Invalid Request', data);
export const methodNotFound = (): RpcError => new RpcError(-32601, 'Method not found');
export const invalidParams = (data: string): RpcError =>
  new RpcError(-32602, 'Invalid params', data);
export const internalError = (data: string): RpcError =>
  new RpcError(-32603, 'Internal error', data);
export const serverError = (data: string): RpcError => new RpcError(-32000, 'Server error', data);

/** What to answer when a handler failed. */
export function rpcErrorOf(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  return internalError(error instanceof Error ? error.message : String(error));
}
