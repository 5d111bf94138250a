/** The validators of a localnet and the chain that they make, block by block. */
import type { CheckTxResponse, FinalizeBlockResponse } from '../../chain/abci/types.ts';
import { equalBytes, toHex } from '../../wire/bytes.ts';
import { hexToJson } from '../../wire/json/encode.ts';
import { hashResults } from '../../wire/results.ts';
import { finalizeRequest } from '../consensus/requests.ts';
import { type ChainState, nextState, validatorChanges } from '../consensus/state.ts';
import type { Logger } from '../logger.ts';
import type { BlockRecord, Decision } from './blockRecord.ts';
import type { BlockStore } from './blockStore.ts';
import { EventBus } from './eventBus.ts';
import { HaltError } from './halt.ts';
import { MempoolError } from './mempool.ts';
import { ROUND_STEP, type RoundState, runRound } from './round.ts';
import type { ValidatorNode } from './validatorNode.ts';

export interface NetworkOptions {
  readonly nodes: readonly ValidatorNode[];
  readonly store: BlockStore;
  readonly state: ChainState;
  readonly logger: Logger;
  /** Nanoseconds since 1970. */
  now(): bigint;
}

export class Network {
  readonly nodes: readonly ValidatorNode[];
  readonly store: BlockStore;
  readonly events = new EventBus();
  readonly #logger: Logger;
  readonly #now: () => bigint;
  #state: ChainState;
  #failure: HaltError | undefined;
  #round: RoundState;

  constructor({ nodes, store, state, logger, now }: NetworkOptions) {
    this.nodes = nodes;
    this.store = store;
    this.#state = state;
    this.#logger = logger;
    this.#now = now;
    this.#round = this.#newRound();
  }

  /** The state after the last block. */
  get state(): ChainState {
    return this.#state;
  }

  /** What the height being decided has come to. */
  get round(): RoundState {
    return this.#round;
  }

  /** The node whose view the RPC serves. */
  get first(): ValidatorNode {
    return this.nodes[0]!;
  }

