/** Snapshots on disk: a folder each, named after the version, with its manifest and chunks. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { equalBytes, joinBytes } from '../../../wire/bytes.ts';
import { sha256 } from '../../../wire/hash.ts';
import type { SavedTree } from '../arena/contract.ts';
import { syncFolder, writeFlushed } from '../flushedFile.ts';
import {
  decodeManifest,
  encodeManifest,
  MAX_SNAPSHOT_CHUNKS,
  SNAPSHOT_CHUNK_BYTES,
  type SnapshotManifest,
} from './manifest.ts';
import { streamOf } from './nodeStream.ts';

const MANIFEST = 'manifest';
const UNFINISHED = '.next';

/** A version to make a snapshot of; it must stay readable meanwhile. */
export interface SnapshotSource {
  readonly version: number;
  readonly metadata: Uint8Array;
  readonly stores: ReadonlyMap<string, Pick<SavedTree, 'exportNodes'>>;
}

/** A version that stays in memory until it is released. */
export interface PinnedVersion extends SnapshotSource {
  release(): void;
}

/** The snapshots of one folder. Those that do not read whole are not told of. */
export class SnapshotFolder {
  readonly #path: string;
  readonly #chunkBytes: number;

  /** Removes what an interrupted snapshot left. */
  constructor(path: string, chunkBytes: number = SNAPSHOT_CHUNK_BYTES) {
    this.#path = path;
    this.#chunkBytes = chunkBytes;
    for (const name of this.#names()) {
      if (name.endsWith(UNFINISHED)) rmSync(join(path, name), { recursive: true });
    }
  }

  /** The versions that have a snapshot, the oldest first. */
  versions(): number[] {
    const names = this.#names().filter((name) => /^[1-9]\d{0,15}$/.test(name));
    return names.map(Number).sort((a, b) => a - b);
  }

  /** What a snapshot holds, or undefined when there is none that reads. */
  manifest(version: number): SnapshotManifest | undefined {
    const bytes = readIfThere(join(this.#path, String(version), MANIFEST));
    if (bytes === undefined) return undefined;
    const hash = bytes.subarray(0, 32);
    const encoded = bytes.slice(32);
    return equalBytes(hash, sha256(encoded)) ? decodeManifest(encoded) : undefined;
  }

  /** A chunk, or undefined when there is none that is what the manifest says. */
  chunk(version: number, index: number): Uint8Array | undefined {
    const hash = this.manifest(version)?.chunkHashes[index];
    const bytes = hash && readIfThere(join(this.#path, String(version), String(index)));
    return bytes && equalBytes(sha256(bytes), hash) ? bytes : undefined;
  }

  /** Makes a snapshot: there as a whole when it is done. @throws RangeError when it needs too many chunks. */
  async make({ version, metadata, stores }: SnapshotSource): Promise<void> {
    const path = join(this.#path, String(version));
    const next = path + UNFINISHED;
    await rm(next, { recursive: true, force: true });
    await mkdir(next, { recursive: true });
    try {
      const chunkHashes: Uint8Array[] = [];
      for (const chunk of chunksOf(streamOf(stores), this.#chunkBytes)) {
        if (chunkHashes.length === MAX_SNAPSHOT_CHUNKS) throw new RangeError('too many chunks');
        await writeFlushed(join(next, String(chunkHashes.length)), [chunk].values());
        chunkHashes.push(sha256(chunk));
      }
      const manifest = encodeManifest({ version, metadata, chunkHashes });
      await writeFlushed(join(next, MANIFEST), [sha256(manifest), manifest].values());
      await syncFolder(next);
      await rm(path, { recursive: true, force: true });
      await rename(next, path);
      await syncFolder(this.#path);
    } catch (error) {
      await rm(next, { recursive: true, force: true });
      throw error;
    }
  }

  /** Keeps the newest so many. */
  keepNewest(count: number): void {
    for (const version of this.versions().slice(0, -count)) {
      rmSync(join(this.#path, String(version)), { recursive: true });
    }
  }

  #names(): string[] {
    try {
      return readdirSync(this.#path);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }
}

/** The pieces joined into chunks of one size; the last one may be shorter. */
function* chunksOf(
  pieces: Iterable<Uint8Array>,
  size: number,
): Generator<Uint8Array, void, undefined> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    for (let rest = piece; rest.length > 0; ) {
      const part = rest.subarray(0, size - bytes);
      parts.push(part);
      bytes += part.length;
      rest = rest.subarray(part.length);
      if (bytes < size) break;
      yield joinBytes(parts);
      parts = [];
      bytes = 0;
    }
  }
  if (bytes > 0) yield joinBytes(parts);
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
