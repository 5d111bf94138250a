/** Keeps the counts of a running network, over restarts too: blocks that were missed are read from the node. */
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Event } from '../../chain/abci/types.ts';
import { readObject, readUint64 } from '../../wire/json/read.ts';
import { RpcClient } from '../node/rpcClient.ts';
import {
  type BlockOutcome,
  type Counts,
  countBlock,
  countsOfText,
  countsToText,
  noCounts,
} from './counters.ts';

const FILE = 'counters.json';
const RPC_TIMEOUT_MS = 10_000;

/** What is counted: a localnet, by what it tells of its blocks. */
export interface CountedNetwork {
  readonly rpcUrl: string;
  height(): bigint;
  on(event: 'block', listener: (block: BlockOutcome) => void): () => void;
}

export class Counting {
  #counts: Counts = noCounts();
  readonly #path: string;
  readonly #rpc: RpcClient;
  readonly #leave: () => void;
  #newest: bigint;
  #work: Promise<void> = Promise.resolve();
  #stopped = false;

  /** Starts to count a network, whose home keeps the file. */
  constructor(localnet: CountedNetwork, home: string) {
    this.#path = join(home, FILE);
    this.#rpc = new RpcClient(localnet.rpcUrl, RPC_TIMEOUT_MS);
    this.#newest = localnet.height();
    this.#work = this.#load();
    this.#leave = localnet.on('block', (block) => {
      this.#newest = block.height;
      this.#work = this.#work.then(() => this.#add(block)).catch(() => undefined);
    });
  }

  /** What was counted so far; after a restart it takes a moment to reach the newest block. */
  get counts(): Readonly<Counts> {
    return this.#counts;
  }

  /** Waits for the block being counted, and writes the file. Blocks still missing are counted after the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#leave();
    await this.#work;
    const next = `${this.#path}.next`;
    await writeFile(next, countsToText(this.#counts));
    await rename(next, this.#path);
  }

  async #load(): Promise<void> {
    if (!existsSync(this.#path)) return;
    const stored = countsOfText(await readFile(this.#path, 'utf8'));
    // A file ahead of the chain belongs to another one.
    if (stored !== undefined && stored.height <= this.#newest) this.#counts = stored;
  }

  async #add(block: BlockOutcome): Promise<void> {
    if (block.height <= this.#counts.height) return;
    if (this.#counts.height === 0n) this.#counts.height = (await this.#firstHeight()) - 1n;
    while (this.#counts.height + 1n < block.height && !this.#stopped) {
      countBlock(this.#counts, await this.#fetch(this.#counts.height + 1n));
    }
    if (this.#counts.height + 1n === block.height) countBlock(this.#counts, block);
  }

  /** A chain that goes on from an exported state has no block 1. */
  async #firstHeight(): Promise<bigint> {
    const status = readObject(await this.#rpc.call('status', {}), 'status');
    return status('sync_info', readObject)('earliest_block_height', readUint64);
  }

  async #fetch(height: bigint): Promise<BlockOutcome> {
    const params = { height: height.toString() };
    const field = readObject(await this.#rpc.call('block_results', params), 'block_results');
    return {
      height,
      results: field('txs_results', listOf).map((json) => {
        const member = readObject(json, 'txs_results');
        return {
          code: member('code', (code) => (typeof code === 'number' ? code : 0)),
          codespace: member('codespace', textOf),
          log: member('log', textOf),
          events: member('events', listOf) as readonly Event[],
        };
      }),
      events: field('finalize_block_events', listOf) as readonly Event[],
    };
  }
}

function listOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [];
}

function textOf(json: unknown): string {
  return typeof json === 'string' ? json : '';
}
