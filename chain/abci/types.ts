/**
 * ABCI 2.0 as TypeScript: the wall between a state machine and whoever drives it, the embedded localnet or a
 * real CometBFT. Names and meanings follow the specification of CometBFT 0.38; numbers with 64 bits are bigint,
 * times are nanoseconds since the Unix epoch. Calls for one application must not overlap, except `query`,
 * which reads committed state only.
 */
import type { ConsensusParams, PublicKey } from '../../wire/types.ts';

export interface EventAttribute {
  readonly key: string;
  readonly value: string;
  readonly index: boolean;
}

export interface Event {
  readonly type: string;
  readonly attributes: readonly EventAttribute[];
}

/** Power 0 removes the validator. */
export interface ValidatorUpdate {
  readonly publicKey: PublicKey;
  readonly power: bigint;
}

/** Code 0 is success. Only code, data, gasWanted and gasUsed are hashed into LastResultsHash. */
export interface TxResult {
  readonly code: number;
  readonly data: Uint8Array;
  readonly log: string;
  readonly info: string;
  readonly gasWanted: bigint;
  readonly gasUsed: bigint;
  readonly events: readonly Event[];
  readonly codespace: string;
}

export interface InfoResponse {
  readonly data: string;
  readonly version: string;
  readonly appVersion: bigint;
  /** 0 before the first commit. */
  readonly lastBlockHeight: bigint;
  readonly lastBlockAppHash: Uint8Array;
}

export interface InitChainRequest {
  readonly time: bigint;
  readonly chainId: string;
  readonly consensusParams: ConsensusParams;
  readonly validators: readonly ValidatorUpdate[];
  /** UTF-8 JSON: the `app_state` of the genesis file. */
  readonly appStateBytes: Uint8Array;
  readonly initialHeight: bigint;
}

export interface InitChainResponse {
  /** Undefined keeps those of the request. */
  readonly consensusParams?: ConsensusParams;
  /** Empty keeps those of the request. */
  readonly validators: readonly ValidatorUpdate[];
  readonly appHash: Uint8Array;
}

export interface QueryRequest {
  readonly data: Uint8Array;
  readonly path: string;
  /** 0 is the latest committed height. */
  readonly height: bigint;
  readonly prove: boolean;
}

export interface ProofOp {
  readonly type: string;
  readonly key: Uint8Array;
  readonly data: Uint8Array;
}

export interface QueryResponse {
  readonly code: number;
  readonly log: string;
  readonly info: string;
  readonly index: bigint;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly proofOps?: readonly ProofOp[];
  readonly height: bigint;
  readonly codespace: string;
}

export interface CheckTxRequest {
  readonly tx: Uint8Array;
  readonly type: 'new' | 'recheck';
}

export type CheckTxResponse = TxResult;

export interface VoteInfo {
  readonly validator: { readonly address: Uint8Array; readonly power: bigint };
  /** 1 absent, 2 commit, 3 nil. */
  readonly blockIdFlag: 1 | 2 | 3;
}

export interface CommitInfo {
  readonly round: number;
  readonly votes: readonly VoteInfo[];
}

/** A vote as the proposer has it: with what its validator added to it. */
export interface ExtendedVoteInfo extends VoteInfo {
  /** Both are empty where the vote is not for the block, and before extensions are enabled. */
  readonly voteExtension: Uint8Array;
  readonly extensionSignature: Uint8Array;
}

export interface ExtendedCommitInfo {
  readonly round: number;
  readonly votes: readonly ExtendedVoteInfo[];
}

export interface Misbehavior {
  readonly type: 'duplicateVote' | 'lightClientAttack';
  readonly validator: { readonly address: Uint8Array; readonly power: bigint };
  readonly height: bigint;
  readonly time: bigint;
  readonly totalVotingPower: bigint;
}

interface BlockContext {
  readonly height: bigint;
  readonly time: bigint;
  readonly nextValidatorsHash: Uint8Array;
  readonly proposerAddress: Uint8Array;
  readonly misbehavior: readonly Misbehavior[];
}

export interface PrepareProposalRequest extends BlockContext {
  /** Bytes that the transactions may take in the block, their protobuf framing included. */
  readonly maxTxBytes: bigint;
  readonly txs: readonly Uint8Array[];
  readonly localLastCommit: ExtendedCommitInfo;
}

export interface ProcessProposalRequest extends BlockContext {
  readonly txs: readonly Uint8Array[];
  readonly proposedLastCommit: CommitInfo;
  readonly hash: Uint8Array;
}

