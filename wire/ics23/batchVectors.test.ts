/** Batches with the verdict of github.com/cosmos/ics23/go v0.11.0: nothing is accepted that it refuses. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fromBase64 } from '../bytes.ts';
import {
  iavlSpec,
  type ProofSpec,
  type ProofVerdict,
  smtSpec,
  tendermintSpec,
  verifyMembership,
  verifyNonMembership,
} from './index.ts';

/** Without a value it is of absence. */
interface Claim<Proof> {
  readonly name: string;
  readonly spec: string;
  readonly root: string;
  readonly proof: Proof;
  readonly key: string;
  readonly value?: string;
  readonly ok: boolean;
}

interface BatchVectors {
  readonly proofs: readonly string[];
  /** Their proofs are places in the list. */
  readonly claims: readonly Claim<number>[];
  readonly flips: readonly {
    readonly claim: Claim<string>;
    readonly xor: readonly number[];
    /** For each xor the verdicts by offset, as 0 and 1. */
    readonly verdicts: readonly string[];
  }[];
}

const path = new URL('../vectors/ics23Batches.json', import.meta.url);
const vectors = JSON.parse(readFileSync(path, 'utf8')) as BatchVectors;
const SPECS: Readonly<Record<string, ProofSpec>> = {
  iavl: iavlSpec,
  tendermint: tendermintSpec,
  smt: smtSpec,
};

function judge(claim: Claim<unknown>, proof: Uint8Array): ProofVerdict {
  const spec = SPECS[claim.spec]!;
  const base = { spec, root: fromBase64(claim.root), proof, key: fromBase64(claim.key) };
  return claim.value === undefined
    ? verifyNonMembership(base)
    : verifyMembership({ ...base, value: fromBase64(claim.value) });
}

/**
 * Where only ours refuses: another encoding or table than compression makes, an absence that no entry names, an
 * inner node that RFC 6962 never makes.
 */
function strictness(verdict: ProofVerdict, isAccepted: boolean, name: string): string {
  if (verdict.ok) {
    assert.ok(isAccepted, `${name}: accepted, the Go module refuses it`);
    return 'agreed';
  }
  if (!isAccepted) return 'agreed';
  const isKnown = ['malformed', 'key'].includes(verdict.reason);
  assert.ok(isKnown || (verdict.reason === 'innerPrefix' && name.startsWith('tendermint')), name);
  return verdict.reason;
}

describe('ics23 batches against the Go module', () => {
  it('agree on claims about honest and altered batches', () => {
    const found: Record<string, number> = {};
    for (const claim of vectors.claims) {
      const verdict = judge(claim, fromBase64(vectors.proofs[claim.proof]!));
      const strict = strictness(verdict, claim.ok, claim.name);
      if (strict !== 'agreed') {
        const isExpected =
          strict === 'key' ? claim.value === undefined : claim.name.includes('table: ');
        assert.ok(isExpected, `${claim.name}: ${JSON.stringify(verdict)}`);
      }
      found[`${strict} ${claim.ok}`] = (found[`${strict} ${claim.ok}`] ?? 0) + 1;
    }
    assert.ok(found['agreed true']! > 150 && found['agreed false']! > 150, JSON.stringify(found));
  });

  it('agree on every byte changed, where what is accepted proves the same', () => {
    let accepted = 0;
    for (const { claim, xor, verdicts } of vectors.flips) {
      const proof = fromBase64(claim.proof);
      assert.deepEqual(judge(claim, proof), { ok: true }, claim.name);
      xor.forEach((change, i) => {
        for (let at = 0; at < proof.length; at++) {
          proof[at]! ^= change;
          const verdict = judge(claim, proof);
          const name = `${claim.name}: byte ${at} ^ ${change}`;
          strictness(verdict, verdicts[i]![at] === '1', name);
          if (verdict.ok) accepted += 1;
          proof[at]! ^= change;
        }
      });
    }
    // The other entry of a batch may be wrong: no claim is about it.
    assert.ok(accepted > 100);
  });
});
