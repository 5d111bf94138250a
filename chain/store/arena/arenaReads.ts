import type { KeyRange, KeyValue } from '../kvStore.ts';
import type { Arena } from './arena.ts';
import { KEY, LEFT, RIGHT } from './layout.ts';
import { compareWithKey, compareWithNode, heightOf, keyOf, leafValue, prefixOf } from './nodes.ts';

/** The leaf of a key; 0 when there is none. Cost: one path, O(log n). */
export function findLeaf(arena: Arena, root: number, key: Uint8Array): number {
  if (root === 0) return 0;
  const { words } = arena;
  const prefix = prefixOf(key);
  let node = root;
  while (heightOf(words, node) > 0) {
    const isLeft = compareWithNode(arena, node, key, prefix) < 0;
    node = words[node + (isLeft ? LEFT : RIGHT)]!;
  }
  return compareWithNode(arena, node, key, prefix) === 0 ? node : 0;
}

/** The entries of a range in order. Before each step `check` throws if the nodes may be gone. */
export function* iterateArena(
  arena: Arena,
  root: number,
  { range, check }: { readonly range: KeyRange; readonly check: () => void },
): Generator<KeyValue, void, undefined> {
  const rest = root === 0 ? [] : [root];
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    check();
    if (heightOf(arena.words, node) > 0) pushChildren(arena, node, { range, rest });
    else if (isInRange(arena, node, range)) yield [keyOf(arena, node), leafValue(arena, node)];
  }
}

/** The children that may hold keys of the range, the one to visit first on top. */
function pushChildren(
  arena: Arena,
  node: number,
  { range, rest }: { readonly range: KeyRange; readonly rest: number[] },
): void {
  const { words } = arena;
  const { start, end, reverse } = range;
  const key = words[node + KEY]!;
  const hasLeft = start === undefined || compareWithKey(arena, key, start) < 0;
  const hasRight = end === undefined || compareWithKey(arena, key, end) > 0;
  if (reverse && hasLeft) rest.push(words[node + LEFT]!);
  if (hasRight) rest.push(words[node + RIGHT]!);
  if (!reverse && hasLeft) rest.push(words[node + LEFT]!);
}

function isInRange(arena: Arena, leaf: number, { start, end }: KeyRange): boolean {
  const key = arena.words[leaf + KEY]!;
  if (start !== undefined && compareWithKey(arena, key, start) > 0) return false;
  return end === undefined || compareWithKey(arena, key, end) > 0;
}
