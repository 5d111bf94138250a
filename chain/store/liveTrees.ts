import type { SavedTree } from './arena/contract.ts';
import { ChangeRecorder } from './changeLog.ts';
import type { StoreHash } from './commitInfo.ts';
import { EMPTY_HASH } from './emptyHash.ts';
import type { StateTrees, Trees } from './stateTree.ts';
import type { WorkingPart } from './workingStore.ts';

/**
 * Versions that stay in memory beside the newest, as long as they hold few changes: wallets and light
 * clients ask for the last heights, and reading those must cost no more than reading the newest.
 */
const RECENT_VERSIONS = 100;
const RECENT_CHANGES = 20_000;

/** What saving a version adds to the log. */
export interface SavedChanges {
  readonly stores: readonly StoreHash[];
  readonly chunks: readonly Uint8Array[];
}

type Views = ReadonlyMap<string, SavedTree>;

interface Recent {
  readonly views: Views;
  /** Changes that made the version after it: the nodes it has for itself grow with them. */
  changes: number;
}

/** The trees that blocks work on, with their newest versions, and the changes since the last save. */
export class LiveTrees {
  readonly #trees: Trees;
  readonly #recorders = new Map<string, ChangeRecorder>();
  /** By version, the oldest first. */
  readonly #recent = new Map<number, Recent>();
  #newest: number;
  /** How often each version is pinned. */
  readonly #pins = new Map<number, number>();
  #changes = 0;

  /** `state` holds `version` alone; `names` stand in the order of the AppHash, those not there yet are empty. */
  constructor({ space, trees }: StateTrees, names: readonly string[], version: number) {
    this.#trees = new Map(names.map((name) => [name, trees.get(name) ?? space.empty()]));
    for (const name of names) this.#recorders.set(name, new ChangeRecorder(name));
    this.#newest = version;
    this.#remember(version);
  }

  get names(): string[] {
    return [...this.#trees.keys()];
  }

  /** A tree to work on, and what writes down its changes. */
  part(name: string): WorkingPart {
    return { tree: this.#trees.get(name)!, recorder: this.#recorders.get(name)! };
  }

  /** Root hashes if the edits were saved as `version`, in the order of the AppHash. */
  hashes(version: number): StoreHash[] {
    return [...this.#trees].map(([name, tree]) => ({ name, hash: tree.rootHash(version) }));
  }

  /** Root hashes of the newest version, in the order of the AppHash. */
  roots(): StoreHash[] {
    const { views } = this.#recent.get(this.#newest)!;
    return [...this.#trees.keys()].map((name) => {
      return { name, hash: views.get(name)?.rootHash ?? EMPTY_HASH };
    });
  }

  /** Makes the edits a version. */
  save(version: number): SavedChanges {
    const before = this.#recent.get(this.#newest)!;
    const chunks: Uint8Array[] = [];
    const stores: StoreHash[] = [];
    for (const [name, tree] of this.#trees) {
      stores.push({ name, hash: tree.saveVersion(version).rootHash });
      const recorder = this.#recorders.get(name)!;
      before.changes += recorder.count;
      chunks.push(...recorder.take());
    }
    this.#changes += before.changes;
    this.#newest = version;
    this.#remember(version);
    return { stores, chunks };
  }

  /** Discards the edits since the last save. */
  rollback(): void {
    for (const tree of this.#trees.values()) tree.rollback();
    for (const recorder of this.#recorders.values()) recorder.take();
  }

  /** A version in memory, or undefined. */
  view(name: string, version: number): SavedTree | undefined {
    return this.#recent.get(version)?.views.get(name);
  }

  /** All trees at the newest version, which stays in memory until it is unpinned as often as it was pinned. */
  pin(): { readonly version: number; readonly views: Views } {
    const version = this.#newest;
    this.#pins.set(version, (this.#pins.get(version) ?? 0) + 1);
    return { version, views: this.#recent.get(version)!.views };
  }

  unpin(version: number): void {
    const left = (this.#pins.get(version) ?? 1) - 1;
    if (left > 0) this.#pins.set(version, left);
    else this.#pins.delete(version);
    if (left === 0 && !this.#recent.has(version)) this.#release(version);
  }

  /** Lets go of versions before `earliest`, and of the oldest ones while there are too many. */
  retire(earliest: number): void {
    for (const [version, { changes }] of this.#recent) {
      const count = this.#recent.size;
      const isOver = count > RECENT_VERSIONS || (count > 2 && this.#changes > RECENT_CHANGES);
      if (version === this.#newest || (version >= earliest && !isOver)) return;
      this.#recent.delete(version);
      this.#changes -= changes;
      if (!this.#pins.has(version)) this.#release(version);
    }
  }

  #remember(version: number): void {
    const views = new Map<string, SavedTree>();
    for (const [name, tree] of this.#trees) {
      if (tree.version === version && version > 0) views.set(name, tree.view(version));
    }
    this.#recent.set(version, { views, changes: 0 });
  }

  #release(version: number): void {
    for (const tree of this.#trees.values()) {
      if (tree.versions().includes(version)) tree.release(version);
    }
  }
}
