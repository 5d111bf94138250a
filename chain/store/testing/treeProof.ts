/** ICS23 proofs of one tree, as cosmos/iavl v1 makes them (proof_ics23.go). */
import { compareBytes, concatBytes } from '../../../wire/bytes.ts';
import type { ExistenceProof, InnerOp } from '../../../wire/ics23/index.ts';
import { checkKey } from '../kvStore.ts';
import { innerOp, leafOp, type TreeProof, type Unprovable } from '../proofOps.ts';
import { type Inner, innerPrefix, Leaf, leafPrefix, leftChild, rightChild } from './node.ts';
import type { TreeView } from './treeView.ts';

const LENGTH_32 = Uint8Array.of(32);
const NO_BYTES = new Uint8Array(0);

/** The proof that a key has its value in a saved tree, or that it is absent. */
export function proveKey(tree: TreeView, key: Uint8Array): TreeProof | Unprovable {
  checkKey(key);
  if (tree.root === undefined) return 'emptyTree';
  const value = tree.get(key);
  if (value === undefined) return proveAbsence(tree, key);
  if (value.length === 0) return 'emptyValue';
  return { value, proof: { kind: 'exist', exist: existence(tree, key) } };
}

/** Neighbours on both sides, or on one at the edge of the tree. */
function proveAbsence(tree: TreeView, key: Uint8Array): TreeProof {
  const [before] = tree.iterate({ end: key, reverse: true });
  const [after] = tree.iterate({ start: key });
  const left = before && existence(tree, before[0]);
  const right = after && existence(tree, after[0]);
  return { value: undefined, proof: { kind: 'nonexist', nonexist: { key, left, right } } };
}

/** The way from the leaf of a key that is in the tree up to the root. */
function existence(tree: TreeView, key: Uint8Array): ExistenceProof {
  const path: InnerOp[] = [];
  let node = tree.root;
  while (node !== undefined && !(node instanceof Leaf)) {
    const isLeft = compareBytes(key, node.key) < 0;
    path.push(stepPast(node, isLeft));
    node = isLeft ? leftChild(node, tree.load) : rightChild(node, tree.load);
  }
  if (node?.id === undefined) throw new Error('only a saved tree can be proven');
  const leaf = leafOp(leafPrefix(node.id.version));
  return { key: node.key, value: node.value, leaf, path: path.reverse() };
}

function stepPast(node: Inner, isLeft: boolean): InnerOp {
  const sibling = isLeft ? node.right.hash : node.left.hash;
  if (node.id === undefined || sibling === undefined) {
    throw new Error('only a saved tree can be proven');
  }
  const prefix = innerPrefix(node, node.id.version);
  return isLeft
    ? innerOp(prefix, concatBytes(LENGTH_32, sibling))
    : innerOp(concatBytes(prefix, sibling, LENGTH_32), NO_BYTES);
}
