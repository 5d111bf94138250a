/** Verifying that a store holds a value under a key, or nothing, against a root that is trusted. */
import { compareBytes, equalBytes } from '../bytes.ts';
import { ACCEPTED, type Verdict } from '../verdict.ts';
import { decodeCommitmentProof } from './codec.ts';
import { checkExistence } from './existence.ts';
import { isLeftmost, isLeftNeighbour, isRightmost } from './neighbours.ts';
import { applyPrehash } from './ops.ts';
import { ProofError, type ProofRefusal, shown } from './proofError.ts';
import type { ProofSpec } from './spec.ts';
import type { NonExistenceProof } from './types.ts';

/** A claim that `key` is absent under `root`, with the encoded CommitmentProof. */
export interface AbsenceClaim {
  readonly spec: ProofSpec;
  readonly root: Uint8Array;
  readonly proof: Uint8Array;
  readonly key: Uint8Array;
}

/** A claim that `key` holds `value` under `root`. */
export interface PresenceClaim extends AbsenceClaim {
  readonly value: Uint8Array;
}

export type ProofVerdict = Verdict<ProofRefusal>;

/** Whether the proof shows that `key` holds exactly `value`. Never throws on a bad proof. */
export function verifyMembership(claim: PresenceClaim): ProofVerdict {
  return verdictOf(() => {
    const { spec, root, key, value } = claim;
    const proof = decodeCommitmentProof(claim.proof);
    if (proof.kind !== 'exist') {
      throw new ProofError('wrongProofKind', 'a non-existence proof', 'an existence proof');
    }
    checkSame('key', proof.exist.key, key);
    checkSame('value', proof.exist.value, value);
    checkExistence(spec, root, proof.exist);
  });
}

/**
 * Whether the proof shows that nothing is stored under `key`: its neighbours are stored, the key
 * lies strictly between them, and nothing else does. Never throws on a bad proof.
 */
export function verifyNonMembership(claim: AbsenceClaim): ProofVerdict {
  return verdictOf(() => {
    const { spec, root, key } = claim;
    const proof = decodeCommitmentProof(claim.proof);
    if (proof.kind !== 'nonexist') {
      throw new ProofError('wrongProofKind', 'an existence proof', 'a non-existence proof');
    }
    checkSame('key', proof.nonexist.key, key);
    checkNeighbours(spec, root, proof.nonexist);
    checkOrder(spec, proof.nonexist);
    checkAdjacency(spec, proof.nonexist);
  });
}

function verdictOf(check: () => void): ProofVerdict {
  try {
    check();
    return ACCEPTED;
  } catch (error) {
    if (error instanceof ProofError) return error.refusal;
    throw error;
  }
}

function checkSame(field: 'key' | 'value', got: Uint8Array, expected: Uint8Array): void {
  if (!equalBytes(got, expected)) throw new ProofError(field, shown(got), shown(expected));
}

function checkNeighbours(spec: ProofSpec, root: Uint8Array, proof: NonExistenceProof): void {
  const { left, right } = proof;
  if (left === undefined && right === undefined) {
    throw new ProofError('neighboursMissing', 'no neighbour', 'at least one neighbour');
  }
  if (left !== undefined) checkExistence(spec, root, left);
  if (right !== undefined) checkExistence(spec, root, right);
}

function checkOrder(spec: ProofSpec, { key, left, right }: NonExistenceProof): void {
  const orderKey = orderKeyOf(spec, key);
  if (right !== undefined && compareBytes(orderKey, orderKeyOf(spec, right.key)) >= 0) {
    throw new ProofError('notLeftOfRight', shown(key), `a key before ${shown(right.key)}`);
  }
  if (left !== undefined && compareBytes(orderKey, orderKeyOf(spec, left.key)) <= 0) {
    throw new ProofError('notRightOfLeft', shown(key), `a key after ${shown(left.key)}`);
  }
}

function orderKeyOf(spec: ProofSpec, key: Uint8Array): Uint8Array {
  return spec.prehashKeyBeforeComparison ? applyPrehash(spec.leaf.prehashKey, key) : key;
}

function checkAdjacency({ inner }: ProofSpec, { left, right }: NonExistenceProof): void {
  if (left !== undefined && right !== undefined) {
    if (isLeftNeighbour(inner, left.path, right.path)) return;
    throw new ProofError('notNeighbours', 'leaves that are apart', 'leaves side by side');
  }
  if (right !== undefined && !isLeftmost(inner, right.path)) {
    throw new ProofError('notLeftmost', 'a right neighbour inside the tree', 'the first leaf');
  }
  if (left !== undefined && !isRightmost(inner, left.path)) {
    throw new ProofError('notRightmost', 'a left neighbour inside the tree', 'the last leaf');
  }
}
