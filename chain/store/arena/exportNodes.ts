import type { ViewSource } from './arenaView.ts';
import type { ExportedNode } from './contract.ts';
import { heightOf, keyOf, leafValue, versionOf } from './nodes.ts';
import { PostOrder } from './postOrder.ts';

/** All nodes of a saved version in post-order, as cosmos/iavl v1 exports them (export.go). Memory: O(log n). */
export function* exportArena(source: ViewSource): Generator<ExportedNode, void, undefined> {
  const { arena } = source;
  const order = new PostOrder(source);
  for (let node = order.next(); node !== 0; node = order.next()) {
    const { words } = arena;
    const height = heightOf(words, node);
    const value = height === 0 ? leafValue(arena, node) : undefined;
    yield { key: keyOf(arena, node), value, version: versionOf(words, node), height };
  }
}
