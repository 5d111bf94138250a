import type { Arena } from './arena.ts';
import { heightOf, setVersion } from './nodes.ts';
import { markHashed, needsHash, type WorkingNodes } from './workingNodes.ts';

/** Higher than an AVL tree of 2^32 leaves can be (1.44 · 32). */
const HEIGHTS = 48;

/** Working nodes by height, the lowest first. */
interface Levels {
  readonly nodes: Int32Array;
  /** Where each height begins in `nodes`; one entry more than there are heights. */
  readonly starts: Int32Array;
}

/** Which version the nodes are made in; whether those are hashed again that were, as of another version. */
interface Hashing {
  readonly version: number;
  readonly evenIfHashed: boolean;
}

/** Hashes the working nodes, level by level, children before parents. */
export function hashWorking(arena: Arena, working: WorkingNodes, hashing: Hashing): void {
  const { nodes, starts } = levelsOf(arena.words, working.made, hashing);
  arena.hasher.hashLeaves(nodes, starts[0]!, starts[1]!);
  for (let height = 1; height < HEIGHTS; height++) {
    arena.hasher.hashInners(nodes, starts[height]!, starts[height + 1]!);
  }
}

/** A counting sort by height; the nodes are marked on the way, while they are in the cache. */
function levelsOf(words: Int32Array, made: readonly number[], hashing: Hashing): Levels {
  const { version, evenIfHashed } = hashing;
  const starts = new Int32Array(HEIGHTS + 1);
  for (let i = 0; i < made.length; i++) {
    const node = made[i]!;
    if (needsHash(words, node, evenIfHashed)) starts[heightOf(words, node) + 1]!++;
  }
  for (let height = 0; height < HEIGHTS; height++) starts[height + 1]! += starts[height]!;
  const nodes = new Int32Array(starts[HEIGHTS]!);
  const next = starts.slice();
  for (let i = 0; i < made.length; i++) {
    const node = made[i]!;
    if (!needsHash(words, node, evenIfHashed)) continue;
    nodes[next[heightOf(words, node)]!++] = node;
    setVersion(words, node, version);
    markHashed(words, node);
  }
  return { nodes, starts };
}
