/** Evidence of an attack as CometBFT hashes, stores and sends it. */
import { compareBytes, joinBytes } from '../../wire/bytes.ts';
import { encodeCommit } from '../../wire/commit.ts';
import { sha256 } from '../../wire/hash.ts';
import { encodeHeader, hashHeader } from '../../wire/header.ts';
import { signedHeaderToJson, validatorToJson } from '../../wire/json/encode.ts';
import { encodeVarint, ProtoWriter } from '../../wire/protobuf.ts';
import { encodeTimestamp, formatTime } from '../../wire/time.ts';
import type { SignedHeader, Validator } from '../../wire/types.ts';
import { encodeValidator, sortValidators } from '../../wire/validatorSet.ts';
import type { LightClientAttackEvidence } from './attack.ts';

const HASH_LENGTH = 32;

/** A tendermint.types.LightClientAttackEvidence. */
export function encodeEvidence(evidence: LightClientAttackEvidence): Uint8Array {
  const { signedHeader, validators } = evidence.conflictingBlock;
  const block = new ProtoWriter()
    .message(1, encodeSignedHeader(signedHeader))
    .message(2, encodeValidatorSet(validators));
  const writer = new ProtoWriter().message(1, block.finish()).varint(2, evidence.commonHeight);
  for (const validator of evidence.byzantineValidators) {
    writer.message(3, encodeValidator(validator));
  }
  return writer
    .varint(4, evidence.totalVotingPower)
    .message(5, encodeTimestamp(evidence.timestamp))
    .finish();
}

/**
 * The hash, 32 bytes, under which a node answers that it took the evidence: of the conflicting header and the
 * common height alone. CometBFT leaves the last byte of the header's hash out, and so does this.
 */
export function hashEvidence(evidence: LightClientAttackEvidence): Uint8Array {
  const { header } = evidence.conflictingBlock.signedHeader;
  const start = new Uint8Array(HASH_LENGTH);
  start.set(hashHeader(header).subarray(0, HASH_LENGTH - 1));
  return sha256(joinBytes([start, encodeVarint(zigzag(evidence.commonHeight))]));
}

/** What the RPC method broadcast_evidence takes as `evidence`. */
export function evidenceToJson(evidence: LightClientAttackEvidence) {
  const { conflictingBlock, byzantineValidators } = evidence;
  const validators = sortValidators(conflictingBlock.validators);
  return {
    type: 'tendermint/LightClientAttackEvidence',
    value: {
      ConflictingBlock: {
        signed_header: signedHeaderToJson(conflictingBlock.signedHeader),
        validator_set: {
          validators: validators.map(validatorToJson),
          proposer: validatorToJson(proposerOf(validators)),
        },
      },
      CommonHeight: `${evidence.commonHeight}`,
      ByzantineValidators:
        byzantineValidators.length === 0 ? null : byzantineValidators.map(validatorToJson),
      TotalVotingPower: `${evidence.totalVotingPower}`,
      Timestamp: formatTime(evidence.timestamp),
    },
  };
}

function encodeSignedHeader({ header, commit }: SignedHeader): Uint8Array {
  return new ProtoWriter()
    .message(1, encodeHeader(header))
    .message(2, encodeCommit(commit))
    .finish();
}

/** The total power is left out: whoever reads it adds up. */
function encodeValidatorSet(members: readonly Validator[]): Uint8Array {
  const validators = sortValidators(members);
  const writer = new ProtoWriter();
  for (const validator of validators) writer.message(1, encodeValidator(validator));
  return writer.message(2, encodeValidator(proposerOf(validators))).finish();
}

/** Who proposed last has the lowest priority; of equal ones it is the higher address. */
function proposerOf(validators: readonly Validator[]): Validator {
  return validators.reduce((last, other) => {
    if (last.proposerPriority !== other.proposerPriority) {
      return last.proposerPriority < other.proposerPriority ? last : other;
    }
    return compareBytes(last.address, other.address) > 0 ? last : other;
  });
}

function zigzag(value: bigint): bigint {
  return (value << 1n) ^ (value >> 63n);
}
