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
  const nodes: number[] = [];
  for (let i = 0; i < made.length; i++) {
    const node = made[i]!;
    if (!needsHash(words, node, hashing.evenIfHashed)) continue;
    if (!isReplay) setVersion(words, node, hashing.version);
    markHashed(words, node);
    nodes.push(node);
  }
  hashLevels(arena, nodes);
}

/** Hashes nodes, whose versions must be set, level by level: all their children have hashes or are among them. */
export function hashLevels(arena: Arena, nodes: ArrayLike<number>): void {
  if (nodes.length === 0) return;
  const { sorted, starts } = sortByHeight(arena.words, nodes);
  arena.hasher.hashLeaves(sorted, starts[0]!, starts[1]!);
  for (let height = 1; height < HEIGHTS; height++) {
    arena.hasher.hashInners(sorted, starts[height]!, starts[height + 1]!);
  }
}

/** A counting sort. Each height begins in `sorted` where `starts` says; the one after the last ends it. */
function sortByHeight(words: Int32Array, nodes: ArrayLike<number>) {
  const starts = new Int32Array(HEIGHTS + 1);
  const heights = new Uint8Array(nodes.length);
  for (let i = 0; i < nodes.length; i++) {
    const height = heightOf(words, nodes[i]!);
    heights[i] = height;
    starts[height + 1]!++;
  }
  for (let height = 0; height < HEIGHTS; height++) starts[height + 1]! += starts[height]!;
  const sorted = new Int32Array(nodes.length);
  const next = starts.slice();
  for (let i = 0; i < nodes.length; i++) sorted[next[heights[i]!]!++] = nodes[i]!;
  return { sorted, starts };
}
