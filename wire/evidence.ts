/** Evidence of misbehaviour as blocks carry it (CometBFT types/evidence.go): what it says, and its bytes. */
import { concatBytes } from './bytes.ts';
import { encodeCommit } from './commit.ts';
import { encodeHeader } from './header.ts';
import { ProtoWriter } from './protobuf.ts';
import { encodeTimestamp } from './time.ts';
import type { SignedHeader, Validator, Vote } from './types.ts';
import { checkPublicKey, encodeValidator } from './validatorSet.ts';
import { encodeVote } from './vote.ts';

/** A vote with what the application added to it; both are empty where there is no vote extension. */
export interface ExtendedVote extends Vote {
  readonly extension: Uint8Array;
  readonly extensionSignature: Uint8Array;
}

/** One validator signed two votes in one round. */
export interface DuplicateVoteEvidence {
  readonly kind: 'duplicateVote';
  readonly voteA: ExtendedVote;
  readonly voteB: ExtendedVote;
  readonly totalVotingPower: bigint;
  readonly validatorPower: bigint;
  /** Of the block at the votes' height, in nanoseconds since the Unix epoch. */
  readonly timestamp: bigint;
}

/** Validators signed a block beside the chain. */
export interface LightClientAttack {
  readonly kind: 'lightClientAttack';
  readonly signedHeader: SignedHeader;
  /** In the order of the set. */
  readonly validators: readonly Validator[];
  readonly proposer: Validator | undefined;
  readonly commonHeight: bigint;
  readonly byzantineValidators: readonly Validator[];
  readonly totalVotingPower: bigint;
  /** Of the block at the common height, in nanoseconds since the Unix epoch. */
  readonly timestamp: bigint;
}

/** One piece of evidence of either kind. */
export type Evidence = DuplicateVoteEvidence | LightClientAttack;

/** The version of CometBFT that made the bytes: since 1.0 the key of a validator stands in other fields there. */
export type EvidenceForm = '0.38' | '1.0';

/** A tendermint.types.Evidence, as `Block` holds it. @throws RangeError for a time outside the years 1 to 9999. */
export function encodeEvidence(evidence: Evidence, form: EvidenceForm = '0.38'): Uint8Array {
  const writer = new ProtoWriter();
  return evidence.kind === 'duplicateVote'
    ? writer.message(1, encodeDuplicateVote(evidence)).finish()
    : writer.message(2, encodeAttack(evidence, form)).finish();
}

function encodeDuplicateVote(evidence: DuplicateVoteEvidence): Uint8Array {
  return new ProtoWriter()
    .message(1, encodeExtendedVote(evidence.voteA))
    .message(2, encodeExtendedVote(evidence.voteB))
    .varint(3, evidence.totalVotingPower)
    .varint(4, evidence.validatorPower)
    .message(5, encodeTimestamp(evidence.timestamp))
    .finish();
}

function encodeExtendedVote(vote: ExtendedVote): Uint8Array {
  const { extension, extensionSignature } = vote;
  const end = new ProtoWriter().bytes(9, extension).bytes(10, extensionSignature);
  return concatBytes(encodeVote(vote), end.finish());
}

function encodeAttack(evidence: LightClientAttack, form: EvidenceForm): Uint8Array {
  const encodeMember = form === '0.38' ? encodeValidator : encodeLaterValidator;
  const { header, commit } = evidence.signedHeader;
  const signedHeader = new ProtoWriter()
    .message(1, encodeHeader(header))
    .message(2, encodeCommit(commit));
  const block = new ProtoWriter()
    .message(1, signedHeader.finish())
    .message(2, encodeValidatorSet(evidence, encodeMember));
  const writer = new ProtoWriter().message(1, block.finish()).varint(2, evidence.commonHeight);
  for (const validator of evidence.byzantineValidators) {
    writer.message(3, encodeMember(validator));
  }
  return writer
    .varint(4, evidence.totalVotingPower)
    .message(5, encodeTimestamp(evidence.timestamp))
    .finish();
}

/** The total power is left out: whoever reads it adds up. */
function encodeValidatorSet(
  { validators, proposer }: LightClientAttack,
  encodeMember: (validator: Validator) => Uint8Array,
): Uint8Array {
  const writer = new ProtoWriter();
  for (const validator of validators) writer.message(1, encodeMember(validator));
  if (proposer !== undefined) writer.message(2, encodeMember(proposer));
  return writer.finish();
}

/** A cometbft.types.v1.Validator: with the key's bytes and its type in place of a message. */
function encodeLaterValidator(validator: Validator): Uint8Array {
  const { address, publicKey, votingPower, proposerPriority } = validator;
  return new ProtoWriter()
    .bytes(1, address)
    .varint(3, votingPower)
    .varint(4, proposerPriority)
    .bytes(5, checkPublicKey(publicKey, 'publicKey').bytes)
    .string(6, publicKey.type)
    .finish();
}
