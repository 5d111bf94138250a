/** The published vectors of whole proofs; see vectors/README.md. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { concatBytes, fromHex, toHex, toUtf8 } from '../bytes.ts';
import {
  decodeCommitmentProof,
  encodeCommitmentProof,
  iavlSpec,
  type ProofSpec,
  smtSpec,
  tendermintSpec,
  verifyMembership,
  verifyNonMembership,
} from './index.ts';

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

const load = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`vectors/${name}.json`, import.meta.url), 'utf8')) as T;
const trees = load<readonly Claim[]>('trees');
const batches = load<readonly Batch[]>('batches');

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
});
