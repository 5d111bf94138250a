import { checkKey, checkValue } from '../kvStore.ts';
import type { Arena } from './arena.ts';
import { ArenaTree, type LoadedTree } from './arenaTree.ts';
import type { ExportedNode, TreeReader } from './contract.ts';
import { hashLevels } from './hashWorking.ts';
import { MAX_VERSION } from './layout.ts';
import { TreeBuilder } from './treeBuilder.ts';

/** Takes the nodes of one saved version in post-order, as cosmos/iavl v1 exports them. */
export class NodeReader implements TreeReader<ExportedNode> {
  readonly #arena: Arena;
  readonly #builder: TreeBuilder;
  readonly #nodes: number[] = [];

  /** For a tree of `version`. @throws RangeError when that is not 1 to 2^51 - 1. */
  constructor(arena: Arena, version: number) {
    if (!Number.isSafeInteger(version) || version < 1 || version >= MAX_VERSION) {
      throw new RangeError(`version: expected 1 to 2^51 - 1, got ${version}`);
    }
    this.#arena = arena;
    this.#builder = new TreeBuilder(arena, version);
  }

  /** The next node. @throws TypeError when it does not fit. */
  push({ key, value, version, height }: ExportedNode): void {
    checkKey(key);
    if (height === 0) {
      if (value === undefined) throw new TypeError('leaf: expected a value, got none');
      checkValue(value);
      this.#nodes.push(this.#builder.leaf(key, value, version));
      return;
    }
    if (value !== undefined) throw new TypeError('inner node: expected no value, got one');
    const node = this.#builder.inner(height, version);
    if (!this.#builder.hasKey(node, key)) {
      throw new TypeError('inner node: expected the smallest key on its right');
    }
    this.#nodes.push(node);
  }

  /** The tree, all of its hashes computed. @throws TypeError when nodes are missing. */
  finish(): ArenaTree {
    const loaded: LoadedTree = this.#builder.finish();
    hashLevels(this.#arena, this.#nodes);
    return new ArenaTree(this.#arena, loaded);
  }
}

/** The tree of a version, from its nodes in post-order. @throws TypeError when they do not make one. */
export function treeFromNodes(
  arena: Arena,
  version: number,
  nodes: Iterable<ExportedNode>,
): ArenaTree {
  const reader = new NodeReader(arena, version);
  for (const node of nodes) reader.push(node);
  return reader.finish();
}
