/** A running localnet: its validators make a block each interval and its first node serves the RPC. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Application, CheckTxResponse, Event, TxResult } from '../chain/abci/types.ts';
import { txHash } from '../wire/block.ts';
import { systemTime } from './clock.ts';
import { checkConsensusParams } from './consensus/params.ts';
import type { GenesisDocument } from './genesis.ts';
import { atPath, nodePaths, type ValidatorKeys } from './init.ts';
import type { Logger } from './logger.ts';
import { type BlockRecord, BlockStore } from './node/blockStore.ts';
import { openDatabase } from './node/database.ts';
import { handshake } from './node/handshake.ts';
import type { BlockLimits, MempoolLimits } from './node/mempool.ts';
import { Network } from './node/network.ts';
import { blockLimits } from './node/round.ts';
import { openValidatorNode, type ValidatorNode } from './node/validatorNode.ts';
import { type RpcServer, startRpcServer } from './rpc/server.ts';

const DEFAULT_INTERVAL_MS = 1000;
const DEFAULT_RPC = { host: '127.0.0.1', port: 26_657 };
const COMMIT_TIMEOUT_MS = 10_000;

export interface LocalnetOptions {
  readonly genesis: GenesisDocument;
  /** Laid out by `initLocalnet`; databases are made under `<home>/node<i>/data`. */
  readonly home: string;
  /** One for each node; more than stand in genesis are nodes that may become validators. */
  readonly validators: readonly ValidatorKeys[];
  /** Opens the application of a node; each has its own state. */
  createApplication(index: number): Promise<Application>;
  /** From the start of one block to the start of the next. Default 1000. */
  readonly blockIntervalMs?: number;
  /** When false, blocks are made for transactions, and one more to prove the AppHash. Default true. */
  readonly createEmptyBlocks?: boolean;
  /** Default 127.0.0.1:26657; port 0 takes any free one. */
  readonly rpc?: { readonly host: string; readonly port: number };
  readonly mempool?: Partial<MempoolLimits>;
  readonly logger: Logger;
  /** The clock of the validators, nanoseconds since 1970. Default: the system's. */
  now?(): bigint;
}

/** What listeners learn of a committed block. */
export interface BlockSummary {
  readonly height: bigint;
  readonly hash: Uint8Array;
  /** Nanoseconds since 1970. */
  readonly time: bigint;
  readonly txs: readonly Uint8Array[];
  readonly results: readonly TxResult[];
  /** Of the block itself; those of transactions stand in their results. */
  readonly events: readonly Event[];
}

type Listeners = {
  readonly block: Set<(block: BlockSummary) => void>;
  readonly halt: Set<(error: Error) => void>;
};

export class Localnet {
  readonly #options: LocalnetOptions;
  readonly #network: Network;
  readonly #listeners: Listeners = { block: new Set(), halt: new Set() };
  readonly #stopping = new AbortController();
  readonly #server: RpcServer;
  #running: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;
  #haltError: Error | undefined;
  #wake: () => void = () => undefined;

  private constructor(options: LocalnetOptions, network: Network, server: RpcServer) {
    this.#options = options;
    this.#network = network;
    this.#server = server;
  }

  /**
   * Opens stores and applications, brings them to one height, serves the RPC and begins to make blocks.
   * @throws Error naming the path, port, genesis field or validator that stands in the way.
   */
  static async start(options: LocalnetOptions): Promise<Localnet> {
    const closers: (() => Promise<void>)[] = [];
    try {
      return await Localnet.#open(options, closers);
    } catch (error) {
      for (const close of closers.reverse()) await close();
      throw error;
    }
  }

