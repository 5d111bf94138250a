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

/**
 * Hashes the working nodes as made in `version`, level by level, children before parents. `evenIfHashed`: also those
 * that have a hash, because it was of another version.
 */
export function hashWorking(
  arena: Arena,
  working: WorkingNodes,
  { version, evenIfHashed }: { readonly version: number; readonly evenIfHashed: boolean },
): void {
  const { words } = arena;
  const { nodes, starts } = levelsOf(words, working.made, evenIfHashed);
  for (const node of nodes) setVersion(words, node, version);
  arena.hasher.hashLeaves(nodes, starts[0]!, starts[1]!);
  for (let height = 1; height < HEIGHTS; height++) {
    arena.hasher.hashInners(nodes, starts[height]!, starts[height + 1]!);
  }
  for (const node of nodes) markHashed(words, node);
}

/** A counting sort by height. */
function levelsOf(words: Int32Array, made: readonly number[], evenIfHashed: boolean): Levels {
  const starts = new Int32Array(HEIGHTS + 1);
  for (const node of made) {
    if (needsHash(words, node, evenIfHashed)) starts[heightOf(words, node) + 1]!++;
  }
  for (let height = 0; height < HEIGHTS; height++) starts[height + 1]! += starts[height]!;
  const nodes = new Int32Array(starts[HEIGHTS]!);
  const next = starts.slice();
  for (const node of made) {
    if (needsHash(words, node, evenIfHashed)) nodes[next[heightOf(words, node)]!++] = node;
  }
  return { nodes, starts };
}
