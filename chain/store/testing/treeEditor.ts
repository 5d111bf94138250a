import { compareBytes, equalBytes } from '../../../wire/bytes.ts';
import {
  Inner,
  Leaf,
  type Link,
  type LoadNode,
  leftChild,
  type NodeId,
  resolve,
  rightChild,
  type TreeNode,
} from './node.ts';

/** What is left of a subtree, and its smallest key when that key changed. */
interface Removal {
  readonly rest: Link | undefined;
  readonly smallestKey: Uint8Array | undefined;
}

/**
 * Makes a new root out of an old one, with the shape cosmos/iavl v1 would give it
 * (mutable_tree.go, recursiveSet and recursiveRemove): the root hash depends on every rotation.
 */
export class TreeEditor {
  /** Saved nodes that the edits since the last save took out of the tree. */
  dropped: NodeId[] = [];
  readonly #load: LoadNode;

  constructor(load: LoadNode) {
    this.#load = load;
  }

  /** The subtree with `key` set. An equal value still makes a new leaf: its version is hashed. */
  set(node: TreeNode, key: Uint8Array, value: Uint8Array): TreeNode {
    if (node instanceof Leaf) return this.#setAtLeaf(node, key, value);
    this.#drop(node);
    if (compareBytes(key, node.key) < 0) {
      const left = this.set(leftChild(node, this.#load), key, value);
      return this.#join(node.key, left, node.right);
    }
    const right = this.set(rightChild(node, this.#load), key, value);
    return this.#join(node.key, node.left, right);
  }

  #setAtLeaf(leaf: Leaf, key: Uint8Array, value: Uint8Array): TreeNode {
    const order = compareBytes(key, leaf.key);
    const added = new Leaf(key, value);
    if (order < 0) return new Inner(leaf.key, added, leaf);
    if (order > 0) return new Inner(key, leaf, added);
    this.#drop(leaf);
    return added;
  }

  /** What remains of the subtree without `key`; undefined when the key is not in it. */
  remove(node: TreeNode, key: Uint8Array): Removal | undefined {
    if (node instanceof Leaf) {
      if (!equalBytes(key, node.key)) return undefined;
      this.#drop(node);
      return { rest: undefined, smallestKey: undefined };
    }
    const isLeft = compareBytes(key, node.key) < 0;
    const child = isLeft ? leftChild(node, this.#load) : rightChild(node, this.#load);
    const removal = this.remove(child, key);
    if (removal === undefined) return undefined;
    this.#drop(node);
    return isLeft ? this.#withoutLeft(node, removal) : this.#withoutRight(node, removal);
  }

  #withoutLeft(node: Inner, { rest, smallestKey }: Removal): Removal {
    if (rest === undefined) return { rest: node.right, smallestKey: node.key };
    return { rest: this.#join(node.key, rest, node.right), smallestKey };
  }

  #withoutRight(node: Inner, { rest, smallestKey }: Removal): Removal {
    if (rest === undefined) return { rest: node.left, smallestKey: undefined };
    const key = smallestKey ?? node.key;
    return { rest: this.#join(key, node.left, rest), smallestKey: undefined };
  }

  /** A fork over both, rotated when one side is higher by two. */
  #join(key: Uint8Array, left: Link, right: Link): Inner {
    const lean = left.height - right.height;
    if (lean > 1) {
      const child = this.#fork(left);
      const isOutward = child.left.height >= child.right.height;
      return this.#rotateRight(key, isOutward ? child : this.#pullRight(child), right);
    }
    if (lean < -1) {
      const child = this.#fork(right);
      const isOutward = child.right.height >= child.left.height;
      return this.#rotateLeft(key, left, isOutward ? child : this.#pullLeft(child));
    }
    return new Inner(key, left, right);
  }

  #rotateRight(key: Uint8Array, left: Inner, right: Link): Inner {
    this.#drop(left);
    return new Inner(left.key, left.left, new Inner(key, left.right, right));
  }

  #rotateLeft(key: Uint8Array, left: Link, right: Inner): Inner {
    this.#drop(right);
    return new Inner(right.key, new Inner(key, left, right.left), right.right);
  }

  #pullRight(node: Inner): Inner {
    this.#drop(node);
    return this.#rotateLeft(node.key, node.left, this.#fork(node.right));
  }

  #pullLeft(node: Inner): Inner {
    this.#drop(node);
    return this.#rotateRight(node.key, this.#fork(node.left), node.right);
  }

  #fork(link: Link): Inner {
    const node = resolve(link, this.#load);
    if (node instanceof Inner) return node;
    throw new Error(`broken tree: a leaf stands where height ${link.height} is expected`);
  }

  #drop(node: TreeNode): void {
    if (node.id !== undefined) this.dropped.push(node.id);
  }
}
