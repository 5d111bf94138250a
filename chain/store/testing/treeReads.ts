import { compareBytes, equalBytes } from '../../../wire/bytes.ts';
import type { KeyRange, KeyValue } from '../kvStore.ts';
import { type Inner, Leaf, type LoadNode, leftChild, rightChild, type TreeNode } from './node.ts';

/** The leaf of a key, or undefined. Cost: one path, O(log n). */
export function findLeaf(
  root: TreeNode | undefined,
  key: Uint8Array,
  load: LoadNode,
): Leaf | undefined {
  let node = root;
  while (node !== undefined && !(node instanceof Leaf)) {
    node = compareBytes(key, node.key) < 0 ? leftChild(node, load) : rightChild(node, load);
  }
  return node !== undefined && equalBytes(node.key, key) ? node : undefined;
}

/** A child still to be visited; it is loaded only when its turn comes. */
interface Visit {
  readonly parent: Inner;
  readonly isLeft: boolean;
}

/** The entries of a range in order. The tree is the one of the call: nodes do not change. */
export function* iterateTree(
  root: TreeNode | undefined,
  range: KeyRange,
  load: LoadNode,
): Generator<KeyValue, void, undefined> {
  const rest: Visit[] = [];
  for (let node = root; node !== undefined; node = nextNode(rest, load)) {
    if (!(node instanceof Leaf)) rest.push(...visitsInRange(node, range));
    else if (isInRange(node.key, range)) yield [node.key, node.value];
  }
}

function nextNode(rest: Visit[], load: LoadNode): TreeNode | undefined {
  const visit = rest.pop();
  if (visit === undefined) return undefined;
  return visit.isLeft ? leftChild(visit.parent, load) : rightChild(visit.parent, load);
}

/** The children that may hold keys of the range, the one to visit first standing last. */
function visitsInRange(parent: Inner, { start, end, reverse }: KeyRange): Visit[] {
  const visits: Visit[] = [];
  if (end === undefined || compareBytes(end, parent.key) > 0) {
    visits.push({ parent, isLeft: false });
  }
  if (start === undefined || compareBytes(start, parent.key) < 0) {
    visits.push({ parent, isLeft: true });
  }
  return reverse ? visits.reverse() : visits;
}

function isInRange(key: Uint8Array, { start, end }: KeyRange): boolean {
  if (start !== undefined && compareBytes(key, start) < 0) return false;
  return end === undefined || compareBytes(key, end) < 0;
}
