import assert from 'node:assert/strict';
import { concatBytes, toUtf8 } from '../bytes.ts';
import { encodeVarint, ProtoWriter } from '../protobuf.ts';
import {
  decodeCommitmentProof,
  type ExistenceProof,
  encodeCommitmentProof,
  existenceRoot,
  HASH_OP,
  type InnerOp,
  iavlSpec,
  MAX_BATCH_ENTRIES,
  ProofError,
  type SingleProof,
  verifyMembership,
  verifyNonMembership,
} from './index.ts';

const NONE = new Uint8Array(0);
const LENGTH = Uint8Array.of(32);
const leaf = { ...iavlSpec.leaf, prefix: Uint8Array.of(0, 2, 2) };

function leafOf(name: string): ExistenceProof {
  return { key: toUtf8(name), value: toUtf8(`value of ${name}`), leaf, path: [] };
}

/** Two subtrees side by side: all paths of the left one, then of the right one, with a step more. */
function join(left: readonly ExistenceProof[], right: readonly ExistenceProof[], height: number) {
  const head = Uint8Array.of(2 * height, 8, 2, 32);
  const [leftRoot, rightRoot] = [existenceRoot(left[0]!), existenceRoot(right[0]!)];
  const toLeft: InnerOp = {
    hash: HASH_OP.sha256,
    prefix: head,
    suffix: concatBytes(LENGTH, rightRoot),
  };
  const toRight: InnerOp = {
    hash: HASH_OP.sha256,
    prefix: concatBytes(head, leftRoot, LENGTH),
    suffix: NONE,
  };
  return [
    ...left.map((proof) => ({ ...proof, path: [...proof.path, toLeft] })),
    ...right.map((proof) => ({ ...proof, path: [...proof.path, toRight] })),
  ];
}

const [a, c, e, g] = ['a', 'c', 'e', 'g'].map((name) => [leafOf(name)]);
const leaves = join(join(a!, c!, 1), join(e!, g!, 1), 2);
const root = existenceRoot(leaves[0]!);
const exist = (place: number): SingleProof => ({ kind: 'exist', exist: leaves[place]! });
const absent = (key: string, left: number | undefined, right: number | undefined): SingleProof => ({
  kind: 'nonexist',
  nonexist: {
    key: toUtf8(key),
    left: left === undefined ? undefined : leaves[left],
    right: right === undefined ? undefined : leaves[right],
  },
});

function reasonFor(entries: readonly SingleProof[], key: string, isCompressed: boolean): string {
  const proof = encodeCommitmentProof({ kind: 'batch', isCompressed, entries });
  const claim = { spec: iavlSpec, root, proof, key: toUtf8(key) };
  const verdict = 'aceg'.includes(key)
    ? verifyMembership({ ...claim, value: toUtf8(`value of ${key}`) })
    : verifyNonMembership(claim);
  return verdict.ok ? 'proven' : verdict.reason;
}

const all = [exist(0), exist(1), exist(3), absent('d', 1, 2), absent('0', undefined, 0)];
const forged: SingleProof = {
  kind: 'exist',
  exist: { ...leaves[2]!, value: toUtf8('value of c'), key: toUtf8('c') },
};
const cases: readonly (readonly [string, readonly SingleProof[], string, string])[] = [
  ['each key that it holds', all, 'a', 'proven'],
  ['a later one', all, 'g', 'proven'],
  ['an absence', all, 'd', 'proven'],
  ['an absence before all keys', all, '0', 'proven'],
  ['no key that it does not name', all, 'e', 'key'],
  ['no absence that it does not name', all, 'b', 'key'],
  ['no absence in a gap that it proves for another key', all, 'd1', 'key'],
  ['both keys of one gap', [absent('d1', 1, 2), absent('d', 1, 2)], 'd', 'proven'],
  ['no key by its second entry when the first is wrong', [forged, exist(1)], 'c', 'root'],
  ['a key by its first entry when a later one is wrong', [exist(1), forged], 'c', 'proven'],
  [
    'no absence by its second entry when the first that encloses the key is wrong',
    [absent('b', 0, 2), absent('b', 0, 1)],
    'b',
    'notNeighbours',
  ],
  [
    'an absence although an entry for it does not enclose it',
    [absent('d', 2, 3), absent('d', 1, 2)],
    'd',
    'proven',
  ],
  ['no absence that no entry encloses', [absent('d', 2, 3)], 'd', 'notRightOfLeft'],
  ['no absence without neighbours', [absent('d', undefined, undefined)], 'd', 'neighboursMissing'],
  ['no presence when it holds absences alone', [absent('d', 1, 2)], 'a', 'wrongProofKind'],
  ['no absence when it holds presences alone', [exist(0)], 'b', 'wrongProofKind'],
  ['nothing when it is empty', [], 'a', 'wrongProofKind'],
];

