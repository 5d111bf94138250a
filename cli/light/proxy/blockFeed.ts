/** Events of new blocks and their transactions, each proven before it is told. */
import type { VerifiedRpc } from '../../../lightclient/rpc/index.ts';
import { eventsMatch } from '../../../localnet/index.ts';
import { type EventKind, type EventQuery, readEventQuery } from './eventQuery.ts';
import { type ServedBlock, transactionEvents } from './transactionEvents.ts';

type Tell = (result: object) => void;

interface Subscriber extends EventQuery {
  readonly query: string;
  readonly tell: Tell;
}

/** Blocks that are told of after a pause; what lies before is passed over. */
const MAX_BEHIND = 1_000n;

export interface BlockFeedOptions {
  readonly rpc: Pick<VerifiedRpc, 'call'>;
  /** How often the newest block is looked for. */
  readonly intervalMs: number;
  /** Told of every block that could not be verified. */
  readonly onError: (error: unknown) => void;
  /** Told of every new height. */
  readonly onHeight?: (height: bigint) => void;
}

/** Looks for new blocks and tells those who subscribed. */
export class BlockFeed {
  readonly #options: BlockFeedOptions;
  readonly #subscribers = new Set<Subscriber>();
  #told: bigint | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: BlockFeedOptions) {
    this.#options = options;
  }

  /** Begins, with the block after the newest one. */
  start(): void {
    void this.#look();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#subscribers.clear();
  }

  /** @throws TypeError for a query of events that no header proves. */
  subscribe(query: string, tell: Tell): () => void {
    const subscriber = { ...readEventQuery(query), query, tell };
    this.#subscribers.add(subscriber);
    return () => void this.#subscribers.delete(subscriber);
  }

  async #look(): Promise<void> {
    const { intervalMs, onError } = this.#options;
    try {
      await this.#tellNew();
    } catch (error) {
      onError(error);
    }
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.#look(), intervalMs);
  }

  async #tellNew(): Promise<void> {
    const { rpc, onHeight } = this.#options;
    const { verification } = await rpc.call('header');
    const newest = verification.height!;
    // Whoever subscribes learns of blocks from now on, and misses none.
    for (let height = this.#next(newest); height <= newest; height++) {
      await this.#tell(height);
      this.#told = height;
      onHeight?.(height);
    }
  }

  /** After a pause of days, or where one block is not to be had, it must not stay behind for ever. */
  #next(newest: bigint): bigint {
    const next = (this.#told ?? newest - 1n) + 1n;
    const lowest = newest - MAX_BEHIND + 1n;
    if (next >= lowest) return next;
    const passed = `blocks ${next} to ${lowest - 1n} are passed over`;
    this.#options.onError(new Error(`${passed}: they are too many to tell of`));
    return lowest;
  }

  async #tell(height: bigint): Promise<void> {
    if (this.#subscribers.size === 0) return;
    const block = await this.#block(height);
    this.#publish('NewBlock', block);
    this.#publish('NewBlockHeader', { header: block.block.header });
    // The results of a block are proven by the header after it. Only the first block of a chain names none before it.
    const isFirst = block.block.header.last_block_id.hash === '';
    if (!isFirst && this.#isWanted('Tx')) await this.#tellTransactions(height - 1n);
  }

  async #tellTransactions(height: bigint): Promise<void> {
    const block = await this.#block(height);
    if ((block.block.data.txs ?? []).length === 0) return;
    const { result } = await this.#options.rpc.call('block_results', { height: `${height}` });
    for (const { value, attributes } of transactionEvents(block, result)) {
      this.#publish('Tx', value, attributes);
    }
  }

  async #block(height: bigint): Promise<ServedBlock> {
    const { result } = await this.#options.rpc.call('block', { height: `${height}` });
    return result as ServedBlock;
  }

  #isWanted(kind: EventKind): boolean {
    return [...this.#subscribers].some((subscriber) => subscriber.kind === kind);
  }

  #publish(kind: EventKind, value: object, attributes: Readonly<Record<string, string>> = {}) {
    const events = Object.entries({ ...attributes, 'tm.event': kind }).map(
      ([name, text]) => [name, [text]] as const,
    );
    const data = { type: `tendermint/event/${kind}`, value };
    for (const { conditions, query, tell } of this.#subscribers) {
      if (!eventsMatch(conditions, new Map(events))) continue;
      tell({ query, data, events: Object.fromEntries(events) });
    }
  }
}
