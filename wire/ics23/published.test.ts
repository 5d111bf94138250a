import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { concatBytes, fromBase64, fromHex, toBase64, toHex, toUtf8 } from '../bytes.ts';
import { applyStep } from './existence.ts';
import {
  decodeCommitmentProof,
  type ExistenceProof,
  encodeCommitmentProof,
  existenceRoot,
  type InnerOp,
  iavlSpec,
  type LeafOp,
  ProofError,
  type ProofRefusal,
  type ProofSpec,
  smtSpec,
  tendermintSpec,
  verifyMembership,
  verifyNonMembership,
} from './index.ts';
import { areLeftChildrenEmpty, areRightChildrenEmpty } from './neighbours.ts';
import { applyHash } from './ops.ts';

type Tree = 'iavl' | 'tendermint' | 'smt';
const SPECS: Readonly<Record<Tree, ProofSpec>> = {
  iavl: iavlSpec,
  tendermint: tendermintSpec,
  smt: smtSpec,
};

/** Bytes in hex; no value means absence. */
interface Claim {
  readonly tree: Tree;
  readonly name: string;
  readonly key: string;
  readonly value: string;
  readonly root: string;
  readonly proof: string;
}

interface Batch {
  readonly tree: Tree;
  readonly name: string;
  readonly root: string;
  readonly keys: readonly string[];
  /** What each value begins with, before its key; empty for absences. */
  readonly values: string;
  readonly proof: string;
}

/** Bytes in base64. */
interface Op {
  readonly hash?: number;
  readonly prehashKey?: number;
  readonly prehashValue?: number;
  readonly length?: number;
  readonly prefix?: string;
  readonly suffix?: string;
}

interface Operations {
  readonly hashes: readonly (readonly [name: string, op: number, hash: string])[];
  readonly leaves: readonly {
    readonly name: string;
    readonly op: Op;
    readonly key: string;
    readonly value: string;
    readonly root: string | null;
  }[];
  readonly inners: readonly {
    readonly name: string;
    readonly op: Op;
    readonly child: string;
    readonly hash: string | null;
  }[];
  readonly existences: readonly {
    readonly name: string;
    readonly key: string;
    readonly value: string;
    readonly leaf?: Op;
    readonly path?: readonly Op[];
    readonly root: string | null;
  }[];
  readonly leafForms: readonly {
    readonly name: string;
    readonly leaf: Op;
    readonly spec: Op;
    readonly isErr: boolean;
  }[];
  readonly forms: readonly {
    readonly name: string;
    readonly leaf?: Op;
    readonly path?: readonly Op[];
    readonly times?: number;
    readonly minDepth?: number;
    readonly maxDepth?: number;
    readonly err: string;
  }[];
  readonly emptyBranches: readonly {
    readonly prefix: string;
    readonly suffix: string;
    readonly emptyChild: string;
    readonly isLeft: boolean;
    readonly isRight: boolean;
  }[];
}

const load = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`vectors/${name}.json`, import.meta.url), 'utf8')) as T;
const trees = load<readonly Claim[]>('trees');
const batches = load<readonly Batch[]>('batches');
const operations = load<Operations>('operations');

const leafOf = (op: Op): LeafOp =>
  ({
    hash: op.hash ?? 0,
    prehashKey: op.prehashKey ?? 0,
    prehashValue: op.prehashValue ?? 0,
    length: op.length ?? 0,
    prefix: fromBase64(op.prefix ?? ''),
  }) as LeafOp;
const innerOf = (op: Op): InnerOp =>
  ({
    hash: op.hash ?? 0,
    prefix: fromBase64(op.prefix ?? ''),
    suffix: fromBase64(op.suffix ?? ''),
  }) as InnerOp;

/** The hash in base64, or null for a refusal. */
function hashOrNull(make: () => Uint8Array): string | null {
  try {
    return toBase64(make());
  } catch (error) {
    assert.ok(error instanceof ProofError);
    return null;
  }
}

/** Why a proof of `foo` is not of this form; `root` when it is. */
function refusalOfForm(spec: ProofSpec, { leaf, path }: Pick<ExistenceProof, 'leaf' | 'path'>) {
  const [key, value] = [toUtf8('food'), toUtf8('bar')];
  const proof = encodeCommitmentProof({ kind: 'exist', exist: { key, value, leaf, path } });
  const verdict = verifyMembership({ spec, root: new Uint8Array(32), proof, key, value });
  return verdict.ok ? 'none' : verdict.reason;
}

function judge(tree: Tree, claim: { root: string; proof: string; key: string; value: string }) {
  const [root, proof, key] = [fromHex(claim.root), fromHex(claim.proof), fromHex(claim.key)];
  const base = { spec: SPECS[tree], root, proof, key };
  return claim.value === ''
    ? verifyNonMembership(base)
    : verifyMembership({ ...base, value: fromHex(claim.value) });
}

