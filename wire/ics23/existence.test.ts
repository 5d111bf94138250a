import assert from 'node:assert/strict';
import { fromHex, toUtf8 } from '../bytes.ts';
import {
  type ExistenceProof,
  encodeCommitmentProof,
  existenceRoot,
  HASH_OP,
  type InnerOp,
  iavlSpec,
  LENGTH_OP,
  type LeafOp,
  ProofError,
  type ProofRefusal,
  smtSpec,
  tendermintSpec,
  verifyMembership,
  verifyNonMembership,
} from './index.ts';

const key = toUtf8('key');
const value = toUtf8('value');
const leaf: LeafOp = { ...iavlSpec.leaf, prefix: Uint8Array.of(0, 2, 2) };
const step: InnerOp = {
  hash: HASH_OP.sha256,
  prefix: Uint8Array.of(2, 4, 2, 32),
  suffix: new Uint8Array(33).fill(32),
};
const exist: ExistenceProof = { key, value, leaf, path: [step] };

/** The reason why IAVL membership is refused although the root fits. */
function refusal(changed: Partial<ExistenceProof>, spec = iavlSpec): ProofRefusal | 'none' {
  const proof = { ...exist, ...changed };
  const root = existenceRoot(proof);
  const encoded = encodeCommitmentProof({ kind: 'exist', exist: proof });
  const verdict = verifyMembership({ spec, root, proof: encoded, key, value });
  return verdict.ok ? 'none' : verdict.reason;
}

