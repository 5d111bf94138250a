/** What consensus asks of an application: proposals, votes, and blocks from their begin to their commit. */
import type {
  CommitResponse,
  FinalizeBlockRequest,
  FinalizeBlockResponse,
  InitChainRequest,
  InitChainResponse,
  PrepareProposalRequest,
  ProcessProposalRequest,
  TxResult,
  VerifyVoteExtensionRequest,
} from '../abci/types.ts';
import { Bug } from '../module/errors.ts';
import { hookEvent } from '../module/events.ts';
import { type BlockInfo, type Frame, rootFrame } from '../module/frame.ts';
import type { ApplicationCore } from './applicationCore.ts';
import { BlockGas } from './blockGas.ts';
import { runHooks } from './blockHooks.ts';
import { blockTimeKey, encodeBlockTime, encodeChainRecord } from './chainRecord.ts';
import { EXTENSIONS_RESULT } from './committedExtensions.ts';
import { checkInvariants, initGenesis, parseAppState } from './genesis.ts';
import { acceptable, framedBytes, selectTxs } from './proposals.ts';
import { runTx } from './runTx.ts';
import { StoreBuffers } from './storeBuffers.ts';
import { mergeUpdates } from './validatorUpdates.ts';
import { runAhead, verifyAhead } from './verifyAhead.ts';
import { acceptsExtension, extendVote } from './voteExtensions.ts';

/** A block between FinalizeBlock and Commit. */
interface OpenBlock {
  readonly info: BlockInfo;
  readonly archived: [Uint8Array, Uint8Array][];
}

export class ConsensusConnection {
  readonly #core: ApplicationCore;
  #block: OpenBlock | undefined;
  /** Whether the writes of a block wait in the stores. */
  #isExecuted = false;
  /** Those of the last block, which know what it read and wrote; undefined while a block runs. */
  #buffers: StoreBuffers | undefined;

  constructor(core: ApplicationCore) {
    this.#core = core;
  }

  /** Whether a block waits for its commit. */
  get hasOpenBlock(): boolean {
    return this.#block !== undefined;
  }

  /** @throws GenesisError naming the field of the genesis that is wrong. */
  initChain(request: InitChainRequest): InitChainResponse {
    const core = this.#core;
    this.#rollback();
    core.record = {
      chainId: request.chainId,
      initialHeight: request.initialHeight,
      timeNs: request.time,
      maxBlockGas: request.consensusParams.block.maxGas,
      maxBlockBytes: request.consensusParams.block.maxBytes,
      extensionsFrom: request.consensusParams.abci.voteExtensionsEnableHeight,
    };
    const info = core.blockInfo(request.initialHeight, request.time, new Uint8Array(0));
    const buffers = this.#takeBuffers();
    this.#block = { info, archived: [] };
    const frame = this.#blockFrame(this.#block, buffers);
    const validators = initGenesis(core, frame, parseAppState(request.appStateBytes));
    core.upgrades?.recordVersions(frame);
    checkInvariants(core.modules, frame);
    this.#writeBuffers(buffers);
    return { validators: mergeUpdates(validators), appHash: core.store.appHash };
  }

  /** @throws Bug when the extensions of the last votes leave no room for themselves. */
  prepareProposal(request: PrepareProposalRequest): readonly Uint8Array[] {
    const { carrier, chain, descriptors } = this.#core;
    const extensions = carrier.propose(chain, request);
    if (extensions === undefined) return selectTxs(descriptors, request, chain);
    const { txs } = request;
    const maxTxBytes = request.maxTxBytes - framedBytes(extensions);
    return [extensions, ...selectTxs(descriptors, { txs, maxTxBytes }, chain)];
  }

  /** Whether validators may vote for the block. */
  processProposal(request: ProcessProposalRequest): boolean {
    const { carrier, chain, descriptors, pipeline } = this.#core;
    const { extensions, txs } = carrier.split(chain, request);
    const frame = this.#core.checkFrame();
    if (extensions !== undefined && !carrier.accepts(frame, extensions, request)) return false;
    const taken = extensions === undefined ? 0n : framedBytes(extensions);
    const isAccepted = acceptable(descriptors, txs, { ...chain, taken });
    if (isAccepted) verifyAhead(pipeline, frame, txs);
    return isAccepted;
  }

