/** State sync: snapshots of committed states for others, and a state from a snapshot of others (ABCI 2.0). */
import { equalBytes } from '../../wire/bytes.ts';
import type {
  ApplySnapshotChunkRequest,
  ApplySnapshotChunkResponse,
  LoadSnapshotChunkRequest,
  OfferSnapshotRequest,
  OfferSnapshotResponse,
  Snapshot,
} from '../abci/types.ts';
import {
  decodeManifest,
  encodeManifest,
  hashManifest,
  type MultiStore,
  SNAPSHOT_CHUNK_BYTES,
  SNAPSHOT_FORMAT,
  SnapshotError,
  SnapshotFolder,
  type SnapshotManifest,
  type SnapshotRestore,
} from '../store/index.ts';
import {
  blockTimeKey,
  type ChainRecord,
  decodeChainRecord,
  encodeBlockTime,
} from './chainRecord.ts';

/** When snapshots are made, and how many stay (the SDK's options of state-sync). */
export interface SnapshotSchedule {
  /** Heights from one snapshot to the next; 0 makes none. */
  readonly snapshotInterval: bigint;
  /** Snapshots that stay; 0 keeps all. @default 2 */
  readonly snapshotKeepRecent?: number;
}

export interface StateSyncOptions extends SnapshotSchedule {
  /** The chain whose snapshots are taken; any when undefined. */
  readonly chainId?: string;
  /** Called when the snapshot of a height could not be written, as on a full disk: the blocks go on without it. */
  onSnapshotFailure(height: bigint, error: unknown): void;
}

/** What state sync works with. */
export interface StateSyncParts {
  readonly store: MultiStore;
  /** Where snapshots are kept; undefined for a state in memory, which makes none. */
  readonly path: string | undefined;
  readonly options: StateSyncOptions | undefined;
  /** Called once a snapshot has become the state. */
  onRestored(record: ChainRecord): void;
}

const DEFAULT_KEEP_RECENT = 2;

/** Snapshots of one application; see the module note. */
export class StateSync {
  readonly #parts: StateSyncParts;
  readonly #folder: SnapshotFolder | undefined;
  #making: Promise<void> | undefined;
  #restore: SnapshotRestore | undefined;
  #record: ChainRecord | undefined;

  constructor(parts: StateSyncParts) {
    this.#parts = parts;
    this.#folder = parts.path === undefined ? undefined : new SnapshotFolder(parts.path);
  }

  /** Makes a snapshot beside the next blocks when the height is due; a snapshot still being made is not overtaken. */
  committed(height: bigint): void {
    const { options } = this.#parts;
    if (options === undefined || this.#making !== undefined) return;
    if (options.snapshotInterval <= 0n || height % options.snapshotInterval !== 0n) return;
    this.#making = this.#make(options)
      .catch((error: unknown) => options.onSnapshotFailure(height, error))
      .finally(() => {
        this.#making = undefined;
      });
  }

  /** Waits for a snapshot under way. */
  async settle(): Promise<void> {
    await this.#making;
  }

  async #make({ snapshotKeepRecent = DEFAULT_KEEP_RECENT }: SnapshotSchedule): Promise<void> {
    const pinned = this.#parts.store.pin();
    try {
      await this.#folder?.make(pinned);
      if (snapshotKeepRecent > 0) this.#folder?.keepNewest(snapshotKeepRecent);
    } finally {
      pinned.release();
    }
  }

  /** The snapshots that others may have, the newest first. */
  list(): { readonly snapshots: readonly Snapshot[] } {
    const folder = this.#folder;
    const manifests = (folder?.versions() ?? []).map((version) => folder?.manifest(version));
    const whole = manifests.filter((manifest) => manifest !== undefined);
    return { snapshots: whole.map(snapshotOf).reverse() };
  }

  /** A chunk of one of them; empty when it is not there any more. */
  load({ height, format, chunk }: LoadSnapshotChunkRequest): { readonly chunk: Uint8Array } {
    const found =
      format === SNAPSHOT_FORMAT ? this.#folder?.chunk(Number(height), chunk) : undefined;
    return { chunk: found ?? new Uint8Array(0) };
  }

