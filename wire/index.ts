/**
 * Everything that two parties must agree on byte for byte: CometBFT headers, votes, commits and validator sets with
 * their hashes and sign bytes; RFC 6962 trees; ICS23 verification; addresses; what devices sign. No I/O, no clock.
 * @module
 */
export * from './address.ts';
export * from './bech32.ts';
export * from './block.ts';
export * from './blockId.ts';
export * from './bytes.ts';
export * from './commit.ts';
export * from './deviceKeys.ts';
export * from './enrolment.ts';
export {
  type DuplicateVoteEvidence,
  type Evidence,
  type EvidenceForm,
  type ExtendedVote,
  encodeEvidence,
  type LightClientAttack,
} from './evidence.ts';
export * from './hash.ts';
export * from './header.ts';
export * from './ics23/index.ts';
export * from './keys.ts';
export * from './merkle.ts';
export * from './report.ts';
export * from './reportPayload.ts';
export * from './results.ts';
export * from './signature.ts';
export * from './time.ts';
export * from './types.ts';
export * from './validatorSet.ts';
export * from './verdict.ts';
export * from './vote.ts';
