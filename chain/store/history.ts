import { equalBytes, toHex } from '../../wire/bytes.ts';
import type { Backing } from './backing.ts';
import { replayChunk } from './changeLog.ts';
import { appHashOf, type CommitInfo, decodeCommitInfo } from './commitInfo.ts';
import { DamagedStoreError } from './errors.ts';
import type { Head } from './head.ts';
import { type ImageSeal, readImage } from './imageFile.ts';
import { commitKey, decodeRecord, logKey, readSealed } from './records.ts';
import type { StateTrees, TreeKind, Trees } from './stateTree.ts';

/** Where the past is read from. */
export interface HistoryParts {
  readonly backing: Backing;
  readonly kind: TreeKind;
  /** The images on record, by version, the oldest first. */
  readonly images: Map<number, ImageSeal>;
  head(): Head;
}

/** Brings back the trees of a kept version: the newest image before it, and the changes since. */
export class History {
  readonly #parts: HistoryParts;
  /** Images that did not read, with the reason. */
  readonly damagedImages = new Map<number, string>();

  constructor(parts: HistoryParts) {
    this.#parts = parts;
  }

  /** What is on record of a version. @throws DamagedStoreError when it does not read. */
  info(version: number): CommitInfo {
    const owner = { store: 'commit record', version };
    const content = readSealed(this.#parts.backing, commitKey(version), owner);
    if (content === undefined) {
      throw new DamagedStoreError(owner.store, BigInt(version), 'the record is missing');
    }
    return decodeRecord(owner, () => decodeCommitInfo(content));
  }

  /** The newest image that is not after a version; 0 without one. */
  imageBefore(version: number): number {
    const before = [...this.#parts.images.keys()].filter((image) => image <= version);
    return before.at(-1) ?? 0;
  }

  /**
   * The trees of a version, which is the only one they hold. Cost: reading an image, and the changes since.
   * @throws DamagedStoreError when neither image nor log lead to its roots.
   */
  rebuild(version: number): StateTrees {
    const { state, from } = this.#start(version);
    this.advance(state, { from, to: version });
    return state;
  }

  /** Does the changes after version `from` again, up to and with `to`, and compares the roots. */
  advance(state: StateTrees, { from, to }: { readonly from: number; readonly to: number }): void {
    let info: CommitInfo | undefined;
    for (let version = from + 1; version <= to; version++) {
      info = this.info(version);
      this.#replay(state, info, version);
    }
    if (info === undefined) return;
    for (const tree of state.trees.values()) tree.saveVersion(to);
    checkRoots(state.trees, info, to);
  }

  /** The trees of the newest image that reads, or none before the first version. */
  #start(version: number): { state: StateTrees; from: number } {
    const { images, head, kind } = this.#parts;
    const candidates = [...images.keys()].filter((image) => image <= version).reverse();
    for (const from of candidates) {
      const state = this.#tryImage(from);
      if (state !== undefined) return { state, from };
    }
    const { first, floor } = head();
    if (floor === first)
      return { state: { space: kind.space(), trees: new Map() }, from: first - 1 };
    const oldest = candidates.at(-1) ?? floor;
    const reason = this.damagedImages.get(oldest) ?? 'it is not on record';
    const detail = `${reason}, and the changes before it are pruned`;
    throw new DamagedStoreError('image', BigInt(oldest), detail);
  }

  #tryImage(version: number): StateTrees | undefined {
    const { backing, kind, images } = this.#parts;
    const { stores } = this.info(version);
    try {
      const source = backing.images.open(version);
      if (source === undefined) throw new TypeError('its file is missing');
      try {
        return readImage(source, { kind, version, stores, seal: images.get(version)! });
      } finally {
        source.close();
      }
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.damagedImages.set(version, error.message);
      return undefined;
    }
  }

  #replay({ space, trees }: StateTrees, { stores, logChunks }: CommitInfo, version: number): void {
    const owner = { store: 'log', version };
    for (const { name } of stores) if (!trees.has(name)) trees.set(name, space.empty());
    for (const tree of trees.values()) tree.replayAs(version);
    const treeOf = (name: string) => {
      const tree = trees.get(name);
      if (tree === undefined) throw new TypeError(`the version has no store ${name}`);
      // Whether a removed key was there is not asked: that would have to wait for all changes before.
      return {
        set: (key: Uint8Array, value: Uint8Array) => tree.set(key, value),
        remove: (key: Uint8Array) => tree.delete(key),
      };
    };
    for (let index = 0; index < logChunks; index++) {
      const chunk = readSealed(this.#parts.backing, logKey(version, index), owner);
      if (chunk === undefined) {
        const detail = `chunk ${index} of ${logChunks} is missing`;
        throw new DamagedStoreError(owner.store, BigInt(version), detail);
      }
      decodeRecord(owner, () => replayChunk(chunk, treeOf));
    }
  }
}

/** The file does not read, or is not what it must be; not: it may not be read. */
function isDamage(error: unknown): error is Error {
  if (error instanceof TypeError || error instanceof RangeError) return true;
  return error instanceof Error && 'code' in error && error.code === 'EIO';
}

function checkRoots(trees: Trees, { stores }: CommitInfo, version: number): void {
  for (const { name, hash } of stores) {
    const found = trees.get(name)!.view(version).rootHash;
    if (equalBytes(found, hash)) continue;
    const detail = `its changes lead to root ${toHex(found)}, the commit record says ${toHex(hash)} (AppHash ${toHex(appHashOf(stores))})`;
    throw new DamagedStoreError(name, BigInt(version), detail);
  }
}