  /** Whether to begin with a snapshot of others; it takes the place of one that was begun before. */
  offer({ snapshot, appHash }: OfferSnapshotRequest): OfferSnapshotResponse {
    this.#restore = undefined;
    if (this.#parts.store.version > 0n) return { result: 'abort' };
    if (snapshot.format !== SNAPSHOT_FORMAT) return { result: 'rejectFormat' };
    try {
      const manifest = offeredManifest(snapshot);
      this.#record = checkRecord(manifest, this.#parts.options?.chainId);
      this.#restore = this.#parts.store.beginRestore(manifest, appHash);
      return { result: 'accept' };
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return { result: 'rejectSender' };
    }
  }

  /** Takes the next chunk; with the last one the snapshot becomes the state, or is rejected as a whole. */
  async apply({
    index,
    chunk,
    sender,
  }: ApplySnapshotChunkRequest): Promise<ApplySnapshotChunkResponse> {
    const restore = this.#restore;
    if (restore === undefined) return answer('abort');
    if (index < restore.next) return answer('accept');
    if (index > restore.next) return answer('retry', { refetchChunks: [restore.next] });
    if (chunk.length > SNAPSHOT_CHUNK_BYTES || !restore.isChunk(index, chunk)) {
      return answer('retry', { refetchChunks: [index], rejectSenders: [sender] });
    }
    try {
      restore.push(chunk);
      if (restore.next < restore.manifest.chunkHashes.length) return answer('accept');
      await this.#finish(restore, this.#record!);
    } catch (error) {
      this.#restore = undefined;
      if (!(error instanceof SnapshotError)) throw error;
      return answer('rejectSnapshot');
    }
    return answer('accept');
  }

  async #finish(restore: SnapshotRestore, record: ChainRecord): Promise<void> {
    const height = BigInt(restore.manifest.version);
    const time = encodeBlockTime(record.timeNs);
    await this.#parts.store.finishRestore(restore, [[blockTimeKey(height), time]]);
    this.#restore = undefined;
    this.#parts.onRestored(record);
  }
}

/**
 * The chain record of a snapshot. No AppHash covers it, so it is checked as far as it can be: a false one shows when
 * the next block comes to another result. @throws TypeError when it is none, or of another chain.
 */
function checkRecord({ metadata }: SnapshotManifest, chainId: string | undefined): ChainRecord {
  let record: ChainRecord;
  try {
    record = decodeChainRecord(metadata);
  } catch (cause) {
    throw new TypeError('metadata: expected a chain record', { cause });
  }
  if (chainId === undefined || record.chainId === chainId) return record;
  throw new TypeError(`metadata: expected chain ${chainId}, got ${record.chainId}`);
}

function snapshotOf(manifest: SnapshotManifest): Snapshot {
  const metadata = encodeManifest(manifest);
  return {
    height: BigInt(manifest.version),
    format: SNAPSHOT_FORMAT,
    chunks: manifest.chunkHashes.length,
    hash: hashManifest(metadata),
    metadata,
  };
}

/** @throws TypeError when the parts of an offer do not belong together. */
function offeredManifest({ height, chunks, hash, metadata }: Snapshot): SnapshotManifest {
  const manifest = decodeManifest(metadata);
  if (!equalBytes(hash, hashManifest(metadata))) throw new TypeError('hash: of another manifest');
  if (BigInt(manifest.version) !== height) throw new TypeError('height: of another manifest');
  if (manifest.chunkHashes.length !== chunks) throw new TypeError('chunks: of another manifest');
  return manifest;
}

function answer(
  result: ApplySnapshotChunkResponse['result'],
  more: Partial<Omit<ApplySnapshotChunkResponse, 'result'>> = {},
): ApplySnapshotChunkResponse {
  return { result, refetchChunks: [], rejectSenders: [], ...more };
}
