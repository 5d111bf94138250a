/** Valid proofs with every byte changed in turn: none of them proves anything any more. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fromBase64 } from '../bytes.ts';
import {
  iavlSpec,
  type ProofSpec,
  smtSpec,
  tendermintSpec,
  verifyMembership,
  verifyNonMembership,
} from './index.ts';

interface Claim {
  readonly name: string;
  readonly spec: string;
  readonly root: string;
  readonly proof: string;
  readonly key: string;
  readonly value?: string;
  readonly ok: boolean;
}

const load = (name: string): readonly Claim[] => {
  const path = new URL(`../vectors/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as { readonly claims: readonly Claim[] }).claims;
};
const SPECS: Readonly<Record<string, ProofSpec>> = {
  iavl: iavlSpec,
  tendermint: tendermintSpec,
  smt: smtSpec,
};
const CHANGES = [1, 128];
/** Base64 digits of the longest proof that is taken: a handful of steps, so that every byte has its turn quickly. */
const MAX_LENGTH = 800;

const claims = [...load('ics23Trees'), ...load('ics23Forged')];

/** The longest that are short enough. */
function valid(spec: string, isAbsence: boolean, count: number): readonly Claim[] {
  return claims
    .filter((claim) => claim.ok && claim.spec === spec && (claim.value === undefined) === isAbsence)
    .filter((claim) => claim.proof.length <= MAX_LENGTH)
    .filter((claim) => verifies(claim, fromBase64(claim.proof)))
    .sort((a, b) => b.proof.length - a.proof.length)
    .slice(0, count);
}

function verifies(claim: Claim, proof: Uint8Array): boolean {
  const spec = SPECS[claim.spec]!;
  const base = { spec, root: fromBase64(claim.root), proof, key: fromBase64(claim.key) };
  return claim.value === undefined
    ? verifyNonMembership(base).ok
    : verifyMembership({ ...base, value: fromBase64(claim.value) }).ok;
}

describe('ics23: every byte of a valid proof', () => {
  for (const spec of ['iavl', 'tendermint', 'smt']) {
    for (const isAbsence of [false, true]) {
      it(`is needed as it is: ${isAbsence ? 'absence' : 'presence'} in ${spec}`, () => {
        const chosen = valid(spec, isAbsence, 1);
        assert.equal(chosen.length, 1);
        for (const claim of chosen) {
          const proof = fromBase64(claim.proof);
          for (let at = 0; at < proof.length; at++) {
            for (const change of CHANGES) {
              proof[at]! ^= change;
              assert.equal(verifies(claim, proof), false, `${claim.name}: byte ${at} ^ ${change}`);
              proof[at]! ^= change;
            }
          }
          assert.ok(verifies(claim, proof));
        }
      });
    }
  }
});
