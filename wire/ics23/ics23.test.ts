import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fromBase64, toHex } from '../bytes.ts';
import {
  decodeCommitmentProof,
  existenceRoot,
  iavlSpec,
  ProofError,
  type ProofSpec,
  type ProofVerdict,
  smtSpec,
  tendermintSpec,
  verifyMembership,
  verifyNonMembership,
} from './index.ts';

/** A claim with the verdict of github.com/cosmos/ics23/go v0.11.0; without a value it is of absence. */
interface Claim {
  readonly name: string;
  readonly spec: string;
  readonly root: string;
  readonly proof: string;
  readonly key: string;
  readonly value?: string;
  readonly ok: boolean;
}

interface TreeVectors {
  readonly claims: readonly Claim[];
  readonly honest: number;
  /** Claim, offset, xor, verdict. */
  readonly flips: readonly (readonly [number, number, number, 0 | 1])[];
}

interface ForgedVectors {
  readonly claims: readonly Claim[];
  readonly ops: readonly { readonly proof: string; readonly root?: string }[];
}

const load = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'));
const trees = load('ics23Trees') as TreeVectors;
const forged = load('ics23Forged') as ForgedVectors;

const SPECS: Readonly<Record<string, ProofSpec>> = {
  iavl: iavlSpec,
  tendermint: tendermintSpec,
  smt: smtSpec,
};

function judge(claim: Claim, proof = fromBase64(claim.proof)): ProofVerdict {
  const spec = SPECS[claim.spec]!;
  const base = { spec, root: fromBase64(claim.root), proof, key: fromBase64(claim.key) };
  return claim.value === undefined
    ? verifyNonMembership(base)
    : verifyMembership({ ...base, value: fromBase64(claim.value) });
}

/**
 * Ours refuses what the Go module refuses. Where only ours refuses it must be for one of these: a
 * second encoding, an absence proof that speaks of another key, an inner node that RFC 6962 never makes.
 */
function assertAgrees(verdict: ProofVerdict, expected: boolean, name: string): string | undefined {
  if (verdict.ok === expected) return undefined;
  assert.equal(expected, true, `${name}: accepted, the Go module refuses it`);
  const reason = verdict.ok ? '' : verdict.reason;
  const isStricter =
    ['malformed', 'key'].includes(reason) ||
    (reason === 'innerPrefix' && name.startsWith('tendermint'));
  assert.ok(isStricter, `${name}: refused by ${JSON.stringify(verdict)}, the Go module accepts it`);
  return reason;
}

function countByReason(reasons: readonly (string | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const reason of reasons) if (reason) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

describe('ics23 against the Go module', () => {
  it('accepts every proof of a real IAVL tree and multistore', () => {
    for (const claim of trees.claims.slice(0, trees.honest)) {
      assert.deepEqual(judge(claim), { ok: true }, claim.name);
    }
  });

  it('agrees on the same claims with one thing changed', () => {
    const bent = trees.claims.slice(trees.honest);
    const stricter = bent.map((claim) => assertAgrees(judge(claim), claim.ok, claim.name));
    assert.ok(bent.length > 300);
    assert.deepEqual(Object.keys(countByReason(stricter)), ['key']);
  });

  it('refuses every proof with one bit changed', () => {
    for (const [at, offset, xor, ok] of trees.flips) {
      const claim = trees.claims[at]!;
      const proof = fromBase64(claim.proof);
      proof[offset]! ^= xor;
      const name = `${claim.name}, byte ${offset} ^ ${xor}`;
      const verdict = judge(claim, proof);
      assertAgrees(verdict, ok === 1, name);
      assert.equal(verdict.ok, false, name);
    }
  });

  it('agrees on forged proofs that lead to their root', () => {
    const stricter = forged.claims.map((claim) => assertAgrees(judge(claim), claim.ok, claim.name));
    const accepted = forged.claims.filter((claim) => judge(claim).ok).length;
    assert.ok(accepted > 150 && accepted < forged.claims.length - 150, `${accepted} accepted`);
    assert.deepEqual(Object.keys(countByReason(stricter)), ['innerPrefix']);
  });

  it('computes every hash and length op, and refuses the same ones', () => {
    for (const { proof, root } of forged.ops) {
      const decoded = decodeCommitmentProof(fromBase64(proof));
      assert.ok(decoded.kind === 'exist');
      if (root === undefined) assert.throws(() => existenceRoot(decoded.exist), ProofError, proof);
      else assert.equal(toHex(existenceRoot(decoded.exist)), toHex(fromBase64(root)), proof);
    }
  });
});
