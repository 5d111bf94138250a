/** What a localnet is started with, and what it tells of its blocks. */
import type { Application, Event, TxResult } from '../chain/abci/types.ts';
import { checkConsensusParams } from './consensus/params.ts';
import type { GenesisDocument } from './genesis.ts';
import type { ValidatorKeys } from './init.ts';
import type { Logger } from './logger.ts';
import type { BlockRecord } from './node/blockRecord.ts';
import type { ReplayProgress } from './node/handshake.ts';
import type { MempoolLimits } from './node/mempool.ts';

export const DEFAULT_INTERVAL_MS = 1000;
export const DEFAULT_RPC = { host: '127.0.0.1', port: 26_657 };

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
  /** Serves an RPC of each further node too, at any free port of the same host. Default false. */
  readonly rpcOfEveryNode?: boolean;
  readonly mempool?: Partial<MempoolLimits>;
  readonly logger: Logger;
  /** Told of each block that a node executes again at the start. */
  onReplay?(progress: ReplayProgress): void;
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

/** @throws RangeError naming the option, what was given and what was expected. `now` in nanoseconds. */
export function checkOptions(options: LocalnetOptions, now: bigint): void {
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

/** The summary of a block that is stored. */
export function summarise({
  block,
  blockId,
  results,
}: Pick<BlockRecord, 'block' | 'blockId' | 'results'>) {
  const { height, time } = block.header;
  const { txResults, events } = results;
  return { height, hash: blockId.hash, time, txs: block.transactions, results: txResults, events };
}
