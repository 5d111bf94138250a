import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareBytes, toHex } from '../../../wire/bytes.ts';
import { Inner, Leaf, type LoadNode, type TreeNode } from './node.ts';
import { decodeNode, encodeNode } from './nodeRecord.ts';
import { Tree } from './tree.ts';

const key = fc.uint8Array({ minLength: 1, maxLength: 2, max: 12 });
const edit = fc.record({ key, value: fc.option(fc.uint8Array({ maxLength: 3 })) });
const versions = fc.array(fc.array(edit, { maxLength: 25 }), { maxLength: 6 });

/** Records by place, as a disk would hold them. */
class Shelf {
  readonly records = new Map<string, Uint8Array>();
  readonly load: LoadNode = (stored) => {
    const record = this.records.get(`${stored.id.version}/${stored.id.nonce}`);
    if (record === undefined)
      assert.fail(`node ${stored.id.version}/${stored.id.nonce} is missing`);
    return decodeNode(record, stored);
  };

  put(node: TreeNode): void {
    this.records.set(`${node.id!.version}/${node.id!.nonce}`, encodeNode(node));
  }
}

/** Order, balance, heights and sizes of a whole subtree; its smallest key. */
function checkShape(node: TreeNode, load: LoadNode): Uint8Array {
  if (node instanceof Leaf) return node.key;
  const left =
    node.left instanceof Leaf || node.left instanceof Inner ? node.left : load(node.left);
  const right =
    node.right instanceof Leaf || node.right instanceof Inner ? node.right : load(node.right);
  assert.ok(Math.abs(left.height - right.height) <= 1, 'balance');
  assert.equal(node.height, 1 + Math.max(left.height, right.height));
  assert.equal(node.size, left.size + right.size);
  const smallest = checkShape(left, load);
  assert.deepEqual(checkShape(right, load), node.key, 'the split key is the smallest on the right');
  assert.ok(compareBytes(smallest, node.key) < 0, 'order');
  return smallest;
}

describe('Tree', () => {
  it('equals a map, stays balanced, and reads back from its records', () => {
    const run = (blocks: readonly (readonly { key: Uint8Array; value: Uint8Array | null }[])[]) => {
      const shelf = new Shelf();
      const model = new Map<string, Uint8Array>();
      let tree = new Tree(shelf.load);
      for (const edits of blocks) {
        for (const step of edits) {
          if (step.value === null) {
            assert.equal(tree.remove(step.key), model.delete(toHex(step.key)));
          } else {
            tree.set(step.key, step.value);
            model.set(toHex(step.key), step.value);
          }
        }
        const expected = [...model].sort(([a], [b]) => (a < b ? -1 : 1));
        assert.deepEqual(
          [...tree.iterate({})].map(([k, v]) => [toHex(k), v]),
          expected,
        );
        assert.equal(tree.size, model.size);
        const saved = tree.saveVersion();
        for (const node of saved.added) shelf.put(node);
        for (const id of saved.dropped) {
          assert.ok(
            shelf.records.delete(`${id.version}/${id.nonce}`),
            'dropped once, after it was saved',
          );
        }
        const root = saved.root && shelf.load(saved.root);
        if (root !== undefined) checkShape(root, shelf.load);
        assert.equal(
          shelf.records.size,
          root === undefined ? 0 : 2 * root.size - 1,
          'nothing leaks',
        );
        const hash = tree.rootHash(tree.version);
        tree = new Tree(shelf.load, root, tree.version);
        assert.deepEqual(tree.rootHash(), hash);
      }
    };
    fc.assert(fc.property(versions, run), { numRuns: 300 });
  });

  it('keeps hash and nodes when a missing key is removed or nothing is written', () => {
    const tree = new Tree(() => assert.fail('all is in memory'));
    for (let byte = 1; byte < 20; byte++) tree.set(Uint8Array.of(byte), Uint8Array.of(byte));
    tree.saveVersion();
    const before = tree.rootHash();
    tree.delete(Uint8Array.of(100));
    const saved = tree.saveVersion();
    assert.deepEqual([saved.added.length, saved.dropped.length], [0, 0]);
    assert.deepEqual(tree.rootHash(), before);
  });

  it('makes a new leaf for an equal value, whose version changes the hash', () => {
    const tree = new Tree(() => assert.fail('all is in memory'));
    tree.set(Uint8Array.of(1), Uint8Array.of(1));
    tree.saveVersion();
    const before = tree.rootHash();
    tree.set(Uint8Array.of(1), Uint8Array.of(1));
    assert.notDeepEqual(tree.rootHash(), before);
  });

  it('hashes anew when it is saved as another version than it was hashed for', () => {
    const build = () => {
      const tree = new Tree(() => assert.fail('all is in memory'));
      for (let byte = 1; byte < 9; byte++) tree.set(Uint8Array.of(byte), Uint8Array.of(byte));
      return tree;
    };
    const hashedTwice = build();
    hashedTwice.rootHash(1);
    hashedTwice.set(Uint8Array.of(200), Uint8Array.of(1));
    const once = build();
    once.set(Uint8Array.of(200), Uint8Array.of(1));
    assert.deepEqual(hashedTwice.rootHash(50), once.rootHash(50));
    assert.notDeepEqual(once.rootHash(50), once.rootHash(51));
  });

  it('rolls back to the saved version', () => {
    const tree = new Tree(() => assert.fail('all is in memory'));
    tree.set(Uint8Array.of(1), Uint8Array.of(1));
    tree.saveVersion();
    const before = tree.rootHash();
    tree.set(Uint8Array.of(2), Uint8Array.of(2));
    tree.delete(Uint8Array.of(1));
    tree.rollback();
    assert.deepEqual([...tree.iterate({})], [[Uint8Array.of(1), Uint8Array.of(1)]]);
    assert.deepEqual(tree.rootHash(), before);
    assert.deepEqual(tree.saveVersion().dropped, []);
  });
});
