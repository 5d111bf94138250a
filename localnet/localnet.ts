/** A running localnet: its validators make a block each interval and its first node serves the RPC. */
import { setTimeout } from 'node:timers/promises';
import type { CheckTxResponse } from '../chain/abci/types.ts';
import { txHash } from '../wire/block.ts';
import { systemTime } from './clock.ts';
import type { BlockRecord } from './node/blockRecord.ts';
import { HaltError } from './node/halt.ts';
import type { Network } from './node/network.ts';
import { type Closers, openNetwork } from './open.ts';
import {
  type BlockSummary,
  checkOptions,
  DEFAULT_INTERVAL_MS,
  DEFAULT_RPC,
  type LocalnetOptions,
  summarise,
} from './options.ts';
import { localnetService } from './rpc/routes.ts';
import { type RpcServer, startRpcServer } from './rpc/server.ts';

const COMMIT_TIMEOUT_MS = 10_000;

type Listeners = {
  readonly block: Set<(block: BlockSummary) => void>;
  readonly halt: Set<(error: Error) => void>;
};

export class Localnet {
  readonly #options: LocalnetOptions;
  readonly #network: Network;
  readonly #listeners: Listeners = { block: new Set(), halt: new Set() };
  readonly #stopping = new AbortController();
  readonly #servers: readonly RpcServer[];
  #running: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;
  #haltError: Error | undefined;
  #wake: () => void = () => undefined;

  private constructor(options: LocalnetOptions, network: Network, servers: readonly RpcServer[]) {
    this.#options = options;
    this.#network = network;
    this.#servers = servers;
  }

  /**
   * Opens stores and applications, brings them to one height, serves the RPC and begins to make blocks.
   * @throws Error naming the path, port, genesis field or validator that stands in the way.
   */
  static async start(options: LocalnetOptions): Promise<Localnet> {
    const closers: Closers = [];
    try {
      return await Localnet.#open(options, closers);
    } catch (error) {
      for (const close of closers.reverse()) await close();
      throw error;
    }
  }

  static async #open(options: LocalnetOptions, closers: Closers): Promise<Localnet> {
    checkOptions(options, (options.now ?? systemTime)());
    let wake = (): void => undefined;
    const network = await openNetwork(options, closers, () => wake());
    const servers = await startServers(options, network, closers);
    const localnet = new Localnet(options, network, servers);
    wake = () => localnet.#wake();
    localnet.#running = localnet.#run();
    return localnet;
  }

  /** Where the RPC is served, for example "http://127.0.0.1:26657". */
  get rpcUrl(): string {
    return this.#servers[0]!.url;
  }

  /** Where the RPC of each further node is served, in their order; empty unless all are. */
  get otherRpcUrls(): readonly string[] {
    return this.#servers.slice(1).map(({ url }) => url);
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
    await Promise.all(this.#servers.map((server) => server.close()));
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
      this.#halt(asHalt(error, this.#network.state.lastBlockHeight + 1n));
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

  #halt(error: HaltError): void {
    this.#network.halt(error);
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

/** The first node's RPC, and those of the others when they are asked for. */
async function startServers(
  options: LocalnetOptions,
  network: Network,
  closers: Closers,
): Promise<RpcServer[]> {
  const { genesis, logger, rpc = DEFAULT_RPC, rpcOfEveryNode = false } = options;
  const started = performance.now();
  const shared = {
    network,
    genesis,
    logger,
    commitTimeoutMs: COMMIT_TIMEOUT_MS,
    uptimeMs: () => performance.now() - started,
  };
  const servers: RpcServer[] = [];
  for (const node of rpcOfEveryNode ? network.nodes : [network.first]) {
    const listen = servers.length === 0 ? rpc : { host: rpc.host, port: 0 };
    const server = await startRpcServer(listen, localnetService({ ...shared, node }));
    closers.push(() => server.close());
    servers.push(server);
  }
  return servers;
}

function asHalt(error: unknown, height: bigint): HaltError {
  if (error instanceof HaltError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new HaltError(height, reason, { cause: error });
}