describe('a batch of proofs', () => {
  for (const [name, entries, key, expected] of cases) {
    it(`proves ${name}`, () => {
      assert.equal(reasonFor(entries, key, false), expected);
      assert.equal(reasonFor(entries, key, true), expected, 'compressed');
    });
  }

  it('may have 4096 entries and no more', () => {
    const small: SingleProof = { kind: 'exist', exist: { ...leafOf('a'), leaf: undefined } };
    const encoded = (count: number) =>
      encodeCommitmentProof({
        kind: 'batch',
        isCompressed: false,
        entries: Array(count).fill(small),
      });
    assert.doesNotThrow(() => decodeCommitmentProof(encoded(MAX_BATCH_ENTRIES)));
    assert.throws(() => decodeCommitmentProof(encoded(MAX_BATCH_ENTRIES + 1)), /4097 entries/);
  });

  it('may have paths of 256 steps and no longer ones', () => {
    const step = leaves[0]!.path[0]!;
    const encoded = (count: number, isCompressed: boolean) => {
      const long: SingleProof = {
        kind: 'nonexist',
        nonexist: {
          key: NONE,
          left: undefined,
          right: { ...leafOf('a'), path: Array(count).fill(step) },
        },
      };
      return encodeCommitmentProof({ kind: 'batch', isCompressed, entries: [long] });
    };
    for (const isCompressed of [false, true]) {
      assert.doesNotThrow(() => decodeCommitmentProof(encoded(256, isCompressed)));
      assert.throws(
        () => decodeCommitmentProof(encoded(257, isCompressed)),
        (error) => error instanceof ProofError && error.reason === 'depth',
      );
    }
  });
});

describe('the table of a compressed batch', () => {
  const steps = leaves[0]!.path;
  const [first, second] = steps.map((step) =>
    new ProtoWriter().varint(1, step.hash).bytes(2, step.prefix).bytes(3, step.suffix).finish(),
  );
  /** A compressed batch of one proof, by the bytes of its path and of its table. */
  function compressed(path: Uint8Array, table: readonly Uint8Array[]): Uint8Array {
    const proof = new ProtoWriter().bytes(1, toUtf8('a')).bytes(4, path).finish();
    const batch = new ProtoWriter().message(1, new ProtoWriter().message(1, proof).finish());
    for (const step of table) batch.message(2, step);
    return new ProtoWriter().message(4, batch.finish()).finish();
  }
  const refusal = (path: readonly number[], table: readonly Uint8Array[]): string => {
    try {
      decodeCommitmentProof(compressed(concatBytes(...path.map(encodeVarint)), table));
      return 'read';
    } catch (error) {
      assert.ok(error instanceof ProofError);
      return error.got;
    }
  };
  const table = [first!, second!];
  const cases: readonly (readonly [string, readonly number[], readonly Uint8Array[], string])[] = [
    ['is read as compression makes it', [0, 1], table, 'read'],
    ['may be used again and again', [0, 0, 1, 0], table, 'read'],
    ['has every step that a path names', [0, 1, 2], table, 'step 2'],
    ['has no step of a huge number', [0, 2 ** 40], table, `step ${2 ** 40}`],
    ['has no step of a negative number', [0, -1], table, 'step 18446744073709552000'],
    ['has its steps in the order of their use', [1, 0], table, 'step 1'],
    ['has no step that is not used', [0], table, '2 steps'],
    ['has no step twice', [0, 1], [first!, first!], '2 steps'],
    ['is not there without a path', [], table, '2 steps'],
  ];
  for (const [name, path, steps, expected] of cases) {
    it(name, () => assert.equal(refusal(path, steps), expected));
  }

  it('is named by places in their shortest form', () => {
    assert.throws(
      () => decodeCommitmentProof(compressed(Uint8Array.of(0, 0x81, 0), table)),
      /minimal/,
    );
    assert.throws(
      () => decodeCommitmentProof(compressed(Uint8Array.of(0, 0x81), table)),
      /cut short/,
    );
  });
});
