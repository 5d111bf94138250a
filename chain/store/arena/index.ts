/**
 * State trees in one block of memory: an IAVL tree whose nodes, keys and values lie side by side in WebAssembly memory,
 * edited in place, copied when a saved version is changed, and hashed four at a time.
 * @module
 */
export { Arena, type ArenaOptions } from './arena.ts';
export { ArenaTree } from './arenaTree.ts';
export { ArenaView } from './arenaView.ts';
export type { ExportedNode, SavedTree, StateTree, TreeReader } from './contract.ts';
export { imageOf } from './image.ts';
export type { ImageHeader } from './imageLayout.ts';
export { ImageReader, treeFromImage } from './readImage.ts';
export { NodeReader, treeFromNodes } from './readNodes.ts';
