import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fromBase64, toHex, toUtf8 } from './bytes.ts';
import { sha256 } from './hash.ts';
import {
  innerHash,
  leafHash,
  merkleProof,
  merkleProofs,
  merkleRoot,
  merkleRootFromProof,
  merkleRootOfHashes,
} from './merkle.ts';
import vectors from './vectors/merkle.json' with { type: 'json' };

/** The definition of RFC 6962 §2.1, word for word, as the slow twin. */
function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256(new Uint8Array(0));
  if (leaves.length === 1) return leafHash(leaves[0]!);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return innerHash(naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split)));
}

const leavesOf = (count: number) =>
  Array.from({ length: count }, (_, i) => toUtf8(`leaf number ${i}`));

describe('merkle', () => {
  it('gives the roots of RFC 6962 for no leaf and an empty leaf', () => {
    assert.equal(
      toHex(merkleRoot([])),
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    assert.equal(
      toHex(merkleRoot([new Uint8Array(0)])),
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
  });

  it('equals the recursive definition for every size up to 40', () => {
    for (let count = 0; count <= 40; count++) {
      const leaves = leavesOf(count);
      assert.deepEqual(merkleRoot(leaves), naiveRoot(leaves), `${count} leaves`);
      assert.deepEqual(merkleRootOfHashes(leaves.map(leafHash)), naiveRoot(leaves));
    }
  });

  it('proves every leaf of every size up to 20', () => {
    for (let count = 1; count <= 20; count++) {
      const leaves = leavesOf(count);
      const root = merkleRoot(leaves);
      merkleProofs(leaves).forEach((proof, index) => {
        assert.deepEqual(proof, merkleProof(leaves, index));
        assert.deepEqual(
          merkleRootFromProof(proof.leafHash, index, count, proof.aunts),
          root,
          `leaf ${index} of ${count}`,
        );
      });
    }
  });

  it('leads elsewhere for another place, leaf or aunt', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.nat(), fc.nat(), (count, a, b) => {
        const leaves = leavesOf(count);
        const root = toHex(merkleRoot(leaves));
        const { index, aunts, leafHash: hash } = merkleProof(leaves, a % count);
        const other = b % count;
        const moved = merkleRootFromProof(hash, other, count, aunts);
        if (other !== index) assert.notEqual(moved && toHex(moved), root);
        const bent = aunts.map((aunt, i) => (i === b % aunts.length ? leafHash(aunt) : aunt));
        assert.notEqual(toHex(merkleRootFromProof(hash, index, count, bent)!), root);
        assert.notEqual(toHex(merkleRootFromProof(leafHash(hash), index, count, aunts)!), root);
      }),
    );
  });

  for (const { size, root, aunts } of vectors.trees) {
    it(`equals CometBFT: ${size} leaves`, () => {
      const leaves = Array.from({ length: size }, (_, i) => toUtf8(`leaf ${i}`));
      assert.equal(toHex(merkleRoot(leaves)), toHex(fromBase64(root)));
      aunts.forEach((expected, index) => {
        const proof = merkleProof(leaves, index);
        assert.deepEqual(
          proof.aunts.map(toHex),
          expected.map((aunt) => toHex(fromBase64(aunt))),
        );
      });
    });
  }

  it('takes a proof at another place exactly where CometBFT does', () => {
    for (const { size, from, places } of vectors.moves) {
      const leaves = Array.from({ length: size }, (_, i) => toUtf8(`leaf ${i}`));
      const root = toHex(merkleRoot(leaves));
      const { leafHash: hash, aunts } = merkleProof(leaves, from);
      const found: number[][] = [];
      for (let total = 0; total <= 9; total++) {
        for (let index = -1; index <= total; index++) {
          const reached = merkleRootFromProof(hash, index, total, aunts);
          if (reached !== undefined && toHex(reached) === root) found.push([index, total]);
        }
      }
      assert.deepEqual(found, places, `leaf ${from} of ${size}`);
    }
  });

  it('refuses aunts that do not fit the place', () => {
    const leaves = leavesOf(11);
    const { leafHash: hash, aunts } = merkleProof(leaves, 10);
    const refused = [
      merkleRootFromProof(hash, 10, 11, aunts.slice(1)),
      merkleRootFromProof(hash, 10, 11, [...aunts, hash]),
      merkleRootFromProof(hash, 9, 11, aunts),
      merkleRootFromProof(hash, 11, 11, aunts),
      merkleRootFromProof(hash, -1, 11, aunts),
      merkleRootFromProof(hash, 0.5, 11, aunts),
      merkleRootFromProof(hash, 0, 0, []),
      merkleRootFromProof(hash, 0, 2 ** 32 + 1, aunts),
      merkleRootFromProof(hash, 0, Number.NaN, aunts),
      merkleRootFromProof(hash.subarray(1), 10, 11, aunts),
      merkleRootFromProof(hash, 10, 11, [aunts[0]!.subarray(1), ...aunts.slice(1)]),
      merkleRootFromProof(
        hash,
        0,
        1,
        Array.from({ length: 101 }, () => hash),
      ),
    ];
    assert.deepEqual(refused, Array(refused.length).fill(undefined));
  });

  it('walks the largest tree allowed', () => {
    const hash = leafHash(toUtf8('x'));
    const aunts = Array.from({ length: 32 }, () => hash);
    assert.equal(merkleRootFromProof(hash, 2 ** 32 - 1, 2 ** 32, aunts)?.length, 32);
  });

  it('names the index when no leaf stands there', () => {
    assert.throws(() => merkleProof(leavesOf(3), 3), /index: expected 0 to 2, got 3/);
    assert.throws(() => merkleProof([], 0), RangeError);
  });
});
