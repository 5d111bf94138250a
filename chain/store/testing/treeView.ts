import { EMPTY_HASH } from '../emptyHash.ts';
import { checkKey, type KeyRange, type KeyValue, type ReadonlyStore } from '../kvStore.ts';
import type { LoadNode, TreeNode } from './node.ts';
import { findLeaf, iterateTree } from './treeReads.ts';

/** One saved version of a tree, read on demand. */
export class TreeView implements ReadonlyStore {
  readonly root: TreeNode | undefined;
  readonly load: LoadNode;

  constructor(root: TreeNode | undefined, load: LoadNode) {
    this.root = root;
    this.load = load;
  }

  /** 32 bytes; sha256("") without keys. */
  get rootHash(): Uint8Array {
    return this.root?.hash ?? EMPTY_HASH;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    checkKey(key);
    return findLeaf(this.root, key, this.load)?.value;
  }

  has(key: Uint8Array): boolean {
    checkKey(key);
    return findLeaf(this.root, key, this.load) !== undefined;
  }

  iterate(range: KeyRange): Iterable<KeyValue> {
    return iterateTree(this.root, range, this.load);
  }
}
