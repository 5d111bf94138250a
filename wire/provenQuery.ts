/**
 * Queries answered from proven reads of the state instead of a node's word: the shape that a light client calls and
 * that a module, or a table for another chain, fills.
 */

/** A key and its value. */
export type ProvenEntry = readonly [key: Uint8Array, value: Uint8Array];

/** From `start` (inclusive) to `end` (exclusive; undefined is unbounded), at most `limit` entries. */
export interface ProvenRange {
  readonly start: Uint8Array;
  readonly end: Uint8Array | undefined;
  readonly limit: number;
}

/** One state of a chain; every read of it is proven under the same header. */
export interface ProvenReads {
  readonly chainId: string;
  /** Of the block whose state this is. */
  readonly height: bigint;
  /** Time of that block, in nanoseconds since the Unix epoch. */
  blockTime(): Promise<bigint>;
  /** The value of a key, or undefined when it is proven that there is none. */
  get(store: string, key: Uint8Array): Promise<Uint8Array | undefined>;
  /** The first entries of a range, none left out. Fewer than `limit` are all. */
  range(store: string, range: ProvenRange): Promise<readonly ProvenEntry[]>;
}

/** What an application answers: a value, or a failure that the same reads prove. */
export interface ProvenAnswer {
  /** 0 when there is a value. */
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
  /** The response in protobuf. */
  readonly value: Uint8Array;
}

/** Answers one query. @throws NotProvableError when proven reads do not suffice. */
export type ProvenQuery = (request: Uint8Array, state: ProvenReads) => Promise<ProvenAnswer>;

/** The query under a gRPC path such as `/cosmos.bank.v1beta1.Query/Balance`, or undefined when it is not known. */
export type ProvenQueries = (path: string) => ProvenQuery | undefined;

/** The state does not prove what was asked for. */
export class NotProvableError extends Error {
  override readonly name = 'NotProvableError';
}

const NO_BYTES = new Uint8Array(0);

/** A response in protobuf. */
export function found(value: Uint8Array): ProvenAnswer {
  return { code: 0, codespace: '', log: '', value };
}

/** The answer for what is proven not to be there, in the words by which clients of the SDK know it. */
export function notFound(what: string): ProvenAnswer {
  const log = `rpc error: code = NotFound desc = ${what}: key not found`;
  return { code: 22, codespace: 'sdk', log, value: NO_BYTES };
}
