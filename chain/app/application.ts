/** The state machine behind ABCI 2.0: modules on a multistore, driven block by block. */
import { join } from 'node:path';
import { moduleAddress } from '../../wire/address.ts';
import { nobleVerifier } from '../../wire/signature.ts';
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
  VerifyVoteExtensionRequest,
} from '../abci/types.ts';
import { Descriptors, type JsonObject } from '../descriptors/index.ts';
import { AUTHORITY, addressesOf } from '../module/addresses.ts';
import { Bug } from '../module/errors.ts';
import { type BlockInfo, type Environment, type Frame, rootFrame } from '../module/frame.ts';
import { ModuleSet } from '../module/moduleSet.ts';
import { MultiStore } from '../store/index.ts';
import type { ApplicationOptions } from './applicationOptions.ts';
import { BlockGas } from './blockGas.ts';
import {
  blockTimeKey,
  type ChainRecord,
  decodeChainRecord,
  encodeBlockTime,
  encodeChainRecord,
  recordAt,
} from './chainRecord.ts';
import { EXTENSIONS_RESULT } from './committedExtensions.ts';
import { ExtensionCarrier } from './extensionCarrier.ts';
import { parseGasPrices } from './fees.ts';
import { checkInvariants, exportGenesis, initGenesis } from './genesis.ts';
import { genesisText } from './genesisText.ts';
import { DEFAULT_PENDING_PER_ACCOUNT, PendingTxs } from './pendingTxs.ts';
import { acceptable, framedBytes, selectTxs } from './proposals.ts';
import { answerQuery, frameAt } from './queries.ts';
import { Router } from './router.ts';
import { type Pipeline, runTx } from './runTx.ts';
import { StateSync } from './stateSync.ts';
import { StoreBuffers } from './storeBuffers.ts';
import { type TxTrace, traceTx } from './trace.ts';
import { storesAddedBy, UpgradeRunner } from './upgrades.ts';
import { mergeUpdates } from './validatorUpdates.ts';
import { runAhead, verifyAhead } from './verifyAhead.ts';
import { acceptsExtension, extendVote } from './voteExtensions.ts';

/** What an application is made of. */
interface ApplicationParts {
  readonly modules: ModuleSet;
  readonly carrier: ExtensionCarrier;
  readonly store: MultiStore;
}

/** A block between FinalizeBlock and Commit. */
interface OpenBlock {
  readonly info: BlockInfo;
  readonly archived: [Uint8Array, Uint8Array][];
}

const DEFAULT_MAX_TX_BYTES = 1_048_576;

/** One state machine; calls must not overlap but for queries, as ABCI has it. */
export class ChainApplication implements Application, SnapshotApplication {
  readonly descriptors: Descriptors;
  readonly modules: ModuleSet;
  readonly router: Router;
  readonly store: MultiStore;
  readonly environment: Environment;
  readonly version: string;
  readonly #options: ApplicationOptions;
  readonly #pipeline: Pipeline;
  readonly #carrier: ExtensionCarrier;
  readonly #stateSync: StateSync;
  readonly #upgrades: UpgradeRunner | undefined;
  #record: ChainRecord | undefined;
  #block: OpenBlock | undefined;
  /** What CheckTx runs in, until the next commit. */
  #check: { readonly frame: Frame; readonly pending: PendingTxs } | undefined;

