/** Verifying that a store holds a value under a key, or nothing, against a root that is trusted. */
import { equalBytes } from '../bytes.ts';
import { ACCEPTED, type Verdict } from '../verdict.ts';
import { decodeCommitmentProof } from './codec.ts';
import { absenceFor, existenceFor } from './entryFor.ts';
import { checkExistence } from './existence.ts';
import { isBefore } from './keyOrder.ts';
import { isLeftmost, isLeftNeighbour, isRightmost } from './neighbours.ts';
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

/**
 * Whether the proof, or one in a batch, shows that `key` holds exactly `value`. Never throws on a bad proof.
 */
export function verifyMembership(claim: PresenceClaim): ProofVerdict {
  return verdictOf(() => {
    const { spec, root, key, value } = claim;
    const exist = existenceFor(decodeCommitmentProof(claim.proof), key);
    if (!equalBytes(exist.value, value)) {
      throw new ProofError('value', shown(exist.value), shown(value));
    }
    checkExistence(spec, root, exist);
  });
}

/**
 * Whether the proof, or one in a batch, shows that nothing is stored under `key`: its neighbours are stored, the
 * key lies strictly between them, and nothing else does. Never throws on a bad proof.
 */
export function verifyNonMembership(claim: AbsenceClaim): ProofVerdict {
  return verdictOf(() => {
    const { spec, root, key } = claim;
    const nonexist = absenceFor(spec, decodeCommitmentProof(claim.proof), key);
    checkNeighbours(spec, root, nonexist);
    checkOrder(spec, nonexist, key);
    checkAdjacency(spec, nonexist);
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

function checkNeighbours(spec: ProofSpec, root: Uint8Array, proof: NonExistenceProof): void {
  const { left, right } = proof;
  if (left === undefined && right === undefined) {
    throw new ProofError('neighboursMissing', 'no neighbour', 'at least one neighbour');
  }
  if (left !== undefined) checkExistence(spec, root, left);
  if (right !== undefined) checkExistence(spec, root, right);
}

function checkOrder(spec: ProofSpec, { left, right }: NonExistenceProof, key: Uint8Array): void {
  if (right !== undefined && !isBefore(spec, key, right.key)) {
    throw new ProofError('notLeftOfRight', shown(key), `a key before ${shown(right.key)}`);
  }
  if (left !== undefined && !isBefore(spec, left.key, key)) {
    throw new ProofError('notRightOfLeft', shown(key), `a key after ${shown(left.key)}`);
  }
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
