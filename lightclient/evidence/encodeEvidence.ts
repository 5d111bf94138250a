/** Evidence of an attack as CometBFT hashes and sends it. */
import { compareBytes, joinBytes } from '../../wire/bytes.ts';
import { sha256 } from '../../wire/hash.ts';
import { hashHeader } from '../../wire/header.ts';
import { attackToJson, type EvidenceSpelling } from '../../wire/json/evidence.ts';
import { encodeVarint } from '../../wire/protobuf.ts';
import type { Validator } from '../../wire/types.ts';
import { sortValidators } from '../../wire/validatorSet.ts';
import type { LightClientAttackEvidence } from './attack.ts';

const HASH_LENGTH = 32;

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

/** What the RPC method broadcast_evidence takes as `evidence`: in CometBFT 0.38, and in 1.x in snake_case. */
export function evidenceToJson(
  { conflictingBlock, ...facts }: LightClientAttackEvidence,
  spelling: EvidenceSpelling = 'CamelCase',
) {
  const validators = sortValidators(conflictingBlock.validators);
  const { signedHeader } = conflictingBlock;
  const proposer = proposerOf(validators);
  return attackToJson({ ...facts, signedHeader, validators, proposer }, spelling);
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
