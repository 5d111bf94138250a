/**
 * The state store: IAVL trees under one AppHash, kept in Level, with ICS23 proofs.
 * Handlers see a `KVStore`; the engine wraps it in a `BufferedStore` for each block, goes back in it when a
 * transaction fails, and lets `MultiStore` commit once a block. Hashes and proofs equal those of cosmos/iavl v1 and cosmossdk.io/store.
 * @module
 */
export { arenaTrees, nobleArenaTrees } from './arenaTrees.ts';
export { MemoryBacking } from './backing.ts';
export type { CommitOptions } from './batchPlan.ts';
export { BufferedStore } from './bufferedStore.ts';
export { CommittedVersion, type ProofOp, type StoreProof } from './committedVersion.ts';
export {
  BusyError,
  DamagedStoreError,
  StoreOpenError,
  UnprovableError,
  VersionError,
} from './errors.ts';
export {
  checkKey,
  checkValue,
  type KeyRange,
  type KeyValue,
  type KVStore,
  MAX_KEY_BYTES,
  MAX_VALUE_BYTES,
  type ReadonlyStore,
  type UndoStore,
} from './kvStore.ts';
export { MultiStore } from './multiStore.ts';
export type { MultiStoreOptions, StoreLocation } from './options.ts';
export {
  MIN_KEEP_RECENT,
  MIN_PRUNING_INTERVAL,
  type Pruning,
  type PruningWindow,
  pruningWindow,
} from './pruningStrategy.ts';
export {
  decodeManifest,
  encodeManifest,
  hashManifest,
  SNAPSHOT_CHUNK_BYTES,
  SNAPSHOT_FORMAT,
  type SnapshotManifest,
} from './snapshots/manifest.ts';
export { SnapshotError, SnapshotRestore } from './snapshots/restore.ts';
export { SnapshotFolder } from './snapshots/snapshotFolder.ts';
export type { TreeKind } from './stateTree.ts';
