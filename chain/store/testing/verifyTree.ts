import { equalBytes, toHex } from '../../../wire/bytes.ts';
import { contentHash, Leaf, type LoadNode, resolve, type TreeNode } from './node.ts';

/**
 * Reads every node under a saved root and computes its hash anew, so that afterwards the whole tree is
 * known to be what the root's hash says. Keeps no node in memory. Cost: O(n) reads and hashes.
 * @throws DamagedStoreError for a node that does not read, Error for one that has another hash.
 */
export function verifyTree(root: TreeNode, load: LoadNode): void {
  verifyNode(root);
  if (root instanceof Leaf) return;
  verifyTree(resolve(root.left, load), load);
  verifyTree(resolve(root.right, load), load);
}

/** A node as read has the hash that its parent knows; its own content must give the same. */
function verifyNode(node: TreeNode): void {
  const { id, hash } = node;
  if (id === undefined || hash === undefined) throw new Error('only a saved tree can be verified');
  const found = contentHash(node, id.version);
  if (equalBytes(found, hash)) return;
  throw new Error(
    `node ${id.version}/${id.nonce} has hash ${toHex(found)}, its parent says ${toHex(hash)}`,
  );
}
