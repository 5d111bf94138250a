/** The arena tree against cosmos/iavl over a long history: every root, and proofs of versions long past. Needs Go. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  Arena,
  ArenaTree,
  imageOf,
  treeFromImage,
  treeFromNodes,
} from '../chain/store/arena/index.ts';
import { fromBase64, fromHex, toHex } from '../wire/bytes.ts';
import { encodeCommitmentProof } from '../wire/ics23/index.ts';

const run = promisify(execFile);
const INTEROP = dirname(fileURLToPath(import.meta.url));
const PROGRAM = join(INTEROP, 'bin', 'iavlvectors');
const MAX_OUTPUT = 256 * 1024 * 1024;

interface History {
  readonly versions: readonly {
    readonly version: number;
    readonly operations: readonly string[];
    readonly root: string;
  }[];
  readonly proofs: readonly {
    readonly version: number;
    readonly key: string;
    readonly exists: boolean;
    readonly value: string;
    readonly proof: string;
  }[];
}

/** One version's operations, as "s key value" or "d key". */
function apply(tree: ArenaTree, operations: readonly string[]): void {
  for (const operation of operations) {
    const [kind, key, value] = operation.split(' ') as [string, string, string];
    if (kind === 's') tree.set(fromHex(key), fromHex(value));
    else tree.remove(fromHex(key));
  }
}

describe('the arena tree and cosmos/iavl', function () {
  this.timeout(10 * 60_000);
  let history: History;

  before('prints the history in Go', async () => {
    await run('go', ['build', '-o', PROGRAM, './iavlvectors'], { cwd: INTEROP });
    const { stdout } = await run(PROGRAM, ['long'], { maxBuffer: MAX_OUTPUT });
    history = JSON.parse(stdout) as History;
  });

  it('have 100,000 operations over 500 versions', () => {
    const operations = history.versions.reduce((sum, { operations }) => sum + operations.length, 0);
    assert.ok(operations >= 100_000, `${operations} operations`);
    assert.equal(history.versions.length, 500);
    for (const exists of [true, false]) {
      const count = history.proofs.filter((proof) => proof.exists === exists).length;
      assert.ok(count >= 100, `${count} proofs that a key is ${exists ? 'there' : 'absent'}`);
    }
  });

  // One by one takes ten times as long: a part of the history is enough for it.
  for (const [how, scalar, last] of [
    ['four at a time', false, 500],
    ['one by one', true, 75],
  ] as const) {
    it(`agree on every root and proof up to version ${last}, hashed ${how}`, () => {
      const tree = new ArenaTree(new Arena({ scalar }));
      const proofs = history.proofs.filter(({ version }) => version <= last);
      const proven = new Set(proofs.map(({ version }) => version));
      for (const { version, operations, root } of history.versions.slice(0, last)) {
        apply(tree, operations);
        assert.equal(toHex(tree.saveVersion(version).rootHash), root, `root of ${version}`);
        // The versions between those that are proven go while later ones are made, in no order.
        const going = ((version * 7) % 40) + version - 45;
        if (tree.versions().includes(going) && !proven.has(going)) tree.release(going);
      }
      for (const { version, key, exists, value, proof } of proofs) {
        const got = tree.view(version).prove(fromHex(key));
        assert.ok(typeof got === 'object', `${version} ${key}: ${got}`);
        assert.equal(got.value && toHex(got.value), exists ? value : undefined);
        assert.equal(toHex(encodeCommitmentProof(got.proof)), toHex(fromBase64(proof)));
      }
      for (const version of proven) tree.view(version).verify();
    });
  }

  it('agree again after a tree was read from its image or its nodes in the middle', () => {
    let tree = new ArenaTree(new Arena());
    for (const { version, operations, root } of history.versions) {
      apply(tree, operations);
      assert.equal(toHex(tree.saveVersion(version).rootHash), root, `root of ${version}`);
      const view = tree.view(version);
      if (version % 40 === 0) tree = treeFromImage(new Arena(), imageOf(view));
      if (version % 40 === 20) tree = treeFromNodes(new Arena(), version, view.exportNodes());
    }
  });
});