  static async #open(
    options: LocalnetOptions,
    closers: (() => Promise<void>)[],
  ): Promise<Localnet> {
    const { genesis, logger } = options;
    const now = options.now ?? systemTime;
    checkOptions(options, now());
    const store = await openStore(options.home);
    closers.push(() => store.close());
    // The mempools ask for these only once the network stands.
    let network: Network | undefined;
    let wake = (): void => undefined;
    const nodes: ValidatorNode[] = [];
    for (const [index, keys] of options.validators.entries()) {
      const node = await openNode(options, index, keys, {
        blockLimits: () => blockLimits(network!.state),
        onAccepted: () => wake(),
      });
      closers.push(() => node.application.close());
      nodes.push(node);
    }
    const state = await handshake({ genesis, store, peers: nodes, logger });
    const validators = new Network({ nodes, store, state, logger, now });
    network = validators;
    const started = performance.now();
    const uptimeMs = (): number => performance.now() - started;
    const server = await startRpcServer(options.rpc ?? DEFAULT_RPC, (address) => {
      return {
        network: validators,
        genesis,
        logger,
        address,
        commitTimeoutMs: COMMIT_TIMEOUT_MS,
        uptimeMs,
      };
    });
    const localnet = new Localnet(options, validators, server);
    wake = () => localnet.#wake();
    localnet.#running = localnet.#run();
    return localnet;
  }

  /** Where the RPC is served, for example "http://127.0.0.1:26657". */
  get rpcUrl(): string {
    return this.#server.url;
  }

  /** The height of the last block; 0 before the first. */
  height(): bigint {
    return this.#network.store.height;
  }

  /** Why no more blocks are made; undefined while all is well. */
  get haltError(): Error | undefined {
    return this.#haltError;
  }

  /**
   * The block at a height, as soon as it is committed.
   * @throws Error when that takes longer than `timeoutMs`, or the localnet halts or stops before.
   */
  waitForHeight(height: bigint, timeoutMs: number): Promise<BlockSummary> {
    if (this.height() >= height) return Promise.resolve(this.#stored(height));
    return new Promise((resolve, reject) => {
      const leave: (() => void)[] = [];
      const finish = (settle: () => void): void => {
        for (const step of leave) step();
        settle();
      };
      const fail = (error: Error): void => finish(() => reject(error));
      const timer = globalThis.setTimeout(
        () =>
          fail(
            new Error(
              `height ${height} is not reached after ${timeoutMs} ms, height is ${this.height()}`,
            ),
          ),
        timeoutMs,
      );
      const onStop = (): void =>
        fail(new Error(`height ${height} is not reached: the localnet stops`));
      this.#stopping.signal.addEventListener('abort', onStop);
      leave.push(
        () => clearTimeout(timer),
        () => this.#stopping.signal.removeEventListener('abort', onStop),
        this.on('halt', fail),
        this.on('block', (block) => {
          if (block.height >= height) finish(() => resolve(block));
        }),
      );
      if (this.#haltError) fail(this.#haltError);
      else if (this.#stopping.signal.aborted) onStop();
    });
  }

  /** Calls the listener for each committed block, or once when the localnet halts; returns how to leave. */
  on(event: 'block', listener: (block: BlockSummary) => void): () => void;
  on(event: 'halt', listener: (error: Error) => void): () => void;
  on(event: 'block' | 'halt', listener: (value: never) => void): () => void {
    const listeners: Set<(value: never) => void> = this.#listeners[event];
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  /** The first node's CheckTx answer and the hash. @throws MempoolError when it is not taken at all. */
  async broadcast(tx: Uint8Array): Promise<CheckTxResponse & { readonly hash: Uint8Array }> {
    return { ...(await this.#network.checkTx(tx)), hash: txHash(tx) };
  }

  /** Waits for the block being made, then closes the RPC, the applications and the store. */
  stop(): Promise<void> {
    this.#stopped ??= this.#close();
    return this.#stopped;
  }

  async #close(): Promise<void> {
    this.#stopping.abort();
    this.#wake();
    await this.#running;
    await this.#server.close();
    for (const node of this.#network.nodes) await node.application.close();
    await this.#network.store.close();
  }

  async #run(): Promise<void> {
    const { blockIntervalMs = DEFAULT_INTERVAL_MS, createEmptyBlocks = true } = this.#options;
    try {
      while (!this.#stopping.signal.aborted) {
        const begin = performance.now();
        if (createEmptyBlocks || this.#network.hasWork) {
          this.#tell(await this.#network.produceBlock());
          await this.#sleep(begin + blockIntervalMs - performance.now());
        } else {
          await this.#untilWoken();
        }
      }
    } catch (error) {
      this.#halt(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #tell(record: BlockRecord): void {
    const summary = summarise(record);
    for (const listener of [...this.#listeners.block]) {
      try {
        listener(summary);
      } catch (error) {
        // A listener's mistake is its own: the chain goes on.
        this.#options.logger.error('a block listener failed', { error });
      }
    }
  }

  #halt(error: Error): void {
    this.#haltError = error;
    this.#options.logger.error(error.message, { error });
    for (const listener of [...this.#listeners.halt]) listener(error);
  }

  async #sleep(ms: number): Promise<void> {
    const { signal } = this.#stopping;
    // Only the stop ends it early.
    await setTimeout(Math.max(0, ms), undefined, { signal }).catch(() => undefined);
  }

  #untilWoken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#stopping.signal.aborted) resolve();
    });
  }

  #stored(height: bigint): BlockSummary {
    const { store } = this.#network;
    const block = store.block(height);
    const meta = store.meta(height);
    const results = store.results(height);
    if (!block || !meta || !results) {
      throw new Error(`height ${height} is not available, lowest height is ${store.base}`);
    }
    return summarise({ block, blockId: meta.blockId, results });
  }
}

function checkOptions(options: LocalnetOptions, now: bigint): void {
  const { genesis, validators, blockIntervalMs = DEFAULT_INTERVAL_MS } = options;
  if (validators.length === 0) throw new RangeError('validators: expected at least one, got none');
  if (!Number.isFinite(blockIntervalMs) || blockIntervalMs < 0) {
    throw new RangeError(`blockIntervalMs: expected 0 or more, got ${blockIntervalMs}`);
  }
  // Light clients refuse headers from the future.
  if (genesis.genesisTime > now) {
    throw new RangeError(
      `genesis_time: expected a time before now, ${now}, got ${genesis.genesisTime}`,
    );
  }
  checkConsensusParams(genesis.consensusParams);
}

async function openStore(home: string): Promise<BlockStore> {
  const { data } = nodePaths(home, 0);
  await atPath(data, () => mkdir(data, { recursive: true }));
  return new BlockStore(await openDatabase(join(data, 'blockstore.db')));
}

async function openNode(
  { home, createApplication, mempool }: LocalnetOptions,
  index: number,
  keys: ValidatorKeys,
  hooks: { blockLimits(): BlockLimits; onAccepted(): void },
): Promise<ValidatorNode> {
  const { data } = nodePaths(home, index);
  await atPath(data, () => mkdir(data, { recursive: true }));
  const application = await createApplication(index);
  return openValidatorNode({
    index,
    home,
    keys,
    application,
    ...hooks,
    ...(mempool && { mempoolLimits: mempool }),
  });
}

function summarise({
  block,
  blockId,
  results,
}: Pick<BlockRecord, 'block' | 'blockId' | 'results'>) {
  const { height, time } = block.header;
  const { txResults, events } = results;
  return { height, hash: blockId.hash, time, txs: block.transactions, results: txResults, events };
}