  /** The parts of the modules that add to votes, from the committed state; nothing before the first block. */
  extendVote(): Uint8Array {
    const { store, modules } = this.#core;
    if (store.version === 0n) return new Uint8Array(0);
    return extendVote(modules, this.#core.committedFrame());
  }

  /** Whether the vote of another validator may count with what it added. */
  verifyVoteExtension(request: VerifyVoteExtensionRequest): boolean {
    const { validatorAddress: validator, voteExtension: extension } = request;
    const { store, modules } = this.#core;
    if (store.version === 0n) return extension.length === 0;
    return acceptsExtension(modules, this.#core.committedFrame(), { validator, extension });
  }

  /**
   * Executes a block. One that was executed and not committed leaves nothing: who drives the application may have been
   * killed in between, and goes on with the block again.
   * @throws Bug when that was the first block, whose genesis is gone then: InitChain comes before it.
   */
  finalizeBlock(request: FinalizeBlockRequest): FinalizeBlockResponse {
    const core = this.#core;
    if (this.#isExecuted) this.#dropBlock();
    const info = core.blockInfo(request.height, request.time, request.proposerAddress);
    this.#block = {
      info,
      archived: [[blockTimeKey(request.height), encodeBlockTime(request.time)]],
    };
    core.record = { ...core.chain, timeNs: request.time };
    const buffers = this.#takeBuffers();
    const frame = this.#blockFrame(this.#block, buffers);
    this.beginBlock(frame, request);
    const begun = frame.events.length;
    const txResults = this.#runTxs(frame, request);
    const updates = runHooks(core.modules, frame, 'endBlock');
    const every = core.options.invariantsEvery ?? 0n;
    if (every > 0n && request.height % every === 0n) checkInvariants(core.modules, frame);
    this.#isExecuted = true;
    this.#writeBuffers(buffers);
    return {
      events: frame.events.map((event, i) =>
        hookEvent(event, i < begun ? 'BeginBlock' : 'EndBlock'),
      ),
      txResults,
      validatorUpdates: mergeUpdates(updates),
      appHash: core.store.workingHash(request.height),
    };
  }

  #dropBlock(): void {
    const { store } = this.#core;
    if (store.version === 0n) throw new Bug('the first block again, without InitChain before it');
    this.#rollback();
  }

  #rollback(): void {
    this.#core.store.rollbackWorking();
    this.#isExecuted = false;
  }

  /** What a block that breaks off has written is never seen again: it has taken its buffers along. */
  #takeBuffers(): StoreBuffers {
    const before = this.#buffers;
    this.#buffers = undefined;
    return before?.isCurrent ? before : new StoreBuffers(this.#core.store);
  }

  #writeBuffers(buffers: StoreBuffers): void {
    buffers.write();
    this.#buffers = buffers;
  }

  #runTxs(frame: Frame, request: FinalizeBlockRequest): TxResult[] {
    const { pipeline, carrier, chain } = this.#core;
    const blockGas = new BlockGas(chain.maxBlockGas);
    const { extensions, txs } = carrier.split(chain, request);
    const txResults = runAhead(pipeline, { frame, txs }, (tx) =>
      runTx(pipeline, frame, tx, { mode: 'finalize', blockGas }),
    );
    if (extensions !== undefined) txResults.unshift(EXTENSIONS_RESULT);
    return txResults;
  }

  /** What a block does before its first transaction. */
  beginBlock(frame: Frame, request: FinalizeBlockRequest): void {
    const { upgrades, carrier, chain, modules } = this.#core;
    upgrades?.beforeBlock(frame);
    const { extensions } = carrier.split(chain, request);
    if (extensions !== undefined) carrier.deliver(frame, extensions, request);
    runHooks(modules, frame, 'beginBlock');
  }

  /** @throws Bug without a finalized block. */
  async commit(): Promise<CommitResponse> {
    const block = this.#block;
    if (block === undefined) throw new Bug('commit without a finalized block');
    const { store, chain } = this.#core;
    await store.commit({
      version: block.info.height,
      archive: block.archived,
      metadata: encodeChainRecord(chain),
    });
    this.#block = undefined;
    this.#isExecuted = false;
    return { retainHeight: 0n };
  }

  #blockFrame({ info, archived }: OpenBlock, buffers: StoreBuffers): Frame {
    const { store, environment } = this.#core;
    return rootFrame({
      environment,
      block: info,
      stores: (name) => buffers.store(name),
      archive: {
        get: (key) => store.archive(key),
        put: (key, value) => void archived.push([key, value]),
      },
    });
  }
}