  private constructor(options: ApplicationOptions, { modules, carrier, store }: ApplicationParts) {
    this.#carrier = carrier;
    this.#options = options;
    this.store = store;
    this.version = options.version ?? '';
    this.descriptors = options.descriptors ?? Descriptors.load();
    this.modules = modules;
    this.router = new Router(this.modules, this.descriptors);
    const addresses = addressesOf(options.bech32Prefix);
    this.environment = {
      addresses,
      verifier: options.verifier ?? nobleVerifier,
      denom: options.denom,
      authority: options.authority ?? addresses.format(moduleAddress(AUTHORITY)),
    };
    this.#upgrades = options.upgrades && new UpgradeRunner({ ...options.upgrades, modules });
    this.#pipeline = {
      descriptors: this.descriptors,
      router: this.router,
      accounts: (frame) => this.modules.api(options.accounts, frame),
      fees: (frame) => this.modules.api(options.fees, frame),
      grants: (frame) => options.grants && this.modules.api(options.grants, frame),
      minimumGasPrices: parseGasPrices(options.minimumGasPrices ?? ''),
      maxTxBytes: options.maxTxBytes ?? DEFAULT_MAX_TX_BYTES,
    };
    const metadata = store.metadata();
    this.#record = metadata && decodeChainRecord(metadata);
    const path = 'path' in options.store ? join(options.store.path, 'snapshots') : undefined;
    const onRestored = (record: ChainRecord) => {
      this.#record = record;
      this.#check = undefined;
    };
    this.#stateSync = new StateSync({ store, path, options: options.stateSync, onRestored });
  }

  /** Opens the stores. @throws StoreOpenError when another process has them or they are damaged. */
  static async open(options: ApplicationOptions): Promise<ChainApplication> {
    const modules = new ModuleSet(options.modules);
    const { storeNames } = modules;
    const carrier = new ExtensionCarrier(modules, options.validators);
    const { pruning, upgrades } = options;
    const addedStores = storesAddedBy(upgrades?.upgrades ?? {});
    const store = await MultiStore.open({ ...options.store, storeNames, addedStores, pruning });
    return new ChainApplication(options, { modules, carrier, store });
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

  /** @throws GenesisError naming the field of the genesis that is wrong. */
  async initChain(request: InitChainRequest): Promise<InitChainResponse> {
    this.store.rollbackWorking();
    this.#record = {
      chainId: request.chainId,
      initialHeight: request.initialHeight,
      timeNs: request.time,
      maxBlockGas: request.consensusParams.block.maxGas,
      maxBlockBytes: request.consensusParams.block.maxBytes,
      extensionsFrom: request.consensusParams.abci.voteExtensionsEnableHeight,
    };
    const info = this.#blockInfo(request.initialHeight, request.time, new Uint8Array(0));
    const buffers = new StoreBuffers(this.store);
    this.#block = { info, archived: [] };
    const frame = this.#blockFrame(this.#block, buffers);
    const appState: unknown = JSON.parse(new TextDecoder().decode(request.appStateBytes));
    const validators = initGenesis(this, frame, appState);
    this.#upgrades?.recordVersions(frame);
    checkInvariants(this.modules, frame);
    buffers.write();
    return { validators: mergeUpdates(validators), appHash: this.store.appHash };
  }

  async query(request: QueryRequest): Promise<QueryResponse> {
    return answerQuery({
      app: this,
      chainId: this.#record?.chainId ?? '',
      request,
      simulate: (bytes) => this.#simulate(bytes),
    });
  }

  async checkTx({ tx, type }: CheckTxRequest): Promise<CheckTxResponse> {
    const mode = type === 'new' ? 'check' : 'recheck';
    this.#check ??= {
      frame: this.#checkFrame(),
      pending: new PendingTxs(this.#options.maxPendingPerAccount ?? DEFAULT_PENDING_PER_ACCOUNT),
    };
    const { frame, pending } = this.#check;
    const blockGas = new BlockGas(this.#chain.maxBlockGas);
    return runTx(this.#pipeline, frame, tx, { mode, blockGas, pending });
  }

  /** @throws Bug when the extensions of the last votes leave no room for themselves. */
  async prepareProposal(request: PrepareProposalRequest): Promise<{ txs: readonly Uint8Array[] }> {
    const extensions = this.#carrier.propose(this.#chain, request);
    if (extensions === undefined) return { txs: selectTxs(this.descriptors, request, this.#chain) };
    const { txs } = request;
    const maxTxBytes = request.maxTxBytes - framedBytes(extensions);
    return { txs: [extensions, ...selectTxs(this.descriptors, { txs, maxTxBytes }, this.#chain)] };
  }

  async processProposal(request: ProcessProposalRequest): Promise<{ accept: boolean }> {
    const { extensions, txs } = this.#carrier.split(this.#chain, request);
    const frame = this.#checkFrame();
    if (extensions !== undefined && !this.#carrier.accepts(frame, extensions, request)) {
      return { accept: false };
    }
    const taken = extensions === undefined ? 0n : framedBytes(extensions);
    const accept = acceptable(this.descriptors, txs, { ...this.#chain, taken });
    if (accept) verifyAhead(this.#pipeline, frame, txs);
    return { accept };
  }

  /** The parts of the modules that add to votes, from the committed state; nothing before the first block. */
  async extendVote(_request: ExtendVoteRequest): Promise<{ voteExtension: Uint8Array }> {
    if (this.store.version === 0n) return { voteExtension: new Uint8Array(0) };
    return { voteExtension: extendVote(this.modules, this.#committedFrame()) };
  }

  async verifyVoteExtension(request: VerifyVoteExtensionRequest): Promise<{ accept: boolean }> {
    const { validatorAddress: validator, voteExtension: extension } = request;
    if (this.store.version === 0n) return { accept: extension.length === 0 };
    const frame = this.#committedFrame();
    return { accept: acceptsExtension(this.modules, frame, { validator, extension }) };
  }

  async finalizeBlock(request: FinalizeBlockRequest): Promise<FinalizeBlockResponse> {
    const info = this.#blockInfo(request.height, request.time, request.proposerAddress);
    this.#block = {
      info,
      archived: [[blockTimeKey(request.height), encodeBlockTime(request.time)]],
    };
    this.#record = { ...this.#chain, timeNs: request.time };
    const buffers = new StoreBuffers(this.store);
    const frame = this.#blockFrame(this.#block, buffers);
    this.#beginBlock(frame, request);
    const blockGas = new BlockGas(this.#chain.maxBlockGas);
    const { extensions, txs } = this.#carrier.split(this.#chain, request);
    const txResults = runAhead(this.#pipeline, { frame, txs }, (tx) =>
      runTx(this.#pipeline, frame, tx, { mode: 'finalize', blockGas }),
    );
    if (extensions !== undefined) txResults.unshift(EXTENSIONS_RESULT);
    const updates = this.modules.modules.flatMap(
      (module) => module.definition.endBlock?.(this.modules.context(module, frame)) ?? [],
    );
    const every = this.#options.invariantsEvery ?? 0n;
    if (every > 0n && request.height % every === 0n) checkInvariants(this.modules, frame);
    buffers.write();
    return {
      events: frame.events,
      txResults,
      validatorUpdates: mergeUpdates(updates),
      appHash: this.store.workingHash(request.height),
    };
  }

  async commit(): Promise<CommitResponse> {
    const block = this.#block;
    if (block === undefined) throw new Bug('commit without a finalized block');
    await this.store.commit({
      version: block.info.height,
      archive: block.archived,
      metadata: encodeChainRecord(this.#chain),
    });
    this.#block = undefined;
    this.#check = undefined;
    this.#stateSync.committed(this.store.version);
    return { retainHeight: 0n };
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
    if (this.#block !== undefined) throw new Bug('a rollback before the block was committed');
    const record = recordAt(this.#chain, this.store, height);
    await this.store.rollbackTo(height, encodeChainRecord(record));
    this.#record = record;
    this.#check = undefined;
  }

  /**
   * What a transaction of a past block did, executed again on the state before that block; nothing is kept.
   * @param genesis what the chain began with, for its first block
   * @throws VersionError when the state before the block is not kept.
   */
  trace(request: FinalizeBlockRequest, index: number, genesis?: unknown): TxTrace {
    const { height, time, proposerAddress } = request;
    const isFirst = height === this.#chain.initialHeight;
    const begin = (frame: Frame): void => {
      if (isFirst) initGenesis(this, frame, genesis);
      if (isFirst) this.#upgrades?.recordVersions(frame);
      this.#beginBlock(frame, request);
    };
    const { store, environment } = this;
    const block = this.#blockInfo(height, time, proposerAddress);
    const blockGas = new BlockGas(this.#chain.maxBlockGas);
    const parts = { store, environment, pipeline: this.#pipeline, block, blockGas, begin, isFirst };
    const { extensions, txs } = this.#carrier.split(this.#chain, request);
    if (extensions === undefined) return traceTx(parts, request, index);
    if (index === 0) return { steps: [], result: EXTENSIONS_RESULT };
    return traceTx(parts, { ...request, txs }, index - 1);
  }

  /** The `app_state` at a kept height; 0 is the latest. */
  exportGenesis(height = 0n): JsonObject {
    const at = height === 0n ? this.store.version : height;
    return exportGenesis(this, frameAt(this, this.#chain.chainId, at));
  }

  /** The same as text, in pieces: what is in memory at a time does not grow with the state. */
  exportGenesisText(height = 0n): Iterable<string> {
    const at = height === 0n ? this.store.version : height;
    return genesisText(this, frameAt(this, this.#chain.chainId, at));
  }

  async close(): Promise<void> {
    await this.#stateSync.settle();
    await this.store.close();
  }

  #beginBlock(frame: Frame, request: FinalizeBlockRequest): void {
    this.#upgrades?.beforeBlock(frame);
    const { extensions } = this.#carrier.split(this.#chain, request);
    if (extensions !== undefined) this.#carrier.deliver(frame, extensions, request);
    for (const module of this.modules.modules) {
      module.definition.beginBlock?.(this.modules.context(module, frame));
    }
  }

  /** As the SDK's Info: how many upgrades the chain has made. */
  #protocolVersion(): bigint {
    if (this.#upgrades === undefined || this.store.version === 0n) return 0n;
    return this.#upgrades.protocolVersion(frameAt(this, '', this.store.version));
  }

  #committedFrame(): Frame {
    return frameAt(this, this.#chain.chainId, this.store.version);
  }

  get #chain(): ChainRecord {
    if (this.#record === undefined) throw new Bug('the chain was not initialised');
    return this.#record;
  }

  #simulate(bytes: Uint8Array) {
    const blockGas = new BlockGas(this.#chain.maxBlockGas);
    return runTx(this.#pipeline, this.#checkFrame(), bytes, { mode: 'simulate', blockGas });
  }

  #blockInfo(height: bigint, timeNs: bigint, proposerAddress: Uint8Array): BlockInfo {
    return { chainId: this.#chain.chainId, height, timeNs, proposerAddress };
  }

  #blockFrame({ info, archived }: OpenBlock, buffers: StoreBuffers): Frame {
    return rootFrame({
      environment: this.environment,
      block: info,
      stores: (name) => buffers.store(name),
      archive: {
        get: (key) => this.store.archive(key),
        put: (key, value) => void archived.push([key, value]),
      },
    });
  }

  /** A frame on buffers that are never written. */
  #checkFrame(): Frame {
    const buffers = new StoreBuffers(this.store);
    const height = this.store.version + 1n;
    return rootFrame({
      environment: this.environment,
      block: this.#blockInfo(height, this.#chain.timeNs, new Uint8Array(0)),
      stores: (name) => buffers.store(name),
      archive: { get: (key) => this.store.archive(key), put: () => undefined },
    });
  }
}
