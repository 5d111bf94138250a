import assert from 'node:assert/strict';
import fc from 'fast-check';
import { concatBytes, toUtf8 } from '../bytes.ts';
import { encodeVarint, ProtoWriter } from '../protobuf.ts';
import {
  type CommitmentProof,
  decodeCommitmentProof,
  type ExistenceProof,
  encodeCommitmentProof,
  HASH_OP,
  type InnerOp,
  iavlSpec,
  LENGTH_OP,
  type LeafOp,
  MAX_PROOF_BYTES,
  ProofError,
  type ProofRefusal,
  type SingleProof,
  smtSpec,
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

function refusalOfBytes(proof: Uint8Array): ProofRefusal | 'none' {
  const verdict = verifyMembership({ spec: iavlSpec, root: new Uint8Array(32), proof, key, value });
  return verdict.ok ? 'none' : verdict.reason;
}

const message = (field: number, ...parts: Uint8Array[]) =>
  new ProtoWriter().message(field, concatBytes(...parts)).finish();

const bytesUpTo = (maxLength: number) =>
  fc.uint8Array({ maxLength }).map((bytes) => bytes.map((byte) => (byte < 200 ? byte % 6 : byte)));

function readOrRefuse(proof: Uint8Array): CommitmentProof | undefined {
  try {
    return decodeCommitmentProof(proof);
  } catch (error) {
    assert.ok(error instanceof ProofError);
    return undefined;
  }
}

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
  const single: fc.Arbitrary<SingleProof> = fc.oneof(
    existence.map((proof) => ({ kind: 'exist' as const, exist: proof })),
    fc
      .record({ key: bytes, left: neighbour, right: neighbour }, plain)
      .map((nonexist) => ({ kind: 'nonexist' as const, nonexist })),
  );
  const proofs: fc.Arbitrary<CommitmentProof> = fc.oneof(
    single,
    fc.record(
      {
        kind: fc.constant('batch' as const),
        isCompressed: fc.boolean(),
        entries: fc.array(single, { maxLength: 3 }),
      },
      plain,
    ),
  );

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(proofs, (proof) => {
        assert.deepEqual(decodeCommitmentProof(encodeCommitmentProof(proof)), proof);
      }),
    );
  });

  it('takes no bytes that it would not write', () => {
    const edits = fc.array(fc.record({ at: fc.nat(), drop: fc.nat(2), put: bytesUpTo(3) }), {
      minLength: 1,
      maxLength: 2,
    });
    fc.assert(
      fc.property(proofs, edits, (proof, changes) => {
        let changed = encodeCommitmentProof(proof);
        for (const { at, drop, put } of changes) {
          const place = at % (changed.length + 1);
          changed = concatBytes(changed.subarray(0, place), put, changed.subarray(place + drop));
        }
        const read = readOrRefuse(changed);
        if (read !== undefined) assert.deepEqual(encodeCommitmentProof(read), changed);
      }),
      { numRuns: 500 },
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

  it('refuses the other kind and batches that are empty', () => {
    assert.equal(refusalOfBytes(message(3)), 'wrongProofKind');
    assert.equal(refusalOfBytes(message(4)), 'wrongProofKind');
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
