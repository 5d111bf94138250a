/** Where data comes from: a full node that is not trusted. Whatever it says is verified by others. */

import type { MerkleProof } from '../wire/merkle.ts';
import type { DeterministicTxResult, SignedHeader, Validator } from '../wire/types.ts';
import type { LightClientAttackEvidence } from './evidence/attack.ts';

/**
 * What went wrong: `unreachable` no node answered, but a gateway perhaps; `timeout` not in time; `heightTooHigh` not there yet;
 * `notFound` pruned or unknown; `badResponse` an answer that no honest node gives, or a refusal.
 */
export type ProviderReason =
  | 'unreachable'
  | 'timeout'
  | 'heightTooHigh'
  | 'notFound'
  | 'badResponse';

/** A node did not give what was asked for. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly reason: ProviderReason;
  /** True when the node did answer, by an error of its RPC. */
  readonly isAnswer: boolean;

  constructor(
    reason: ProviderReason,
    message: string,
    options?: ErrorOptions & { readonly isAnswer?: boolean },
  ) {
    super(message, options);
    this.reason = reason;
    this.isAnswer = options?.isAnswer ?? false;
  }
}

/** An ABCI query. A `path` of `/store/<name>/key` with `prove` asks for the value under `data` with its proof. */
export interface StateQuery {
  readonly path: string;
  readonly data: Uint8Array;
  /** Height of the state that is read; the latest when absent. */
  readonly height?: bigint | undefined;
  readonly prove?: boolean | undefined;
}

/** One step of a store proof; `data` holds a CommitmentProof of ICS23. */
export interface ProofOp {
  readonly type: string;
  readonly key: Uint8Array;
  readonly data: Uint8Array;
}

/** The answer to a query. A `code` other than 0 is the application's refusal, told by `log`. */
export interface QueryAnswer {
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly height: bigint;
  readonly proofOps: readonly ProofOp[];
}

/** What a node says about itself. */
export interface NodeStatus {
  readonly chainId: string;
  readonly latestHeight: bigint;
  /** Nanoseconds since the Unix epoch. */
  readonly latestTime: bigint;
  readonly isCatchingUp: boolean;
}

/** The questions that the light client asks. All reject with ProviderError. */
export interface Provider {
  /** The header at a height, or the latest, with the commit that signs it. */
  signedHeader(height?: bigint): Promise<SignedHeader>;
  /** The validators in force at a height, in any order. */
  validators(height: bigint): Promise<readonly Validator[]>;
  /** The application's answer to a query. */
  abciQuery(query: StateQuery): Promise<QueryAnswer>;
  /** How far the node is. */
  status(): Promise<NodeStatus>;
}

/** A transaction where a node says that it is, with its path to the DataHash. */
export interface ServedTransaction {
  readonly height: bigint;
  readonly transaction: Uint8Array;
  readonly proof: MerkleProof;
}

/** What is asked besides to verify transactions. All reject with ProviderError. */
export interface TransactionSource {
  /** The transaction with this hash, 32 bytes, with its proof. */
  transaction(hash: Uint8Array): Promise<ServedTransaction>;
  /** The results of all transactions of a block, in their order. */
  txResults(height: bigint): Promise<readonly DeterministicTxResult[]>;
}

/** What a node is told of an attack. Rejects with ProviderError when it does not take it. */
export interface EvidenceReceiver {
  /** Gives the evidence to the node, which checks it against its own chain. */
  reportEvidence(evidence: LightClientAttackEvidence): Promise<void>;
}

/** Calls as they are, for what needs more than a light client asks. Rejects with ProviderError. */
export interface RpcCaller {
  /** The `result` of a method; nothing of it is verified. */
  call(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown>;
}
