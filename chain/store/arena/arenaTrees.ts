import type { TreeKind } from '../stateTree.ts';
import { Arena } from './arena.ts';
import { ArenaTree } from './arenaTree.ts';
import { ArenaView } from './arenaView.ts';
import type { SavedTree } from './contract.ts';
import { imageOf } from './image.ts';
import { treeFromImage } from './readImage.ts';
import { NodeReader } from './readNodes.ts';

/** Trees in arenas: each space is an arena. */
export const arenaTrees: TreeKind = {
  space() {
    const arena = new Arena();
    return {
      empty: () => new ArenaTree(arena),
      fromImage: (chunks) => treeFromImage(arena, chunks),
      readNodes: (version) => new NodeReader(arena, version),
    };
  },
  imageOf: (view) => imageOf(arenaView(view)),
};

function arenaView(view: SavedTree): ArenaView {
  if (view instanceof ArenaView) return view;
  throw new TypeError('view: expected one of an arena tree');
}