export interface FinalizeBlockRequest extends BlockContext {
  readonly txs: readonly Uint8Array[];
  readonly decidedLastCommit: CommitInfo;
  readonly hash: Uint8Array;
}

export interface ExtendVoteRequest extends BlockContext {
  readonly hash: Uint8Array;
  readonly txs: readonly Uint8Array[];
  readonly proposedLastCommit: CommitInfo;
}

export interface VerifyVoteExtensionRequest {
  readonly hash: Uint8Array;
  /** 20 bytes. */
  readonly validatorAddress: Uint8Array;
  readonly height: bigint;
  readonly voteExtension: Uint8Array;
}

export interface FinalizeBlockResponse {
  readonly events: readonly Event[];
  /** One for each transaction, in order. */
  readonly txResults: readonly TxResult[];
  /** In force at the height after the next. */
  readonly validatorUpdates: readonly ValidatorUpdate[];
  readonly consensusParamUpdates?: ConsensusParams;
  readonly appHash: Uint8Array;
}

export interface CommitResponse {
  /** Blocks below may be pruned; 0 keeps all. */
  readonly retainHeight: bigint;
}

/** A snapshot of the state at a height, as nodes tell each other of it. */
export interface Snapshot {
  readonly height: bigint;
  readonly format: number;
  readonly chunks: number;
  /** The same on all nodes that have the very same snapshot. */
  readonly hash: Uint8Array;
  /** The application's own, at most 4 MB. */
  readonly metadata: Uint8Array;
}

export interface OfferSnapshotRequest {
  readonly snapshot: Snapshot;
  /** From the header after the height, which the driver has verified. */
  readonly appHash: Uint8Array;
}

/**
 * `abort`: no snapshot at all; `reject`: not this one; `rejectFormat`: none of its format; `rejectSender`: none of
 * those who offered it.
 */
export interface OfferSnapshotResponse {
  readonly result: 'accept' | 'abort' | 'reject' | 'rejectFormat' | 'rejectSender';
}

export interface LoadSnapshotChunkRequest {
  readonly height: bigint;
  readonly format: number;
  /** From 0. */
  readonly chunk: number;
}

export interface LoadSnapshotChunkResponse {
  /** Empty when it is not there any more. */
  readonly chunk: Uint8Array;
}

export interface ApplySnapshotChunkRequest {
  readonly index: number;
  readonly chunk: Uint8Array;
  readonly sender: string;
}

/** `retry`: this chunk again; `retrySnapshot`: from the first chunk; `rejectSnapshot`: another snapshot. */
export interface ApplySnapshotChunkResponse {
  readonly result: 'accept' | 'abort' | 'retry' | 'retrySnapshot' | 'rejectSnapshot';
  /** Chunks to be fetched again, whoever sent them. */
  readonly refetchChunks: readonly number[];
  /** Nodes to ask no more. */
  readonly rejectSenders: readonly string[];
}

/** What an application with state sync offers besides: ABCI's snapshot connection. */
export interface SnapshotApplication {
  listSnapshots(): Promise<{ readonly snapshots: readonly Snapshot[] }>;
  offerSnapshot(request: OfferSnapshotRequest): Promise<OfferSnapshotResponse>;
  loadSnapshotChunk(request: LoadSnapshotChunkRequest): Promise<LoadSnapshotChunkResponse>;
  applySnapshotChunk(request: ApplySnapshotChunkRequest): Promise<ApplySnapshotChunkResponse>;
}

/** A deterministic state machine behind ABCI 2.0. A thrown error is a bug in the application: its driver must stop. */
export interface Application {
  info(): Promise<InfoResponse>;
  initChain(request: InitChainRequest): Promise<InitChainResponse>;
  query(request: QueryRequest): Promise<QueryResponse>;
  checkTx(request: CheckTxRequest): Promise<CheckTxResponse>;
  prepareProposal(
    request: PrepareProposalRequest,
  ): Promise<{ readonly txs: readonly Uint8Array[] }>;
  processProposal(request: ProcessProposalRequest): Promise<{ readonly accept: boolean }>;
  /** What this validator adds to its precommit; an application without it adds nothing. */
  extendVote?(request: ExtendVoteRequest): Promise<{ readonly voteExtension: Uint8Array }>;
  /** Whether a precommit with this addition may count; the same on all validators. */
  verifyVoteExtension?(request: VerifyVoteExtensionRequest): Promise<{ readonly accept: boolean }>;
  finalizeBlock(request: FinalizeBlockRequest): Promise<FinalizeBlockResponse>;
  commit(): Promise<CommitResponse>;
  /** Ends cleanly: everything committed is on disk. */
  close(): Promise<void>;
}
