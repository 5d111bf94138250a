/** ICS23 proofs of one tree, as cosmos/iavl v1 makes them (proof_ics23.go). */
import { concatBytes } from '../../../wire/bytes.ts';
import type { ExistenceProof, InnerOp } from '../../../wire/ics23/index.ts';
import { ByteWriter } from '../byteWriter.ts';
import { innerOp, leafOp, type TreeProof, type Unprovable } from '../proofOps.ts';
import type { Arena } from './arena.ts';
import { findLeaf } from './arenaReads.ts';
import { HASH_BYTES, LEFT, RIGHT, SIZE, VALUE_BYTES } from './layout.ts';
import {
  compareWithNode,
  hashOf,
  heightOf,
  keyOf,
  leafValue,
  prefixOf,
  versionOf,
} from './nodes.ts';

const LENGTH_32 = Uint8Array.of(HASH_BYTES);
const NO_BYTES = new Uint8Array(0);
const writer = new ByteWriter();

/** The proof that a key has its value under a saved root, or that it is absent. */
export function proveInArena(arena: Arena, root: number, key: Uint8Array): TreeProof | Unprovable {
  if (root === 0) return 'emptyTree';
  const leaf = findLeaf(arena, root, key);
  if (leaf === 0) return proveAbsence(arena, root, key);
  if (arena.words[leaf + VALUE_BYTES] === 0) return 'emptyValue';
  const exist = existence(arena, root, key);
  return { value: exist.value, proof: { kind: 'exist', exist } };
}

/** Neighbours on both sides, or on one at the edge of the tree. */
function proveAbsence(arena: Arena, root: number, key: Uint8Array): TreeProof {
  const { before, after } = neighbours(arena, root, key);
  const left = before === 0 ? undefined : existence(arena, root, keyOf(arena, before));
  const right = after === 0 ? undefined : existence(arena, root, keyOf(arena, after));
  return { value: undefined, proof: { kind: 'nonexist', nonexist: { key, left, right } } };
}

/** The leaves around a key that is not in the tree; 0 where there is none. */
function neighbours(arena: Arena, root: number, key: Uint8Array) {
  const { words } = arena;
  const prefix = prefixOf(key);
  let [node, before, after] = [root, 0, 0];
  while (heightOf(words, node) > 0) {
    const isLeft = compareWithNode(arena, node, key, prefix) < 0;
    if (isLeft) after = words[node + RIGHT]!;
    else before = words[node + LEFT]!;
    node = words[node + (isLeft ? LEFT : RIGHT)]!;
  }
  if (compareWithNode(arena, node, key, prefix) < 0) after = node;
  else before = node;
  return { before: edgeOf(words, before, RIGHT), after: edgeOf(words, after, LEFT) };
}

/** The outermost leaf of a subtree on one side. */
function edgeOf(words: Int32Array, root: number, side: typeof LEFT | typeof RIGHT): number {
  let node = root;
  while (node !== 0 && heightOf(words, node) > 0) node = words[node + side]!;
  return node;
}

/** The way from the leaf of a key that is in the tree up to the root. */
function existence(arena: Arena, root: number, key: Uint8Array): ExistenceProof {
  const { words } = arena;
  const prefix = prefixOf(key);
  const path: InnerOp[] = [];
  let node = root;
  while (heightOf(words, node) > 0) {
    const isLeft = compareWithNode(arena, node, key, prefix) < 0;
    path.push(stepPast(arena, node, isLeft));
    node = words[node + (isLeft ? LEFT : RIGHT)]!;
  }
  writer.signed(0).signed(1).signed(versionOf(words, node));
  const leaf = leafOp(writer.take());
  return { key: keyOf(arena, node), value: leafValue(arena, node), leaf, path: path.reverse() };
}

function stepPast(arena: Arena, node: number, isLeft: boolean): InnerOp {
  const { words } = arena;
  const sibling = hashOf(arena, words[node + (isLeft ? RIGHT : LEFT)]!);
  writer.signed(heightOf(words, node)).signed(words[node + SIZE]!);
  const prefix = writer.signed(versionOf(words, node)).unsigned(HASH_BYTES).take();
  return isLeft
    ? innerOp(prefix, concatBytes(LENGTH_32, sibling))
    : innerOp(concatBytes(prefix, sibling, LENGTH_32), NO_BYTES);
}
