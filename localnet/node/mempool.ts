/** A validator's waiting transactions: checked by its application, kept in order of arrival, checked again after each block. */
import type { Application, CheckTxResponse, TxResult } from '../../chain/abci/types.ts';
import { txHash } from '../../wire/block.ts';
import { toHex } from '../../wire/bytes.ts';
import { encodeVarint } from '../../wire/protobuf.ts';
import { Mutex } from './mutex.ts';

/** CometBFT's defaults, but for the transaction size, which the RPC body bounds at 1 MB anyway. */
export const DEFAULT_MEMPOOL_LIMITS = {
  maxTxs: 5000,
  maxTotalBytes: 1024 * 1024 * 1024,
  maxTxBytes: 1024 * 1024,
  cacheSize: 10_000,
};
export type MempoolLimits = typeof DEFAULT_MEMPOOL_LIMITS;

/** A transaction that does not get as far as the application's own answer. The texts are CometBFT's. */
export class MempoolError extends Error {
  override readonly name = 'MempoolError';
  readonly code: 'cached' | 'tooLarge' | 'full' | 'tooMuchGas';

  constructor(code: MempoolError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

interface WaitingTx {
  readonly hash: string;
  readonly tx: Uint8Array;
  readonly gasWanted: bigint;
}

/** What a block has room for; -1 gas is no limit. */
export interface BlockLimits {
  readonly maxBytes: bigint;
  readonly maxGas: bigint;
}

export interface MempoolOptions {
  readonly application: Application;
  readonly limits?: Partial<MempoolLimits>;
  /** What the next block has room for. */
  blockLimits(): BlockLimits;
  /** Told of each transaction that came in. */
  onAccepted?(tx: Uint8Array): void;
}

export class Mempool {
  readonly #options: MempoolOptions;
  readonly #limits: MempoolLimits;
  readonly #mutex = new Mutex();
  /** In order of arrival. */
  readonly #waiting = new Map<string, WaitingTx>();
  /** Hashes seen of late, oldest first: a transaction that came, or was in a block, is not checked again. */
  readonly #seen = new Set<string>();
  #sizeBytes = 0;

  constructor(options: MempoolOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_MEMPOOL_LIMITS, ...options.limits };
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Bytes of all waiting transactions. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /**
   * The application's answer to a new transaction, which waits for a block when the code is 0.
   * @throws MempoolError when it is too large, known already, or there is no room.
   */
  check(tx: Uint8Array): Promise<CheckTxResponse> {
    return this.#mutex.run(() => this.#check(tx));
  }

  /** Why a transaction would be refused without asking the application; undefined when it would not. */
  refusal(tx: Uint8Array): MempoolError | undefined {
    const { maxTxs, maxTotalBytes, maxTxBytes } = this.#limits;
    const inBlock = this.#options.blockLimits().maxBytes;
    const largest = Math.min(maxTxBytes, Number(inBlock));
    if (sizeInBlock(tx) > inBlock || tx.length > maxTxBytes) {
      const reason = `tx too large. Max size is ${largest}, but got ${tx.length}`;
      return new MempoolError('tooLarge', reason);
    }
    if (this.size >= maxTxs || this.#sizeBytes + tx.length > maxTotalBytes) {
      const reason =
        `mempool is full: number of txs ${this.size} (max: ${maxTxs}), ` +
        `total txs bytes ${this.#sizeBytes} (max: ${maxTotalBytes})`;
      return new MempoolError('full', reason);
    }
    const isKnown = this.#seen.has(toHex(txHash(tx)));
    return isKnown ? new MempoolError('cached', 'tx already exists in cache') : undefined;
  }

  async #check(tx: Uint8Array): Promise<CheckTxResponse> {
    const refusal = this.refusal(tx);
    if (refusal) throw refusal;
    const hash = toHex(txHash(tx));
    this.#remember(hash);
    try {
      const response = await this.#options.application.checkTx({ tx, type: 'new' });
      this.#checkGas(response);
      if (response.code === 0) this.#add({ hash, tx, gasWanted: response.gasWanted });
      else this.#seen.delete(hash);
      return response;
    } catch (error) {
      this.#seen.delete(hash);
      throw error;
    }
  }

  #checkGas(response: CheckTxResponse): void {
    const { maxGas } = this.#options.blockLimits();
    if (maxGas >= 0n && response.code === 0 && response.gasWanted > maxGas) {
      throw new MempoolError(
        'tooMuchGas',
        `gas wanted ${response.gasWanted} is greater than max gas ${maxGas}`,
      );
    }
  }

  #add(entry: WaitingTx): void {
    this.#waiting.set(entry.hash, entry);
    this.#sizeBytes += entry.tx.length;
    this.#options.onAccepted?.(entry.tx);
  }

  #remove(hash: string): void {
    const entry = this.#waiting.get(hash);
    if (!entry) return;
    this.#waiting.delete(hash);
    this.#sizeBytes -= entry.tx.length;
  }

  #remember(hash: string): void {
    this.#seen.delete(hash);
    this.#seen.add(hash);
    if (this.#seen.size <= this.#limits.cacheSize) return;
    for (const oldest of this.#seen) {
      this.#seen.delete(oldest);
      return;
    }
  }

  /** The first transactions that fit into a block together. */
  reap({ maxBytes, maxGas }: BlockLimits): Uint8Array[] {
    const txs: Uint8Array[] = [];
    let bytes = 0n;
    let gas = 0n;
    for (const { tx, gasWanted } of this.#waiting.values()) {
      bytes += sizeInBlock(tx);
      gas += gasWanted;
      if (bytes > maxBytes || (maxGas >= 0n && gas > maxGas)) break;
      txs.push(tx);
    }
    return txs;
  }

  /** The first `count` waiting transactions. */
  first(count: number): Uint8Array[] {
    return [...this.#waiting.values()].slice(0, count).map((entry) => entry.tx);
  }

  /**
   * Runs `commit` while no transaction is checked, then drops those of the block and checks the rest again.
   * @throws what `commit` throws.
   */
  update(
    txs: readonly Uint8Array[],
    results: readonly TxResult[],
    commit: () => Promise<void>,
  ): Promise<void> {
    return this.#mutex.run(async () => {
      await commit();
      for (const [index, tx] of txs.entries()) {
        const hash = toHex(txHash(tx));
        // A failed one may come again; one that succeeded is remembered.
        if (results[index]?.code === 0) this.#remember(hash);
        else this.#seen.delete(hash);
        this.#remove(hash);
      }
      for (const { hash, tx } of [...this.#waiting.values()]) {
        const response = await this.#options.application.checkTx({ tx, type: 'recheck' });
        if (response.code === 0) continue;
        this.#remove(hash);
        this.#seen.delete(hash);
      }
    });
  }
}

/** Bytes that a transaction takes in a block: itself, its length and its field tag. */
function sizeInBlock(tx: Uint8Array): bigint {
  return BigInt(1 + encodeVarint(tx.length).length + tx.length);
}
