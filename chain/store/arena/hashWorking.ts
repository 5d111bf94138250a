import type { Arena } from './arena.ts';
import { markHashed, needsHash } from './marks.ts';
import { heightOf, setVersion } from './nodes.ts';
import type { WorkingNodes } from './workingNodes.ts';

/** Higher than an AVL tree of 2^32 leaves can be (1.44 · 32). */
const HEIGHTS = 48;

/** Which version the nodes are made in; whether those are hashed again that were, as of another version. */
interface Hashing {
  readonly version: number;
  readonly evenIfHashed: boolean;
}

/** Hashes the working nodes that need it, children before parents. */
export function hashWorking(arena: Arena, working: WorkingNodes, hashing: Hashing): void {
  const { words } = arena;
  const { isReplay } = working;
  // A replay edits nodes where they lie: in that order their memory is read once from its beginning to its end.
  const made = isReplay ? Int32Array.from(working.made).sort() : working.made;
  const levels = new Levels(made.length);
  for (let i = 0; i < made.length; i++) {
    const node = made[i]!;
    if (!needsHash(words, node, hashing.evenIfHashed)) continue;
    if (!isReplay) setVersion(words, node, hashing.version);
    markHashed(words, node);
    levels.add(node, heightOf(words, node));
  }
  levels.hash(arena);
}

/** Hashes nodes, whose versions must be set, level by level: all their children have hashes or are among them. */
export function hashLevels(arena: Arena, nodes: readonly number[]): void {
  const levels = new Levels(nodes.length);
  for (const node of nodes) levels.add(node, heightOf(arena.words, node));
  levels.hash(arena);
}

/** Nodes to be hashed, sorted by their heights. */
class Levels {
  readonly #nodes: Int32Array;
  readonly #heights: Uint8Array;
  /** How many nodes there are of the height before each place. */
  readonly #starts = new Int32Array(HEIGHTS + 1);
  #count = 0;

  constructor(most: number) {
    this.#nodes = new Int32Array(most);
    this.#heights = new Uint8Array(most);
  }

  add(node: number, height: number): void {
    this.#nodes[this.#count] = node;
    this.#heights[this.#count++] = height;
    this.#starts[height + 1]! += 1;
  }

  hash({ hasher }: Arena): void {
    if (this.#count === 0) return;
    const { sorted, starts } = this.#sort();
    hasher.hashLeaves(sorted, starts[0]!, starts[1]!);
    for (let height = 1; height < HEIGHTS; height++) {
      hasher.hashInners(sorted, starts[height]!, starts[height + 1]!);
    }
  }

  /** A counting sort. Each height begins in `sorted` where `starts` says; the one after the last ends it. */
  #sort() {
    const starts = this.#starts;
    for (let height = 0; height < HEIGHTS; height++) starts[height + 1]! += starts[height]!;
    const sorted = new Int32Array(this.#count);
    const next = starts.slice();
    for (let i = 0; i < this.#count; i++) sorted[next[this.#heights[i]!]!++] = this.#nodes[i]!;
    return { sorted, starts };
  }
}
