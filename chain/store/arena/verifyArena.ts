import { equalBytes, toHex } from '../../../wire/bytes.ts';
import type { Arena } from './arena.ts';
import type { ViewSource } from './arenaView.ts';
import { HASH } from './layout.ts';
import { hashOf, heightOf, keyOf, versionOf } from './nodes.ts';
import { PostOrder } from './postOrder.ts';

const BATCH = 256;

/**
 * Computes the hash of every node of a saved version anew, from its content and the hashes of its children, on copies.
 * @throws Error naming the first node that has another hash.
 */
export function verifyArena(source: ViewSource): void {
  const { arena } = source;
  const copies = Int32Array.from({ length: BATCH }, () => arena.newNode());
  try {
    const order = new PostOrder(source);
    for (let batch = take(order); batch.length > 0; batch = take(order)) {
      verifyBatch(arena, batch, copies);
    }
  } finally {
    for (const copy of copies) arena.freeNode(copy);
  }
}

function take(order: PostOrder): number[] {
  const nodes: number[] = [];
  while (nodes.length < BATCH) {
    const node = order.next();
    if (node === 0) break;
    nodes.push(node);
  }
  return nodes;
}

/** Leaves are copied to the front, inner nodes to the end: they are hashed apart. */
function verifyBatch(arena: Arena, nodes: readonly number[], copies: Int32Array): void {
  const { words } = arena;
  let leaves = 0;
  let inners = BATCH;
  const copyOf = nodes.map((node) => {
    const copy = copies[heightOf(words, node) === 0 ? leaves++ : --inners]!;
    words.copyWithin(copy, node, node + HASH);
    return copy;
  });
  arena.hasher.hashLeaves(copies, 0, leaves);
  arena.hasher.hashInners(copies, inners, BATCH);
  nodes.forEach((node, i) => {
    const found = hashOf(arena, copyOf[i]!);
    const stored = hashOf(arena, node);
    if (equalBytes(found, stored)) return;
    const what = heightOf(words, node) === 0 ? 'leaf' : 'inner node';
    const where = `${what} ${toHex(keyOf(arena, node))} of version ${versionOf(words, node)}`;
    throw new Error(`${where} has hash ${toHex(stored)}, its content gives ${toHex(found)}`);
  });
}