describe('a proof that leads to its root', () => {
  const innerWith = (changed: Partial<InnerOp>) => ({ path: [{ ...step, ...changed }] });

  it('holds, and holds no longer for another key, value or root', () => {
    assert.equal(refusal({}), 'none');
    assert.equal(refusal({ key: toUtf8('kez') }), 'key');
    assert.equal(refusal({ value: toUtf8('valuf') }), 'value');
    const encoded = encodeCommitmentProof({ kind: 'exist', exist });
    const root = existenceRoot(exist);
    const claim = { spec: iavlSpec, proof: encoded, key, value };
    assert.deepEqual(verifyMembership({ ...claim, root: root.subarray(1) }).ok, false);
    assert.deepEqual(verifyMembership({ ...claim, root: new Uint8Array(0) }).ok, false);
  });

  const cases: readonly (readonly [string, ProofRefusal | 'none', Partial<ExistenceProof>])[] = [
    ['another hash of the leaf', 'leafOp', { leaf: { ...leaf, hash: HASH_OP.sha512 } }],
    ['a key hashed first', 'leafOp', { leaf: { ...leaf, prehashKey: HASH_OP.sha256 } }],
    ['a value not hashed first', 'leafOp', { leaf: { ...leaf, prehashValue: HASH_OP.noHash } }],
    ['no lengths', 'leafOp', { leaf: { ...leaf, length: LENGTH_OP.noPrefix } }],
    ['no leaf prefix', 'leafPrefix', { leaf: { ...leaf, prefix: new Uint8Array(0) } }],
    ['an inner prefix on a leaf', 'leafPrefix', { leaf: { ...leaf, prefix: step.prefix } }],
    ['a leaf prefix one byte long', 'leafPrefix', { leaf: { ...leaf, prefix: Uint8Array.of(0) } }],
    [
      'a leaf prefix with more behind its numbers',
      'leafPrefix',
      { leaf: { ...leaf, prefix: Uint8Array.of(0, 2, 2, 1) } },
    ],
    ['another hash of an inner node', 'innerOp', innerWith({ hash: HASH_OP.sha512_256 })],
    ['a leaf as an inner node', 'innerPrefix', innerWith({ prefix: Uint8Array.of(0, 4, 2, 32) })],
    ['a prefix of 3 bytes', 'innerPrefix', innerWith({ prefix: Uint8Array.of(2, 4, 2) })],
    [
      'two bytes behind the numbers',
      'innerPrefix',
      innerWith({ prefix: Uint8Array.of(2, 4, 2, 32, 32) }),
    ],
    ['a prefix of 46 bytes', 'innerPrefix', innerWith({ prefix: new Uint8Array(46).fill(2) })],
    ['a negative size', 'innerPrefix', innerWith({ prefix: Uint8Array.of(2, 1, 2, 32) })],
    ['a negative version', 'leafPrefix', { leaf: { ...leaf, prefix: Uint8Array.of(0, 2, 1) } }],
    [
      'a version of 65 bits',
      'leafPrefix',
      { leaf: { ...leaf, prefix: fromHex('0002feffffffffffffffff02') } },
    ],
    [
      'the largest version',
      'none',
      { leaf: { ...leaf, prefix: fromHex('0002feffffffffffffffff01') } },
    ],
    ['a negative height', 'innerPrefix', innerWith({ prefix: Uint8Array.of(1, 4, 2, 32) })],
    ['a suffix of 32 bytes', 'innerSuffix', innerWith({ suffix: new Uint8Array(32) })],
    ['a suffix of two children', 'none', innerWith({ suffix: new Uint8Array(66) })],
    ['a second step no higher than the first', 'innerPrefix', { path: [step, step] }],
  ];
  for (const [name, expected, changed] of cases) {
    it(`with ${name}: ${expected}`, () => assert.equal(refusal(changed), expected));
  }

  it('has inner prefixes that are no leaf prefix and hold one child at most', () => {
    const smtLeaf = { ...smtSpec.leaf, prefix: Uint8Array.of(0) };
    const at = (prefix: Uint8Array) =>
      refusal(
        { leaf: smtLeaf, path: [{ hash: HASH_OP.sha256, prefix, suffix: new Uint8Array(0) }] },
        smtSpec,
      );
    assert.equal(at(new Uint8Array(33).fill(1)), 'none');
    assert.equal(at(new Uint8Array(34).fill(1)), 'innerPrefix');
    assert.equal(at(new Uint8Array(33)), 'innerPrefix');
  });

  it('keeps the bounds of depth that its spec names', () => {
    const at = (minDepth: number, maxDepth: number) =>
      refusal({}, { ...iavlSpec, minDepth, maxDepth });
    assert.deepEqual([at(1, 1), at(2, 4), at(0, 0)], ['none', 'depth', 'depth']);
  });

  it('has a leaf, a key and a value', () => {
    const bad = [
      [{ leaf: undefined }, 'leafMissing'],
      [{ key: new Uint8Array(0) }, 'emptyKey'],
      [{ value: new Uint8Array(0) }, 'emptyValue'],
    ] as const;
    for (const [changed, reason] of bad) {
      const proof = { ...exist, ...changed };
      assert.throws(
        () => existenceRoot(proof),
        (error) => error instanceof ProofError && error.reason === reason,
      );
      const encoded = encodeCommitmentProof({ kind: 'exist', exist: proof });
      const { key: own, value: held } = proof;
      const claim = { spec: iavlSpec, root: new Uint8Array(32), proof: encoded, key: own };
      const verdict = verifyMembership({ ...claim, value: held });
      assert.equal(verdict.ok ? 'none' : verdict.reason, reason);
    }
  });

  it('has no hash wider than a child', () => {
    const wide = { ...tendermintSpec, inner: { ...tendermintSpec.inner, hash: HASH_OP.sha512 } };
    const path = [{ hash: HASH_OP.sha512, prefix: Uint8Array.of(1), suffix: new Uint8Array(32) }];
    assert.equal(refusal({ path }, wide), 'childSize');
  });

  it('does not show that its own key is absent', () => {
    const root = existenceRoot(exist);
    for (const [left, right] of [
      [exist, undefined],
      [undefined, exist],
    ] as const) {
      const nonexist = { key, left, right };
      const proof = encodeCommitmentProof({ kind: 'nonexist', nonexist });
      const verdict = verifyNonMembership({ spec: iavlSpec, root, proof, key });
      const reason = left === undefined ? 'notLeftOfRight' : 'notRightOfLeft';
      assert.equal(verdict.ok ? 'none' : verdict.reason, reason);
    }
  });

  it('is not enough for absence without a neighbour', () => {
    const proof = encodeCommitmentProof({
      kind: 'nonexist',
      nonexist: { key, left: undefined, right: undefined },
    });
    const verdict = verifyNonMembership({ spec: iavlSpec, root: new Uint8Array(32), proof, key });
    assert.equal(verdict.ok ? 'none' : verdict.reason, 'neighboursMissing');
  });
});
