/** gRPC status codes, the HTTP statuses that grpc-gateway gives them, and where they come from. */
import type { QueryResponse } from '../abci/types.ts';

/** https://grpc.io/docs/guides/status-codes/ with the HTTP status of grpc-gateway v1. */
const CODES = {
  Canceled: [1, 408],
  Unknown: [2, 500],
  InvalidArgument: [3, 400],
  DeadlineExceeded: [4, 504],
  NotFound: [5, 404],
  AlreadyExists: [6, 409],
  PermissionDenied: [7, 403],
  ResourceExhausted: [8, 429],
  FailedPrecondition: [9, 400],
  Aborted: [10, 409],
  OutOfRange: [11, 400],
  Unimplemented: [12, 501],
  Internal: [13, 500],
  Unavailable: [14, 503],
  DataLoss: [15, 500],
  Unauthenticated: [16, 401],
} as const;

export type StatusName = keyof typeof CODES;

/** A failed request: what its caller is told. */
export class RestError extends Error {
  readonly status: StatusName;

  constructor(status: StatusName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RestError';
    this.status = status;
  }

  get httpStatus(): number {
    return CODES[this.status][1];
  }

  /** The body that grpc-gateway writes. */
  get body(): { code: number; message: string; details: [] } {
    return { code: CODES[this.status][0], message: this.message, details: [] };
  }
}

/** Codes of the SDK's own error table (codespace "sdk") that name a status; all others are Unknown. */
const SDK_CODES = new Map<number, StatusName>([
  [4, 'Unauthenticated'],
  [6, 'Unimplemented'],
  [7, 'InvalidArgument'],
  [10, 'InvalidArgument'],
  [18, 'InvalidArgument'],
  [22, 'NotFound'],
  [26, 'InvalidArgument'],
  [38, 'NotFound'],
]);
/** Where the SDK puts errors that no module has registered. */
const INTERNAL_CODESPACES: readonly string[] = ['', 'undefined'];
const STATUS_IN_LOG = /rpc error: code = ([A-Za-z]+) desc = /;

/** The error that a failed ABCI query means. A status spelt out in its log wins over its code. */
export function queryError(response: Pick<QueryResponse, 'code' | 'codespace' | 'log'>): RestError {
  const { code, codespace, log } = response;
  const named = STATUS_IN_LOG.exec(log)?.[1];
  if (named !== undefined && isStatus(named)) return new RestError(named, log);
  if (INTERNAL_CODESPACES.includes(codespace)) return new RestError('Unknown', log);
  // A module refuses a query for what was asked.
  if (codespace !== 'sdk') return new RestError('InvalidArgument', log);
  const missing = log.includes('key not found') ? 'NotFound' : undefined;
  return new RestError(SDK_CODES.get(code) ?? missing ?? 'Unknown', log);
}

function isStatus(name: string): name is StatusName {
  return Object.hasOwn(CODES, name);
}
