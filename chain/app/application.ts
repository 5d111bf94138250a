/** The state machine behind ABCI 2.0: modules on a multistore, driven block by block. */
import { join } from 'node:path';
import type {
  Application,
  ApplySnapshotChunkRequest,
  ApplySnapshotChunkResponse,
  CheckTxRequest,
  CheckTxResponse,
  CommitResponse,
  ExtendVoteRequest,
  FinalizeBlockRequest,
  FinalizeBlockResponse,
  InfoResponse,
  InitChainRequest,
  InitChainResponse,
  LoadSnapshotChunkRequest,
  LoadSnapshotChunkResponse,
  OfferSnapshotRequest,
  OfferSnapshotResponse,
  PrepareProposalRequest,
  ProcessProposalRequest,
  QueryRequest,
  QueryResponse,
  Snapshot,
  SnapshotApplication,
  TxResult,
  VerifyVoteExtensionRequest,
} from '../abci/types.ts';
import type { Descriptors, JsonObject } from '../descriptors/index.ts';
import { Bug } from '../module/errors.ts';
import type { Environment, Frame } from '../module/frame.ts';
import type { ModuleSet } from '../module/moduleSet.ts';
import type { MultiStore } from '../store/index.ts';
import { ApplicationCore } from './applicationCore.ts';
import type { ApplicationOptions } from './applicationOptions.ts';
import { BlockGas } from './blockGas.ts';
import { type ChainRecord, encodeChainRecord, recordAt } from './chainRecord.ts';
import { EXTENSIONS_RESULT } from './committedExtensions.ts';
import { ConsensusConnection } from './consensusConnection.ts';
import { exportGenesis, initGenesis } from './genesis.ts';
import { genesisText } from './genesisText.ts';
import { MempoolConnection } from './mempoolConnection.ts';
import { answerQuery, frameAt } from './queries.ts';
import type { Router } from './router.ts';
import { runTx } from './runTx.ts';
import { StateSync } from './stateSync.ts';
import { type TxTrace, traceTx } from './trace.ts';

/** One state machine; calls must not overlap but for queries, as ABCI has it. */
export class ChainApplication implements Application, SnapshotApplication {
  readonly descriptors: Descriptors;
  readonly modules: ModuleSet;
  readonly router: Router;
  readonly store: MultiStore;
  readonly environment: Environment;
  readonly version: string;
  readonly #core: ApplicationCore;
  readonly #consensus: ConsensusConnection;
  readonly #mempool: MempoolConnection;
  readonly #stateSync: StateSync;

  private constructor(core: ApplicationCore) {
    this.#core = core;
    const { store, options } = core;
    this.descriptors = core.descriptors;
    this.modules = core.modules;
    this.router = core.router;
    this.store = store;
    this.environment = core.environment;
    this.version = options.version ?? '';
    this.#mempool = new MempoolConnection(core);
    this.#consensus = new ConsensusConnection(core);
    const path = 'path' in options.store ? join(options.store.path, 'snapshots') : undefined;
    const onRestored = (record: ChainRecord) => this.#standsAt(record);
    this.#stateSync = new StateSync({ store, path, options: options.stateSync, onRestored });
  }

  /** Opens the stores. @throws StoreOpenError when another process has them or they are damaged. */
  static async open(options: ApplicationOptions): Promise<ChainApplication> {
    return new ChainApplication(await ApplicationCore.open(options));
  }

  async info(): Promise<InfoResponse> {
    return {
      data: 'depind',
      version: this.version,
      appVersion: this.#protocolVersion(),
      lastBlockHeight: this.store.version,
      lastBlockAppHash: this.store.appHash,
    };
  }

