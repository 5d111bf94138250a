import { compareBytes, equalBytes, toHex } from '../../../wire/bytes.ts';
import { sha256 } from '../../../wire/hash.ts';
import type { ExportedNode, TreeReader } from '../arena/contract.ts';
import { appHashOf, sortedNames } from '../commitInfo.ts';
import { checkKey } from '../kvStore.ts';
import type { StateTrees, TreeSpace, Trees } from '../stateTree.ts';
import type { SnapshotManifest } from './manifest.ts';
import { StreamParser } from './nodeStream.ts';

/** A snapshot that cannot be what was offered, whoever sends its chunks. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
}

/** What is to be restored. */
export interface RestoreOptions {
  readonly manifest: SnapshotManifest;
  /** The AppHash that the state must come to, from a header that is trusted. */
  readonly appHash: Uint8Array;
  readonly storeNames: readonly string[];
  readonly space: TreeSpace;
}

/** Brings a state back from the chunks of a snapshot, in memory alone: nothing is kept unless all of it is right. */
export class SnapshotRestore {
  readonly manifest: SnapshotManifest;
  readonly #options: RestoreOptions;
  readonly #trees: Trees = new Map();
  readonly #parser: StreamParser;
  #reader: { readonly name: string; readonly nodes: TreeReader<ExportedNode> } | undefined;
  #order = new KeyOrder();
  #next = 0;

  constructor(options: RestoreOptions) {
    this.manifest = options.manifest;
    this.#options = options;
    this.#parser = new StreamParser({
      store: (name) => this.#begin(name),
      node: (node) => this.#add(node),
    });
  }

  /** The chunk that must come next; as many as there are chunks once all have come. */
  get next(): number {
    return this.#next;
  }

  /** Whether a chunk is the one that the manifest names at a place. */
  isChunk(index: number, chunk: Uint8Array): boolean {
    const hash = this.manifest.chunkHashes[index];
    return hash !== undefined && equalBytes(sha256(chunk), hash);
  }

  /** Takes the next chunk, checked by `isChunk`. @throws SnapshotError when the snapshot is no state. */
  push(chunk: Uint8Array): void {
    this.#next++;
    asSnapshotError(() => this.#parser.push(chunk));
  }

  /** The state. @throws SnapshotError when it has other stores or does not come to the AppHash. */
  finish(): StateTrees {
    asSnapshotError(() => {
      this.#parser.finish();
      this.#end();
    });
    const { space, storeNames, appHash } = this.#options;
    const expected = sortedNames(storeNames);
    const found = [...this.#trees.keys()];
    if (found.join() !== expected.join()) {
      throw new SnapshotError(`its stores are [${found}], expected [${expected}]`);
    }
    const { version } = this.manifest;
    const hashes = [...this.#trees].map(([name, tree]) => {
      return { name, hash: tree.view(version).rootHash };
    });
    const got = appHashOf(hashes);
    if (equalBytes(got, appHash)) return { space, trees: this.#trees };
    throw new SnapshotError(`it comes to AppHash ${toHex(got)}, expected ${toHex(appHash)}`);
  }

  #begin(name: string): void {
    this.#end();
    if (this.#trees.has(name)) throw new TypeError(`store ${name} stands twice`);
    if (!this.#options.storeNames.includes(name)) throw new TypeError(`store ${name} is unknown`);
    this.#reader = { name, nodes: this.#options.space.readNodes(this.manifest.version) };
    this.#order = new KeyOrder();
  }

  #add(node: ExportedNode): void {
    if (this.#reader === undefined) throw new TypeError('a node stands before its store');
    if (node.version < 1 || node.version > this.manifest.version) {
      throw new TypeError(`a node is of version ${node.version}`);
    }
    checkKey(node.key);
    this.#order.add(node);
    this.#reader.nodes.push(node);
  }

  #end(): void {
    if (this.#reader === undefined) return;
    this.#trees.set(this.#reader.name, this.#reader.nodes.finish());
    this.#reader = undefined;
  }
}

/** The smallest and largest key of a subtree. */
interface KeySpan {
  readonly smallest: Uint8Array;
  readonly largest: Uint8Array;
}

/**
 * Checks the keys of forks, which no hash covers: a wrong one would leave the AppHash right and hide entries.
 * A fork's key is the smallest on its right, and above all on its left.
 */
class KeyOrder {
  readonly #spans: KeySpan[] = [];

  /** @throws TypeError when the next node's key is not in order. */
  add({ key, value }: ExportedNode): void {
    if (value !== undefined) {
      this.#spans.push({ smallest: key, largest: key });
      return;
    }
    const right = this.#spans.pop();
    const left = this.#spans.pop();
    const isInOrder =
      left !== undefined &&
      right !== undefined &&
      equalBytes(key, right.smallest) &&
      compareBytes(left.largest, key) < 0;
    if (!isInOrder) throw new TypeError(`the key ${toHex(key)} of a fork is not in order`);
    this.#spans.push({ smallest: left.smallest, largest: right.largest });
  }
}

function asSnapshotError(action: () => void): void {
  try {
    action();
  } catch (cause) {
    if (!(cause instanceof TypeError || cause instanceof RangeError)) throw cause;
    throw new SnapshotError(cause.message, { cause });
  }
}
