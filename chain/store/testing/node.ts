/**
 * The nodes of an IAVL tree. A node is never changed once another holds it: an edit makes new nodes
 * along its path and shares the rest, so an old root stays readable while a block writes.
 * Hash formats: cosmos/iavl v1, node.go.
 */
import { sha256 } from '../../../wire/hash.ts';
import { ByteWriter } from '../byteWriter.ts';

/** Where a saved node is kept: the version that made it, and its pre-order place in that version, from 1. */
export interface NodeId {
  readonly version: number;
  readonly nonce: number;
}

/** A key with its value. */
export class Leaf {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly height = 0;
  readonly size = 1;
  /** Set when the node is saved. */
  id: NodeId | undefined;
  hash: Uint8Array | undefined;

  constructor(key: Uint8Array, value: Uint8Array) {
    this.key = key;
    this.value = value;
    this.id = undefined;
    this.hash = undefined;
  }
}

/** A fork: keys below `key` are on the left, the others on the right. */
export class Inner {
  readonly key: Uint8Array;
  /** Replaced by the node itself once it has been loaded; never by another node. */
  left: Link;
  right: Link;
  readonly height: number;
  /** Leaves underneath. */
  readonly size: number;
  id: NodeId | undefined;
  hash: Uint8Array | undefined;

  constructor(key: Uint8Array, left: Link, right: Link) {
    this.key = key;
    this.left = left;
    this.right = right;
    this.height = 1 + Math.max(left.height, right.height);
    this.size = left.size + right.size;
    this.id = undefined;
    this.hash = undefined;
  }
}

/** A saved node that is not in memory, with all that its parent must know of it. */
export class StoredNode {
  readonly id: NodeId;
  readonly hash: Uint8Array;
  readonly height: number;
  readonly size: number;

  constructor(id: NodeId, hash: Uint8Array, shape: { height: number; size: number }) {
    this.id = id;
    this.hash = hash;
    this.height = shape.height;
    this.size = shape.size;
  }
}

export type TreeNode = Leaf | Inner;
export type Link = TreeNode | StoredNode;
/** Reads a saved node. @throws DamagedStoreError or VersionError when it is not there. */
export type LoadNode = (stored: StoredNode) => TreeNode;

/** The node behind a link. */
export function resolve(link: Link, load: LoadNode): TreeNode {
  return link instanceof StoredNode ? load(link) : link;
}

/** The left child, kept in memory from now on. */
export function leftChild(node: Inner, load: LoadNode): TreeNode {
  const child = resolve(node.left, load);
  node.left = child;
  return child;
}

/** The right child, kept in memory from now on. */
export function rightChild(node: Inner, load: LoadNode): TreeNode {
  const child = resolve(node.right, load);
  node.right = child;
  return child;
}

const scratch = new ByteWriter();
const HASH_BYTES = 32;

/** The hash of a node, where those that are not saved yet count as made in `version`. */
export function hashOf(link: Link, version: number): Uint8Array {
  if (link instanceof StoredNode || link.hash !== undefined) return link.hash as Uint8Array;
  link.hash = contentHash(link, version);
  return link.hash;
}

/** The hash of what a node holds, whatever hash it has been given. */
export function contentHash(node: TreeNode, version: number): Uint8Array {
  return node instanceof Leaf ? hashLeaf(node, version) : hashInner(node, version);
}

function hashLeaf(leaf: Leaf, version: number): Uint8Array {
  scratch.signed(0).signed(1).signed(version).bytes(leaf.key).bytes(sha256(leaf.value));
  return scratch.use(sha256);
}

function hashInner(node: Inner, version: number): Uint8Array {
  const left = hashOf(node.left, version);
  const right = hashOf(node.right, version);
  scratch.raw(innerPrefix(node, version)).raw(left).unsigned(HASH_BYTES).raw(right);
  return scratch.use(sha256);
}

const prefixScratch = new ByteWriter();

/** What an inner node's hash starts with, up to and including the length byte of the left hash. */
export function innerPrefix(node: Inner, version: number): Uint8Array {
  prefixScratch.signed(node.height).signed(node.size).signed(version).unsigned(HASH_BYTES);
  return prefixScratch.take();
}

/** What a leaf's hash starts with, before the key. */
export function leafPrefix(version: number): Uint8Array {
  return prefixScratch.signed(0).signed(1).signed(version).take();
}

/** Forgets the hashes of nodes that are not saved, for when they are saved under another version. */
export function forgetHashes(link: Link): void {
  if (link instanceof StoredNode || link.id !== undefined) return;
  link.hash = undefined;
  if (link instanceof Inner) {
    forgetHashes(link.left);
    forgetHashes(link.right);
  }
}

/** What must be known of a saved node to find it again. @throws Error when it is not saved. */
export function storedForm(link: Link): StoredNode {
  if (link instanceof StoredNode) return link;
  if (link.id === undefined || link.hash === undefined) throw new Error('the node is not saved');
  return new StoredNode(link.id, link.hash, link);
}
