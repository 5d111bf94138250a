import { Arena, ArenaTree, ArenaView, imageOf, NodeReader, treeFromImage } from './arena/index.ts';
import type { TreeKind, TreeSpace } from './stateTree.ts';

/** Trees in an arena, which all trees of one space share. */
export const arenaTrees: TreeKind = treesOf({ scalar: false });

/** The same without vector instructions, hashed node by node with noble: what runs where WebAssembly lacks them. */
export const nobleArenaTrees: TreeKind = treesOf({ scalar: true });

function treesOf(options: { readonly scalar: boolean }): TreeKind {
  return {
    space(): TreeSpace {
      const arena = new Arena(options);
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
}