  /**
   * Whether there is a reason for a block: transactions wait, the chain is new, or the last block changed the
   * AppHash, which only a further block proves.
   */
  get hasWork(): boolean {
    const last = this.store.meta(this.#state.lastBlockHeight);
    if (!last || !equalBytes(last.header.appHash, this.#state.appHash)) return true;
    return this.nodes.some((node) => node.mempool.size > 0);
  }

  #gossip(tx: Uint8Array): void {
    for (const node of this.nodes.slice(1)) {
      node.mempool.check(tx).catch((error: unknown) => {
        // Known already or no room: as on any network, a peer may leave it out.
        if (!(error instanceof MempoolError)) this.#fail(node, error);
      });
    }
  }

  /**
   * The first node's answer to a new transaction, which is offered to the others when it was taken.
   * @throws MempoolError when it is too large, known already, or there is no room.
   */
  async checkTx(tx: Uint8Array): Promise<CheckTxResponse> {
    if (this.#failure) throw this.#failure;
    try {
      const response = await this.first.mempool.check(tx);
      if (response.code === 0) this.#gossip(tx);
      return response;
    } catch (error) {
      if (!(error instanceof MempoolError)) this.#fail(this.first, error);
      throw error;
    }
  }

  /** Takes no more transactions and makes no more blocks. */
  halt(error: HaltError): void {
    this.#failure ??= error;
  }

  /** An application that throws is broken: no block follows. */
  #fail(node: ValidatorNode, cause: unknown): void {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const height = this.#state.lastBlockHeight + 1n;
    this.halt(new HaltError(height, `${node.name} fails in CheckTx: ${reason}`, { cause }));
  }

  /** Decides, executes and stores the next block, then tells of it. @throws HaltError, and no block follows. */
  async produceBlock(): Promise<BlockRecord> {
    if (this.#failure) throw this.#failure;
    const { nodes, store } = this;
    const state = this.#state;
    this.#round = this.#newRound();
    const decision = await runRound({
      nodes,
      store,
      state,
      logger: this.#logger,
      now: this.#now,
      roundState: this.#round,
    });
    const results = await this.#execute(decision);
    const record: BlockRecord = { ...decision, results, state: this.#follow(decision, results) };
    await store.saveBlock(record);
    const retainHeight = await this.#commit(record);
    this.#state = record.state;
    this.#round = this.#newRound();
    if (retainHeight > 0n) await store.prune(retainHeight);
    this.events.publishBlock(record, changedValidators(record.state, results, state));
    return record;
  }

  /** Every application executes the block; all must come to one result. */
  async #execute(decision: Decision): Promise<FinalizeBlockResponse> {
    const { height } = decision.block.header;
    const lastValidators = this.#state.lastValidators?.validators ?? [];
    const request = finalizeRequest({ ...decision, lastValidators });
    const responses = await Promise.all(
      this.nodes.map(async (node) => {
        const response = await node.application.finalizeBlock(request);
        if (response.txResults.length === request.txs.length) return response;
        throw new HaltError(
          height,
          `${node.name} gives ${response.txResults.length} results for ${request.txs.length} transactions`,
        );
      }),
    );
    this.#compare(height, 'AppHash', responses, (response) => response.appHash);
    this.#compare(height, 'LastResultsHash', responses, (r) => hashResults(r.txResults));
    return responses[0]!;
  }

  #compare(
    height: bigint,
    what: string,
    responses: readonly FinalizeBlockResponse[],
    hashOf: (response: FinalizeBlockResponse) => Uint8Array,
  ): void {
    const hashes = responses.map((response) => toHex(hashOf(response)));
    const usual = mostCommon(hashes);
    const odd = hashes.findIndex((hash) => hash !== usual);
    if (odd < 0) return;
    const other = this.nodes[hashes.indexOf(usual)]!;
    throw new HaltError(
      height,
      `${this.nodes[odd]!.name} comes to ${what} ${hashes[odd]!.toUpperCase()}, ` +
        `${other.name} to ${usual.toUpperCase()}`,
    );
  }

  #follow(decision: Decision, results: FinalizeBlockResponse): ChainState {
    try {
      return nextState(this.#state, decision, results);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new HaltError(decision.block.header.height, reason, { cause });
    }
  }

  /** Every application commits while its mempool stands still. The lowest height that all want kept. */
  async #commit({ block, results, state }: BlockRecord): Promise<bigint> {
    const { height } = block.header;
    // Mempools check again against the parameters of the next block.
    this.#state = state;
    const retained: bigint[] = [];
    await Promise.all(
      this.nodes.map((node) =>
        node.mempool.update(block.transactions, results.txResults, async () => {
          retained.push((await node.application.commit()).retainHeight);
        }),
      ),
    );
    this.#logger.debug('committed a block', { height, appHash: hexToJson(results.appHash) });
    return lowestOf(retained);
  }

  #newRound(): RoundState {
    const height = this.#state.lastBlockHeight + 1n;
    const startTime = this.#now();
    return { height, step: ROUND_STEP.newHeight, startTime, prevotes: [], precommits: [] };
  }
}

function lowestOf(heights: readonly bigint[]): bigint {
  const [lowest = 0n] = heights.toSorted((a, b) => Number(a - b));
  return lowest;
}

function mostCommon(hashes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const hash of hashes) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

/** Those that the application changed, as ValidatorSetUpdates tells them: power 0 for a removed one. */
function changedValidators(
  after: ChainState,
  { validatorUpdates }: FinalizeBlockResponse,
  before: ChainState,
) {
  return validatorChanges(validatorUpdates, before.params).map((change) => {
    const found = after.nextValidators.validators.find((v) =>
      equalBytes(v.address, change.address),
    );
    return found ?? { ...change, proposerPriority: 0n };
  });
}
