/** Events of new blocks, each verified before it is told. */
import type { VerifiedRpc } from '../../../lightclient/rpc/index.ts';

type Kind = 'NewBlock' | 'NewBlockHeader';
type Tell = (result: object) => void;

interface Subscriber {
  readonly kind: Kind;
  readonly query: string;
  readonly tell: Tell;
}

const QUERY = /^\s*tm\.event\s*=\s*'(NewBlock|NewBlockHeader)'\s*$/;

export interface BlockFeedOptions {
  readonly rpc: VerifiedRpc;
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

  /** @throws Error for another query: of transactions and their events no header says anything. */
  subscribe(query: string, tell: Tell): () => void {
    const kind = QUERY.exec(query)?.[1] as Kind | undefined;
    if (kind === undefined) {
      throw new Error(
        "query: expected tm.event='NewBlock' or tm.event='NewBlockHeader': other events are in no hash",
      );
    }
    const subscriber = { kind, query, tell };
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
    for (let height = (this.#told ?? newest - 1n) + 1n; height <= newest; height++) {
      await this.#tell(height);
      this.#told = height;
      onHeight?.(height);
    }
  }

  async #tell(height: bigint): Promise<void> {
    if (this.#subscribers.size === 0 || this.#isStopped) return;
    const { result } = await this.#options.rpc.call('block', { height: `${height}` });
    const { block } = result as { block: { header: object } };
    for (const { kind, query, tell } of this.#subscribers) {
      const value = kind === 'NewBlock' ? result : { header: block.header };
      const data = { type: `tendermint/event/${kind}`, value };
      tell({ query, data, events: { 'tm.event': [kind] } });
    }
  }
}