describe('published ICS23 vectors', () => {
  for (const claim of trees) {
    it(`${claim.tree}/${claim.name}`, () => {
      assert.deepEqual(judge(claim.tree, claim), { ok: true });
      const proof = fromHex(claim.proof);
      assert.equal(toHex(encodeCommitmentProof(decodeCommitmentProof(proof))), claim.proof);
    });
  }

  for (const { tree, name, root, keys, values, proof } of batches) {
    it(`${tree}/${name}: ${keys.length} keys`, () => {
      for (const key of keys) {
        const value = values && toHex(concatBytes(toUtf8(values), fromHex(key)));
        assert.deepEqual(judge(tree, { root, proof, key, value }), { ok: true }, key);
      }
      assert.equal(toHex(encodeCommitmentProof(decodeCommitmentProof(fromHex(proof)))), proof);
    });
  }

  it('the claims of one tree combined into a batch, plain and compressed, and no others', () => {
    for (const tree of ['iavl', 'tendermint', 'smt'] as const) {
      const own = trees.filter(
        (claim) => claim.tree === tree && !claim.name.startsWith('existence'),
      );
      const entries = own.map(({ proof }) => decodeCommitmentProof(fromHex(proof)));
      for (const isCompressed of [false, true]) {
        const singles = entries.flatMap((entry) => (entry.kind === 'batch' ? [] : [entry]));
        const batch = { kind: 'batch', isCompressed, entries: singles } as const;
        const proof = toHex(encodeCommitmentProof(batch));
        for (const claim of own) {
          assert.deepEqual(judge(tree, { ...claim, proof }), { ok: true }, claim.name);
          assert.equal(
            judge(tree === 'iavl' ? 'tendermint' : 'iavl', { ...claim, proof }).ok,
            false,
          );
        }
        const stranger = trees.find((claim) => claim.tree !== tree)!;
        assert.equal(judge(tree, { ...stranger, proof }).ok, false);
      }
    }
  });

  for (const [name, op, expected] of operations.hashes) {
    it(`hash: ${name}`, () =>
      assert.equal(toHex(applyHash(op as LeafOp['hash'], toUtf8('food'))), expected));
  }

  for (const { name, op, key, value, root } of operations.leaves) {
    it(`leaf: ${name}`, () => {
      const proof = { key: fromBase64(key), value: fromBase64(value), leaf: leafOf(op), path: [] };
      assert.equal(
        hashOrNull(() => existenceRoot(proof)),
        root,
      );
    });
  }

  for (const { name, op, child, hash } of operations.inners) {
    it(`inner: ${name}`, () =>
      assert.equal(
        hashOrNull(() => applyStep(innerOf(op), fromBase64(child))),
        hash,
      ));
  }

  for (const { name, key, value, leaf, path = [], root } of operations.existences) {
    it(`existence: ${name}`, () => {
      const proof = {
        key: fromBase64(key),
        value: fromBase64(value),
        leaf: leaf && leafOf(leaf),
        path: path.map(innerOf),
      };
      assert.equal(
        hashOrNull(() => existenceRoot(proof)),
        root,
      );
    });
  }

  for (const { name, leaf, spec, isErr } of operations.leafForms) {
    it(`form of a leaf: ${name}`, () => {
      const leafSpec = { ...iavlSpec, prefixRule: 'none' as const, leaf: leafOf(spec) };
      const refusal = refusalOfForm(leafSpec, { leaf: leafOf(leaf), path: [] });
      assert.equal(['leafOp', 'leafPrefix'].includes(refusal), isErr, refusal);
    });
  }

  const REASONS: Readonly<Record<string, ProofRefusal>> = {
    '': 'root',
    'existence Proof needs defined LeafOp': 'leafMissing',
    'innerOps depth too short: 1': 'depth',
    'innerOps depth too long: 5': 'depth',
    'innerOps depth too long: 129': 'depth',
    'inner, unexpected HashOp: 0': 'innerOp',
    'inner, unexpected HashOp: 2': 'innerOp',
    'leaf, unexpected PrehashValue: 0': 'leafOp',
    'inner, unexpected EOF': 'innerPrefix',
  };
  for (const { name, leaf, path = [], times, minDepth, maxDepth, err } of operations.forms) {
    it(`form: ${name}`, () => {
      const spec = {
        ...iavlSpec,
        minDepth: minDepth ?? 0,
        maxDepth: maxDepth || iavlSpec.maxDepth,
      };
      const steps = times === undefined ? path : Array<Op>(times).fill(path[0]!);
      const form = { leaf: leaf && leafOf(leaf), path: steps.map(innerOf) };
      assert.equal(refusalOfForm(spec, form), REASONS[err]);
    });
  }

  it('empty branches', () => {
    for (const { prefix, suffix, emptyChild, isLeft, isRight } of operations.emptyBranches) {
      const spec = { ...smtSpec.inner, emptyChild: fromBase64(emptyChild) };
      const step = innerOf({ hash: 1, prefix, suffix });
      const found = [areLeftChildrenEmpty(spec, step), areRightChildrenEmpty(spec, step)];
      assert.deepEqual(found, [isLeft, isRight]);
    }
  });
});
