import { toHex } from '../../wire/bytes.ts';

/** What errors of damaged files tell the operator to do. */
export const REPAIR = 'put back a copy of the state folder, or remove it to replay all blocks';

/** A version was asked for that is not there yet (`future`) or no longer (`pruned`). */
export class VersionError extends Error {
  readonly kind: 'future' | 'pruned';
  readonly requested: bigint;
  /** Oldest version still kept. */
  readonly earliest: bigint;
  /** Newest committed version. */
  readonly latest: bigint;

  constructor(requested: bigint, earliest: bigint, latest: bigint) {
    const kind = requested > latest ? 'future' : 'pruned';
    super(
      `version ${requested} is ${requested === 0n ? 'before the first' : kind}: kept versions are ${earliest} to ${latest}`,
    );
    this.name = 'VersionError';
    this.kind = kind;
    this.requested = requested;
    this.earliest = earliest;
    this.latest = latest;
  }
}

/** A version has to be brought back from the disk, and too much of that was done just now. */
export class BusyError extends Error {
  readonly requested: bigint;
  /** Milliseconds after which it can be asked for again. */
  readonly waitMs: number;

  constructor(requested: bigint, waitMs: number) {
    const wait = `ask again in ${(waitMs / 1000).toFixed(1)} s`;
    super(
      `version ${requested} has left memory, and others were brought back just now, which holds up the blocks: ${wait}`,
    );
    this.name = 'BusyError';
    this.requested = requested;
    this.waitMs = waitMs;
  }
}

/** A record on disk is missing or does not read back as it was written. The node must not go on. */
export class DamagedStoreError extends Error {
  /** Name of the store, or of the kind of record when it belongs to no single store. */
  readonly store: string;
  readonly version: bigint;
  readonly detail: string;

  constructor(store: string, version: bigint, detail: string, options?: ErrorOptions) {
    super(`store ${store} is damaged at version ${version}: ${detail}; ${REPAIR}`, options);
    this.name = 'DamagedStoreError';
    this.store = store;
    this.version = version;
    this.detail = detail;
  }
}

/** The folder cannot be used: another process holds it, its format is foreign, or its stores differ. */
export class StoreOpenError extends Error {
  readonly kind: 'locked' | 'unreadable' | 'format' | 'stores';
  readonly path: string;

  constructor(kind: StoreOpenError['kind'], path: string, detail: string, options?: ErrorOptions) {
    super(`cannot open the state store at ${path}: ${detail}`, options);
    this.name = 'StoreOpenError';
    this.kind = kind;
    this.path = path;
  }
}

/** The fact is true but ICS23 has no proof for it: an empty value, or absence from an empty store. */
export class UnprovableError extends Error {
  readonly store: string;
  readonly key: Uint8Array;

  constructor(store: string, key: Uint8Array, detail: string) {
    super(`store ${store}, key ${toHex(key)}: ${detail}`);
    this.name = 'UnprovableError';
    this.store = store;
    this.key = key;
  }
}
