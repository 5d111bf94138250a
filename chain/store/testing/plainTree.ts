/** The object tree as a `StateTree`: all nodes in memory, easy to read, the twin of the fast one. */
import type { ExportedNode, SavedTree, StateTree } from '../arena/contract.ts';
import { ByteReader } from '../byteReader.ts';
import { ByteWriter } from '../byteWriter.ts';
import { VersionError } from '../errors.ts';
import type { KeyRange, KeyValue } from '../kvStore.ts';
import type { TreeProof, Unprovable } from '../proofOps.ts';
import type { TreeKind, TreeSpace } from '../stateTree.ts';
import { contentHash, Inner, Leaf, type TreeNode } from './node.ts';
import { Tree } from './tree.ts';
import { proveKey } from './treeProof.ts';
import { TreeView } from './treeView.ts';
import { verifyTree } from './verifyTree.ts';

const CHUNK_BYTES = 1 << 16;

const loadNothing = (): never => {
  throw new Error('all nodes are in memory');
};

class PlainView extends TreeView implements SavedTree {
  readonly version: number;

  constructor(root: TreeNode | undefined, version: number) {
    super(root, loadNothing);
    this.version = version;
  }

  get size(): number {
    return this.root?.size ?? 0;
  }

  prove(key: Uint8Array): TreeProof | Unprovable {
    return proveKey(this, key);
  }

  *exportNodes(): Generator<ExportedNode, void, undefined> {
    if (this.root !== undefined) yield* nodesUnder(this.root);
  }

  verify(): void {
    if (this.root !== undefined) verifyTree(this.root, loadNothing);
  }
}

function* nodesUnder(node: TreeNode): Generator<ExportedNode, void, undefined> {
  if (node instanceof Inner) {
    yield* nodesUnder(node.left as TreeNode);
    yield* nodesUnder(node.right as TreeNode);
  }
  const value = node instanceof Leaf ? node.value : undefined;
  yield { key: node.key, value, version: node.id!.version, height: node.height };
}

/** See the module note. */
export class PlainTree implements StateTree {
  readonly #tree: Tree;
  readonly #versions = new Map<number, PlainView>();
  #version: number;
  /** The version that edits are replayed as. */
  #replayed = 0;

  /** A tree without versions, or with one. */
  constructor(root?: TreeNode, version = 0) {
    this.#tree = new Tree(loadNothing, root, version);
    this.#version = version;
    if (version > 0) this.#versions.set(version, new PlainView(root, version));
  }

  get version(): number {
    return this.#version;
  }

  get size(): number {
    return this.#tree.size;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#tree.get(key);
  }

  has(key: Uint8Array): boolean {
    return this.#tree.has(key);
  }

  iterate(range: KeyRange): Iterable<KeyValue> {
    return this.#tree.iterate(range);
  }

  set(key: Uint8Array, value: Uint8Array): void {
    this.#tree.set(key, value);
  }

  delete(key: Uint8Array): void {
    this.#tree.remove(key);
  }

  remove(key: Uint8Array): boolean {
    return this.#tree.remove(key);
  }

  rootHash(version: number): Uint8Array {
    return this.#tree.rootHash(version);
  }

  replayAs(version: number): void {
    if (this.#replayed > 0) this.#tree.saveVersion(this.#replayed);
    this.#replayed = version;
  }

  saveVersion(version: number): { readonly rootHash: Uint8Array } {
    this.#tree.saveVersion(version);
    this.#version = version;
    if (this.#replayed > 0) this.#versions.clear();
    this.#replayed = 0;
    const view = new PlainView(this.#tree.saved.root, version);
    this.#versions.set(version, view);
    return view;
  }

  rollback(): void {
    this.#tree.rollback();
  }

  view(version: number): SavedTree {
    const view = this.#versions.get(version);
    if (view !== undefined) return view;
    const [earliest = 0] = this.#versions.keys();
    throw new VersionError(BigInt(version), BigInt(earliest), BigInt(this.version));
  }

  release(version: number): void {
    if (version === this.version) throw new RangeError(`version ${version} is the latest`);
    this.view(version);
    this.#versions.delete(version);
  }

  versions(): readonly number[] {
    return [...this.#versions.keys()];
  }
}

const plainSpace: TreeSpace = {
  bytes: 0,
  empty: () => new PlainTree(),
  fromImage(chunks) {
    const pieces = chunks[Symbol.iterator]();
    const first = pieces.next();
    if (first.done === true) throw new TypeError('image of a tree: it has no chunks');
    const reader = new ByteReader(first.value, 'first chunk of the image');
    const version = reader.unsigned();
    reader.end();
    const nodes = plainSpace.readNodes(version);
    for (const node of nodesOfImage({ [Symbol.iterator]: () => pieces })) nodes.push(node);
    return nodes.finish();
  },
  readNodes(version) {
    const stack: TreeNode[] = [];
    return {
      push: (node) => void stack.push(nodeOf(node, stack)),
      finish() {
        if (stack.length <= 1) return new PlainTree(stack[0], version);
        throw new TypeError(`exported nodes: ${stack.length} have no parent`);
      },
    };
  },
};

/** An image of an object tree is its version, then the exported nodes one after the other. */
export const plainTrees: TreeKind = {
  space: () => plainSpace,
  *imageOf(view) {
    const writer = new ByteWriter().unsigned(view.version);
    yield writer.take();
    for (const { key, value, version, height } of view.exportNodes()) {
      writer.unsigned(height).unsigned(version).bytes(key);
      if (value !== undefined) writer.bytes(value);
      if (writer.length >= CHUNK_BYTES) yield writer.take();
    }
    if (writer.length > 0) yield writer.take();
  },
};

function* nodesOfImage(chunks: Iterable<Uint8Array>): Generator<ExportedNode, void, undefined> {
  for (const chunk of chunks) {
    const reader = new ByteReader(chunk, 'image of a tree');
    while (!reader.done) {
      const height = reader.unsigned();
      const version = reader.unsigned();
      const key = reader.bytes();
      yield { key, version, height, value: height === 0 ? reader.bytes() : undefined };
    }
  }
}

function nodeOf({ key, value, version, height }: ExportedNode, stack: TreeNode[]): TreeNode {
  const node = value === undefined ? forkOf(key, stack) : new Leaf(key, value);
  if (node.height !== height) {
    throw new TypeError(`exported node: height ${height}, expected ${node.height}`);
  }
  node.id = { version, nonce: 1 };
  node.hash = contentHash(node, version);
  return node;
}

function forkOf(key: Uint8Array, stack: TreeNode[]): Inner {
  const right = stack.pop();
  const left = stack.pop();
  if (left === undefined || right === undefined) {
    throw new TypeError('exported nodes: a parent stands before its children');
  }
  return new Inner(key, left, right);
}
