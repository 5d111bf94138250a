/**
 * Which proof speaks of a key. In a batch it is the one that VerifyMembership and VerifyNonMembership of ics23/go
 * take: the first, whether it holds or not, so that no later one is accepted in its place.
 */
import { equalBytes } from '../bytes.ts';
import { isBefore, isNamed } from './keyOrder.ts';
import { ProofError, shown } from './proofError.ts';
import type { ProofSpec } from './spec.ts';
import type { CommitmentProof, ExistenceProof, NonExistenceProof, SingleProof } from './types.ts';

/** The proof that the key is there. @throws ProofError `wrongProofKind` or `key` */
export function existenceFor(proof: CommitmentProof, key: Uint8Array): ExistenceProof {
  const all = proofsIn(proof).flatMap((each) => (each.kind === 'exist' ? [each.exist] : []));
  const found = all.find((each) => equalBytes(each.key, key));
  return found ?? refuse(all, key);
}

/**
 * The proof that the key is not there. In a batch it may be that of another key between the same neighbours, which
 * proves as much; the key must still be named by one.
 * @throws ProofError `wrongProofKind` or `key`
 */
export function absenceFor(
  spec: ProofSpec,
  proof: CommitmentProof,
  key: Uint8Array,
): NonExistenceProof {
  const all = proofsIn(proof).flatMap((each) => (each.kind === 'nonexist' ? [each.nonexist] : []));
  const named = all.find((each) => isNamed(spec, each, key)) ?? refuse(all, key);
  return all.find((each) => isBetween(spec, each, key)) ?? named;
}

const proofsIn = (proof: CommitmentProof): readonly SingleProof[] =>
  proof.kind === 'batch' ? proof.entries : [proof];

function refuse(others: readonly { readonly key: Uint8Array }[], key: Uint8Array): never {
  const [other] = others;
  if (other !== undefined) throw new ProofError('key', shown(other.key), shown(key));
  throw new ProofError('wrongProofKind', 'none of this kind', 'a proof');
}

/** Whether the key lies strictly between the neighbours that there are. */
function isBetween(spec: ProofSpec, { left, right }: NonExistenceProof, key: Uint8Array): boolean {
  return (
    (left === undefined || isBefore(spec, left.key, key)) &&
    (right === undefined || isBefore(spec, key, right.key))
  );
}
