/** The published vectors of single operations; see vectors/README.md. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fromBase64, toBase64, toHex, toUtf8 } from '../bytes.ts';
import { applyStep } from './existence.ts';
import {
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
  verifyMembership,
} from './index.ts';
import { areLeftChildrenEmpty, areRightChildrenEmpty } from './neighbours.ts';
import { applyHash } from './ops.ts';

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

const path = new URL('vectors/operations.json', import.meta.url);
const operations = JSON.parse(readFileSync(path, 'utf8')) as Operations;

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

describe('published ICS23 operations', () => {
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
