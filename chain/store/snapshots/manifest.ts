import { sha256 } from '../../../wire/hash.ts';
import { ByteReader } from '../byteReader.ts';
import { ByteWriter } from '../byteWriter.ts';

/** Number of the layout of chunks and manifest; a change of either gets another. */
export const SNAPSHOT_FORMAT = 1;
/** Largest chunk, bytes (cosmossdk.io/store, snapshots/store.go, snapshotChunkSize). */
export const SNAPSHOT_CHUNK_BYTES = 10_000_000;
/** Most chunks: their hashes must fit into the 4 MB that CometBFT sends of a snapshot. */
export const MAX_SNAPSHOT_CHUNKS = 100_000;
/** Most bytes of the engine's metadata. */
const MAX_METADATA_BYTES = 1 << 16;
const HASH_BYTES = 32;

/** What a snapshot holds: it stands in the metadata of the snapshot that a peer offers. */
export interface SnapshotManifest {
  readonly version: number;
  /** SHA-256 of each chunk. */
  readonly chunkHashes: readonly Uint8Array[];
  /** The engine's bytes at the version. The AppHash does not cover them. */
  readonly metadata: Uint8Array;
}

/** Version, metadata, count of chunks and their hashes. */
export function encodeManifest({ version, metadata, chunkHashes }: SnapshotManifest): Uint8Array {
  const writer = new ByteWriter().unsigned(version).bytes(metadata).unsigned(chunkHashes.length);
  for (const hash of chunkHashes) writer.raw(hash);
  return writer.take();
}

/** @throws TypeError when the bytes are no manifest. */
export function decodeManifest(bytes: Uint8Array): SnapshotManifest {
  const reader = new ByteReader(bytes, 'manifest of a snapshot');
  const version = reader.unsigned();
  const metadata = reader.bytes().slice();
  const count = reader.unsigned();
  if (version < 1) throw reader.fail(`version ${version}`);
  if (metadata.length > MAX_METADATA_BYTES)
    throw reader.fail(`${metadata.length} bytes of metadata`);
  if (count < 1 || count > MAX_SNAPSHOT_CHUNKS) {
    throw reader.fail(`${count} chunks, expected 1 to ${MAX_SNAPSHOT_CHUNKS}`);
  }
  const chunkHashes = Array.from({ length: count }, () => reader.take(HASH_BYTES).slice());
  reader.end();
  return { version, metadata, chunkHashes };
}

/** The hash by which nodes know a snapshot as the same: SHA-256 of its encoded manifest. */
export function hashManifest(encoded: Uint8Array): Uint8Array {
  return sha256(encoded);
}
