import type { SavedTree } from './arena/contract.ts';
import type { History } from './history.ts';
import { type MonotonicClock, PastAllowance } from './pastAllowance.ts';
import type { StateTrees } from './stateTree.ts';

/** Old versions that stay in memory once they were brought back. Each can be a whole state. */
const MOST_KEPT = 8;
const MOST_BYTES = 512 * 2 ** 20;

/** How past versions are kept. */
export interface PastVersionsOptions {
  /** With a clock, bringing versions back takes a share of the time at most. */
  readonly clock?: MonotonicClock | undefined;
  /** Bytes of all versions that are kept together; the one that was read last stays in any case. */
  readonly pastBytes?: number | undefined;
}

/**
 * Versions that are kept on disk but no longer in memory, brought back when they are read. A version after
 * one that is still here is reached from it by its changes alone.
 */
export class PastVersions {
  readonly #history: History;
  readonly #allowance: PastAllowance;
  readonly #mostBytes: number;
  /** The one used last stands last. */
  readonly #rebuilt = new Map<number, StateTrees>();

  constructor(history: History, { clock, pastBytes = MOST_BYTES }: PastVersionsOptions = {}) {
    this.#history = history;
    this.#allowance = new PastAllowance(clock);
    this.#mostBytes = pastBytes;
  }

  /** @throws DamagedStoreError when it cannot be brought back, BusyError when too many others just were. */
  view(name: string, version: number): SavedTree | undefined {
    const known = this.#rebuilt.get(version);
    const state = known ?? this.#allowance.use(version, () => this.#rebuild(version));
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
      this.#makeRoom();
      return this.#history.rebuild(version);
    }
    const state = this.#rebuilt.get(from)!;
    this.#rebuilt.delete(from);
    this.#history.advance(state, { from, to: version });
    return state;
  }

  /** Before the next one is read, so that it need not fit in beside one that has to go. */
  #makeRoom(): void {
    const sizes = [...this.#rebuilt.values()].map(({ space }) => space.bytes);
    const expected = Math.max(0, ...sizes);
    let total = sizes.reduce((sum, size) => sum + size, expected);
    for (const [version, { space }] of this.#rebuilt) {
      if (this.#rebuilt.size < MOST_KEPT && total <= this.#mostBytes) return;
      this.#rebuilt.delete(version);
      total -= space.bytes;
    }
  }

  /** The nearest version before, unless an image is nearer. */
  #nearest(version: number): number | undefined {
    const image = this.#history.imageBefore(version);
    const before = [...this.#rebuilt.keys()].filter((each) => each < version && each >= image);
    return before.length === 0 ? undefined : Math.max(...before);
  }
}