  async query(request: QueryRequest): Promise<QueryResponse> {
    const chainId = this.#core.record?.chainId ?? '';
    return answerQuery({ app: this, chainId, request, simulate: (tx) => this.#simulate(tx) });
  }

  async checkTx(request: CheckTxRequest): Promise<CheckTxResponse> {
    return this.#mempool.check(request);
  }

  /** @throws GenesisError naming the field of the genesis that is wrong. */
  async initChain(request: InitChainRequest): Promise<InitChainResponse> {
    return this.#consensus.initChain(request);
  }

  /** @throws Bug when the extensions of the last votes leave no room for themselves. */
  async prepareProposal(request: PrepareProposalRequest): Promise<{ txs: readonly Uint8Array[] }> {
    const txs = this.#mempool.arrange(request.txs);
    return { txs: this.#consensus.prepareProposal({ ...request, txs }) };
  }

  async processProposal(request: ProcessProposalRequest): Promise<{ accept: boolean }> {
    return { accept: this.#consensus.processProposal(request) };
  }

  async extendVote(_request: ExtendVoteRequest): Promise<{ voteExtension: Uint8Array }> {
    return { voteExtension: this.#consensus.extendVote() };
  }

  async verifyVoteExtension(request: VerifyVoteExtensionRequest): Promise<{ accept: boolean }> {
    return { accept: this.#consensus.verifyVoteExtension(request) };
  }

  async finalizeBlock(request: FinalizeBlockRequest): Promise<FinalizeBlockResponse> {
    return this.#consensus.finalizeBlock(request);
  }

  async commit(): Promise<CommitResponse> {
    const response = await this.#consensus.commit();
    this.#mempool.committed();
    this.#stateSync.committed(this.store.version);
    return response;
  }

  async listSnapshots(): Promise<{ readonly snapshots: readonly Snapshot[] }> {
    return this.#stateSync.list();
  }

  async offerSnapshot(request: OfferSnapshotRequest): Promise<OfferSnapshotResponse> {
    return this.#stateSync.offer(request);
  }

  async loadSnapshotChunk(request: LoadSnapshotChunkRequest): Promise<LoadSnapshotChunkResponse> {
    return this.#stateSync.load(request);
  }

  async applySnapshotChunk(
    request: ApplySnapshotChunkRequest,
  ): Promise<ApplySnapshotChunkResponse> {
    return this.#stateSync.apply(request);
  }

  /**
   * Makes a kept height the last one again, in one batch, after reading its state whole. Whoever drives
   * the application runs the blocks after it once more. Not between a finalized block and its commit.
   * @throws VersionError when the height is not kept, DamagedStoreError when its state is damaged.
   */
  async rollbackTo(height: bigint): Promise<void> {
    if (this.#consensus.hasOpenBlock) throw new Bug('a rollback before the block was committed');
    const record = recordAt(this.#core.chain, this.store, height);
    await this.store.rollbackTo(height, encodeChainRecord(record));
    this.#standsAt(record);
  }

  /**
   * What a transaction of a past block did, executed again on the state before that block; nothing is kept.
   * @param genesis what the chain began with, for its first block
   * @throws VersionError when the state before the block is not kept.
   */
  trace(request: FinalizeBlockRequest, index: number, genesis?: unknown): TxTrace {
    const { store, environment, chain, pipeline, carrier } = this.#core;
    const { height, time, proposerAddress } = request;
    const isFirst = height === chain.initialHeight;
    const begin = (frame: Frame): void => {
      if (isFirst) initGenesis(this, frame, genesis);
      if (isFirst) this.#core.upgrades?.recordVersions(frame);
      this.#consensus.beginBlock(frame, request);
    };
    const block = this.#core.blockInfo(height, time, proposerAddress);
    const blockGas = new BlockGas(chain.maxBlockGas);
    const parts = { store, environment, pipeline, block, blockGas, begin, isFirst };
    const { extensions, txs } = carrier.split(chain, request);
    if (extensions === undefined) return traceTx(parts, request, index);
    if (index === 0) return { steps: [], result: EXTENSIONS_RESULT };
    return traceTx(parts, { ...request, txs }, index - 1);
  }

  /** The `app_state` at a kept height; 0 is the latest. */
  exportGenesis(height = 0n): JsonObject {
    return exportGenesis(this, this.#frameAt(height));
  }

  /** The same as text, in pieces: what is in memory at a time does not grow with the state. */
  exportGenesisText(height = 0n): Iterable<string> {
    return genesisText(this, this.#frameAt(height));
  }

  async close(): Promise<void> {
    await this.#stateSync.settle();
    await this.store.close();
  }

  #standsAt(record: ChainRecord): void {
    this.#core.record = record;
    this.#mempool.reset();
  }

  /** As the SDK's Info: how many upgrades the chain has made. */
  #protocolVersion(): bigint {
    const { upgrades, store } = this.#core;
    if (upgrades === undefined || store.version === 0n) return 0n;
    return upgrades.protocolVersion(frameAt(this, '', store.version));
  }

  #frameAt(height: bigint): Frame {
    return frameAt(this, this.#core.chain.chainId, height === 0n ? this.store.version : height);
  }

  #simulate(tx: Uint8Array): TxResult {
    const { pipeline, chain } = this.#core;
    const blockGas = new BlockGas(chain.maxBlockGas);
    return runTx(pipeline, this.#core.checkFrame(), tx, { mode: 'simulate', blockGas });
  }
}
