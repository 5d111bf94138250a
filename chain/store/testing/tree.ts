import { EMPTY_HASH } from '../emptyHash.ts';
import { checkKey, checkValue, type KeyRange, type KeyValue, type KVStore } from '../kvStore.ts';
import {
  forgetHashes,
  hashOf,
  Inner,
  Leaf,
  type Link,
  type LoadNode,
  type NodeId,
  resolve,
  StoredNode,
  storedForm,
  type TreeNode,
} from './node.ts';
import { TreeEditor } from './treeEditor.ts';
import { findLeaf, iterateTree } from './treeReads.ts';
import { TreeView } from './treeView.ts';

/** What saving a version adds to the disk, and which saved nodes this version no longer uses. */
export interface SavedVersion {
  readonly root: StoredNode | undefined;
  readonly added: readonly TreeNode[];
  readonly dropped: readonly NodeId[];
}

/**
 * An IAVL tree: the latest saved version and the edits on top of it. Root hashes equal those of
 * cosmos/iavl v1 for the same operations in the same versions. Nodes that were read stay in memory
 * as long as the latest version uses them; those of earlier versions do not.
 */
export class Tree implements KVStore {
  #root: TreeNode | undefined;
  #saved: TreeView;
  #version: number;
  #hashedVersion = 0;
  readonly #load: LoadNode;
  readonly #editor: TreeEditor;

  /** `root` is the saved root of `version`; a new tree has neither (version 0). */
  constructor(load: LoadNode, root?: TreeNode, version = 0) {
    this.#load = load;
    this.#root = root;
    this.#saved = new TreeView(root, load);
    this.#version = version;
    this.#editor = new TreeEditor(load);
  }

  /** The latest saved version, 0 before the first. */
  get version(): number {
    return this.#version;
  }

  /** The latest saved version, to read; edits do not show in it. */
  get saved(): TreeView {
    return this.#saved;
  }

  /** Keys in the tree, edits included. */
  get size(): number {
    return this.#root?.size ?? 0;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    checkKey(key);
    return findLeaf(this.#root, key, this.#load)?.value;
  }

  has(key: Uint8Array): boolean {
    checkKey(key);
    return findLeaf(this.#root, key, this.#load) !== undefined;
  }

  set(key: Uint8Array, value: Uint8Array): void {
    checkKey(key);
    checkValue(value);
    this.#root =
      this.#root === undefined ? new Leaf(key, value) : this.#editor.set(this.#root, key, value);
  }

  /** Removes a key; whether it was there. A missing key changes nothing, also no hash. */
  remove(key: Uint8Array): boolean {
    checkKey(key);
    if (this.#root === undefined) return false;
    const removal = this.#editor.remove(this.#root, key);
    if (removal === undefined) return false;
    this.#root = removal.rest && resolve(removal.rest, this.#load);
    return true;
  }

  delete(key: Uint8Array): void {
    this.remove(key);
  }

  iterate(range: KeyRange): Iterable<KeyValue> {
    return iterateTree(this.#root, range, this.#load);
  }

  /** The root hash, 32 bytes, if the edits were saved as `version` now. Each node is hashed once. */
  rootHash(version: number = this.#version + 1): Uint8Array {
    if (this.#root === undefined) return EMPTY_HASH;
    if (this.#hashedVersion !== version) forgetHashes(this.#root);
    this.#hashedVersion = version;
    return hashOf(this.#root, version);
  }

  /** Makes the edits the saved version `version`; the caller writes what the answer holds. */
  saveVersion(version: number = this.#version + 1): SavedVersion {
    this.rootHash(version);
    const added: TreeNode[] = [];
    if (this.#root !== undefined) nameNodes(this.#root, version, added);
    const dropped = this.#editor.dropped;
    this.#editor.dropped = [];
    this.#saved = new TreeView(this.#root, this.#load);
    this.#version = version;
    return { root: this.#root && storedForm(this.#root), added, dropped };
  }

  /** Discards the edits since the last save. */
  rollback(): void {
    this.#root = this.#saved.root;
    this.#editor.dropped = [];
  }
}

/** Gives unsaved nodes their place in pre-order, the root first; saved ones keep theirs. */
function nameNodes(link: Link, version: number, added: TreeNode[]): void {
  if (link instanceof StoredNode || link.id !== undefined) return;
  added.push(link);
  link.id = { version, nonce: added.length };
  if (link instanceof Inner) {
    nameNodes(link.left, version, added);
    nameNodes(link.right, version, added);
  }
}
