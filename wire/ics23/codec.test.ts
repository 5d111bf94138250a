import assert from 'node:assert/strict';
import fc from 'fast-check';
import { concatBytes, fromHex, toUtf8 } from '../bytes.ts';
import { encodeVarint, ProtoWriter } from '../protobuf.ts';
import {
  type CommitmentProof,
  decodeCommitmentProof,
  type ExistenceProof,
  encodeCommitmentProof,
  existenceRoot,
  HASH_OP,
  type InnerOp,
  iavlSpec,
  LENGTH_OP,
  type LeafOp,
  MAX_PROOF_BYTES,
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

function refusalOfBytes(proof: Uint8Array): ProofRefusal | 'none' {
  const verdict = verifyMembership({ spec: iavlSpec, root: new Uint8Array(32), proof, key, value });
  return verdict.ok ? 'none' : verdict.reason;
}

const message = (field: number, ...parts: Uint8Array[]) =>
  new ProtoWriter().message(field, concatBytes(...parts)).finish();

describe('commitment proof codec', () => {
  const plain = { noNullPrototype: true } as const;
  const bytes = fc.uint8Array({ maxLength: 40 });
  const hash = fc.constantFrom(...Object.values(HASH_OP));
  const leafOp = fc.record(
    {
      hash,
      prehashKey: hash,
      prehashValue: hash,
      length: fc.constantFrom(...Object.values(LENGTH_OP)),
      prefix: bytes,
    },
    plain,
  );
  const innerOp = fc.record({ hash, prefix: bytes, suffix: bytes }, plain);
  const path = fc.array(innerOp, { maxLength: 4 });
  const existence: fc.Arbitrary<ExistenceProof> = fc.record(
    { key: bytes, value: bytes, leaf: fc.option(leafOp, { nil: undefined }), path },
    plain,
  );
  const neighbour = fc.option(existence, { nil: undefined });
  const proofs: fc.Arbitrary<CommitmentProof> = fc.oneof(
    existence.map((proof) => ({ kind: 'exist' as const, exist: proof })),
    fc
      .record({ key: bytes, left: neighbour, right: neighbour }, plain)
      .map((nonexist) => ({ kind: 'nonexist' as const, nonexist })),
  );

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(proofs, (proof) => {
        assert.deepEqual(decodeCommitmentProof(encodeCommitmentProof(proof)), proof);
      }),
    );
  });

  it('refuses every second form of a proof', () => {
    const good = encodeCommitmentProof({ kind: 'exist', exist });
    const inner = good.subarray(2);
    const keyField = message(1, key);
    const forms: Readonly<Record<string, Uint8Array>> = {
      nothing: new Uint8Array(0),
      'cut short': good.subarray(0, -1),
      'trailing junk': concatBytes(good, Uint8Array.of(0)),
      'two proofs': concatBytes(good, message(2)),
      'the same proof twice': concatBytes(good, good),
      'an unknown field': concatBytes(good, message(5)),
      'an unknown field inside': message(1, inner, message(9)),
      'a key twice': message(1, keyField, inner),
      'fields in another order': message(1, inner.subarray(keyField.length), keyField),
      'an explicit default': message(1, message(3, Uint8Array.of(8, 0))),
      'an empty bytes field': message(1, message(1)),
      'a longer length than needed': concatBytes(Uint8Array.of(10, 0x80 | inner.length, 0), inner),
      'a wrong wire type': Uint8Array.of(8, 1),
      'a hash op of no number': message(1, message(3, Uint8Array.of(8, 10))),
      'a negative hash op': message(1, message(3, Uint8Array.of(8), encodeVarint(-1n))),
      'a length op of no number': message(1, message(3, Uint8Array.of(32, 9))),
    };
    assert.equal(refusalOfBytes(good), 'root');
    for (const [name, form] of Object.entries(forms)) {
      assert.equal(refusalOfBytes(form), 'malformed', name);
    }
  });

  it('refuses batches, compressed batches and the other kind by name', () => {
    assert.equal(refusalOfBytes(message(3)), 'unsupportedProof');
    assert.equal(refusalOfBytes(message(4)), 'unsupportedProof');
    const absent = { kind: 'nonexist', nonexist: { key, left: undefined, right: exist } } as const;
    assert.equal(refusalOfBytes(encodeCommitmentProof(absent)), 'wrongProofKind');
  });

  it('refuses a proof over its size and a path over 256 steps', () => {
    const large = new Uint8Array(MAX_PROOF_BYTES + 1);
    assert.equal(refusalOfBytes(large), 'malformed');
    const long = (count: number) =>
      encodeCommitmentProof({ kind: 'exist', exist: { ...exist, path: Array(count).fill(step) } });
    assert.doesNotThrow(() => decodeCommitmentProof(long(256)));
    assert.throws(
      () => decodeCommitmentProof(long(257)),
      (error) => error instanceof ProofError && error.reason === 'depth',
    );
  });

  it('never throws on arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (proof) => {
        const claim = { spec: smtSpec, root: new Uint8Array(32), proof, key };
        assert.equal(verifyMembership({ ...claim, value }).ok, false);
        assert.equal(verifyNonMembership(claim).ok, false);
      }),
    );
  });
});

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
