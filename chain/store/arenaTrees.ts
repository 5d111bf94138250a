import { Arena, ArenaTree, ArenaView, imageOf, NodeReader, treeFromImage } from './arena/index.ts';
import type { TreeKind, TreeSpace } from './stateTree.ts';

/** Trees in an arena, which all trees of one space share. */
export const arenaTrees: TreeKind = {
  space(): TreeSpace {
    const arena = new Arena();
    return {
      get bytes() {
        return arena.reservedBytes;
      },
      empty: () => new ArenaTree(arena),
      fromImage: (chunks, imageBytes) => treeFromImage(arena, chunks, imageBytes),
      readNodes: (version) => new NodeReader(arena, version),
    };
  },
  imageOf(view) {
    if (!(view instanceof ArenaView)) throw new TypeError('view: expected that of an arena tree');
    return imageOf(view);
  },
};
