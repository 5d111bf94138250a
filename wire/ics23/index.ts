/**
 * @module wire/ics23
 * Commitment proofs (ICS23, cosmos.ics23.v1): one key in one store, present or absent, against a
 * root, alone or in a batch. Decoding is canonical, and every refusal has a reason.
 */
export {
  decodeCommitmentProof,
  encodeCommitmentProof,
  encodeExistenceProof,
  MAX_BATCH_ENTRIES,
  MAX_PROOF_BYTES,
} from './codec.ts';
export { existenceRoot } from './existence.ts';
export { HASH_OP, type HashOp, LENGTH_OP, type LengthOp } from './ops.ts';
export { ProofError, type ProofRefusal, shown } from './proofError.ts';
export {
  type InnerSpec,
  iavlAbsenceSpec,
  iavlSpec,
  type ProofSpec,
  smtSpec,
  tendermintSpec,
} from './spec.ts';
export type {
  BatchProof,
  CommitmentProof,
  ExistenceProof,
  InnerOp,
  LeafOp,
  NonExistenceProof,
  SingleProof,
} from './types.ts';
export {
  type AbsenceClaim,
  type PresenceClaim,
  type ProofVerdict,
  verifyMembership,
  verifyNonMembership,
} from './verify.ts';
