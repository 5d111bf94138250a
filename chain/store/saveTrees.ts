import { toUtf8 } from '../../wire/bytes.ts';
import type { Change } from './backing.ts';
import { encodeCommitInfo, type StoreRoot } from './commitInfo.ts';
import type { NodeId, TreeNode } from './node.ts';
import { encodeNode } from './nodeRecord.ts';
import type { DroppedNodes } from './pruning.ts';
import { commitKey, nodeRecordKey, sealed } from './records.ts';
import type { Tree } from './tree.ts';

/**
 * Saves the trees as `version`, in the order of the AppHash: appends their new nodes and the commit
 * record to the changes; gives what this version no longer uses.
 */
export function saveTrees(
  trees: ReadonlyMap<string, Tree>,
  version: number,
  changes: Change[],
): DroppedNodes[] {
  const roots: StoreRoot[] = [];
  const dropped: DroppedNodes[] = [];
  for (const [name, tree] of trees) {
    const saved = tree.saveVersion(version);
    for (const node of saved.added) changes.push(nodeChange(name, node));
    roots.push({ name, root: saved.root });
    dropped.push({ store: name, ids: saved.dropped });
  }
  changes.push(sealed(commitKey(version), encodeCommitInfo(roots)));
  return dropped;
}

function nodeChange(store: string, node: TreeNode): Change {
  return sealed(nodeRecordKey(toUtf8(store), node.id as NodeId), encodeNode(node));
}
