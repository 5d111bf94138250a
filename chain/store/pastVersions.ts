import type { SavedTree } from './arena/contract.ts';
import type { History } from './history.ts';
import type { StateTrees } from './stateTree.ts';

/** Old versions that stay in memory once they were brought back. Each can be a whole state. */
const KEPT = 2;

/**
 * Versions that are kept on disk but no longer in memory, brought back when they are read. A version after
 * one that is still here is reached from it by its changes alone.
 */
export class PastVersions {
  readonly #history: History;
  /** The one used last stands last. */
  readonly #rebuilt = new Map<number, StateTrees>();

  constructor(history: History) {
    this.#history = history;
  }

  /** @throws DamagedStoreError when it cannot be brought back. */
  view(name: string, version: number): SavedTree | undefined {
    const state = this.#rebuilt.get(version) ?? this.#rebuild(version);
    this.#rebuilt.delete(version);
    this.#rebuilt.set(version, state);
    return state.trees.get(name)?.view(version);
  }

  clear(): void {
    this.#rebuilt.clear();
  }

  /** Trees are not shared: those of an older version are taken over, and it is brought back if it is read again. */
  #rebuild(version: number): StateTrees {
    const from = this.#nearest(version);
    if (from === undefined) {
      if (this.#rebuilt.size >= KEPT) this.#rebuilt.delete([...this.#rebuilt.keys()][0]!);
      return this.#history.rebuild(version);
    }
    const state = this.#rebuilt.get(from)!;
    this.#rebuilt.delete(from);
    this.#history.advance(state, { from, to: version });
    return state;
  }

  /** The nearest version before, unless an image is nearer. */
  #nearest(version: number): number | undefined {
    const image = this.#history.imageBefore(version);
    const before = [...this.#rebuilt.keys()].filter((each) => each < version && each >= image);
    return before.length === 0 ? undefined : Math.max(...before);
  }
}
