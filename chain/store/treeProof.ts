/** ICS23 proofs of one tree, as cosmos/iavl v1 makes them (proof_ics23.go; cosmos/ics23 proofs.proto). */
import { compareBytes, concatBytes } from '../../wire/bytes.ts';
import { ProtoWriter } from '../../wire/protobuf.ts';
import { checkKey } from './kvStore.ts';
import { type Inner, innerPrefix, Leaf, leafPrefix, leftChild, rightChild } from './node.ts';
import type { TreeView } from './treeView.ts';

const SHA256 = 1;
const VAR_PROTO = 1;
const LENGTH_32 = Uint8Array.of(32);

/** A CommitmentProof, and the value it proves; without a value it proves that the key is absent. */
export interface TreeProof {
  readonly value: Uint8Array | undefined;
  readonly proof: Uint8Array;
}

/** Why ICS23 has no proof for a key: its leaf operation refuses an empty value, and an absence needs a neighbour. */
export type Unprovable = 'emptyTree' | 'emptyValue';

/** The proof that a key has its value in a saved tree, or that it is absent. */
export function proveKey(tree: TreeView, key: Uint8Array): TreeProof | Unprovable {
  checkKey(key);
  if (tree.root === undefined) return 'emptyTree';
  const value = tree.get(key);
  if (value?.length === 0) return 'emptyValue';
  if (value !== undefined) {
    const proof = new ProtoWriter().message(1, existence(tree, key)).finish();
    return { value, proof };
  }
  return proveAbsence(tree, key);
}

/** Neighbours on both sides, or on one at the edge of the tree. */
function proveAbsence(tree: TreeView, key: Uint8Array): TreeProof | Unprovable {
  const absence = new ProtoWriter().bytes(1, key);
  const [before] = tree.iterate({ end: key, reverse: true });
  const [after] = tree.iterate({ start: key });
  if (before?.[1].length === 0 || after?.[1].length === 0) return 'emptyValue';
  if (before !== undefined) absence.message(2, existence(tree, before[0]));
  if (after !== undefined) absence.message(3, existence(tree, after[0]));
  return { value: undefined, proof: new ProtoWriter().message(2, absence.finish()).finish() };
}

/** The ExistenceProof of a key that is in the tree: its leaf, then the path up to the root. */
function existence(tree: TreeView, key: Uint8Array): Uint8Array {
  const path: Uint8Array[] = [];
  let node = tree.root;
  while (node !== undefined && !(node instanceof Leaf)) {
    const isLeft = compareBytes(key, node.key) < 0;
    path.push(innerOp(node, isLeft));
    node = isLeft ? leftChild(node, tree.load) : rightChild(node, tree.load);
  }
  if (node?.id === undefined) throw new Error('only a saved tree can be proven');
  const proof = new ProtoWriter().bytes(1, node.key).bytes(2, node.value);
  proof.message(3, encodeLeafOp(leafPrefix(node.id.version)));
  for (const op of path.reverse()) proof.message(4, op);
  return proof.finish();
}

function innerOp(node: Inner, isLeft: boolean): Uint8Array {
  const sibling = isLeft ? node.right.hash : node.left.hash;
  if (node.id === undefined || sibling === undefined) {
    throw new Error('only a saved tree can be proven');
  }
  const prefix = innerPrefix(node, node.id.version);
  return isLeft
    ? encodeInnerOp(prefix, concatBytes(LENGTH_32, sibling))
    : encodeInnerOp(concatBytes(prefix, sibling, LENGTH_32), new Uint8Array(0));
}

/** A LeafOp: value hashed first, lengths as varints, all under SHA-256. */
export function encodeLeafOp(prefix: Uint8Array): Uint8Array {
  const op = new ProtoWriter().varint(1, SHA256).varint(3, SHA256).varint(4, VAR_PROTO);
  return op.bytes(5, prefix).finish();
}

/** An InnerOp: sha256(prefix ‖ child ‖ suffix). */
export function encodeInnerOp(prefix: Uint8Array, suffix: Uint8Array): Uint8Array {
  return new ProtoWriter().varint(1, SHA256).bytes(2, prefix).bytes(3, suffix).finish();
}
