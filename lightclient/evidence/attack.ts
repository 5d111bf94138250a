/**
 * Evidence of an attack on light clients: a block that validators signed beside the chain, and who of them is to be
 * punished (CometBFT types/evidence.go, LightClientAttackEvidence).
 */
import { equalBytes, toHex } from '../../wire/bytes.ts';
import { BLOCK_ID_FLAG, type Header, type SignedHeader, type Validator } from '../../wire/types.ts';
import { sortValidators, totalVotingPower } from '../../wire/validatorSet.ts';
import { heightOf } from '../height.ts';
import type { LightBlock } from '../types.ts';

/** A block that is not of the chain, and what the chain needs to judge it. */
export interface LightClientAttackEvidence {
  readonly conflictingBlock: Pick<LightBlock, 'signedHeader' | 'validators'>;
  /** The last height at which both sides agreed; that of the conflicting block where its state is right. */
  readonly commonHeight: bigint;
  /** Those who did it, by power downwards; empty where that cannot be known. */
  readonly byzantineValidators: readonly Validator[];
  /** Of all validators at the common height. */
  readonly totalVotingPower: bigint;
  /** Of the block at the common height, in nanoseconds since the Unix epoch. */
  readonly timestamp: bigint;
}

/**
 * `lunatic`: the header claims a state that no execution gives; `equivocation`: validators signed two blocks in
 * one round; `amnesia`: two rounds, where it cannot be told who forgot a lock.
 */
export type AttackKind = 'lunatic' | 'equivocation' | 'amnesia';

/** The blocks that evidence is made of: `common` is where both sides still agree. */
export interface Fork {
  readonly conflicting: LightBlock;
  readonly trusted: LightBlock;
  readonly common: LightBlock;
}

/** What the two blocks above the common one have of each other. */
export function attackKind({ conflicting, trusted }: Omit<Fork, 'common'>): AttackKind {
  const [one, other] = [conflicting.signedHeader, trusted.signedHeader];
  if (!isSameState(one.header, other.header)) return 'lunatic';
  return one.commit.round === other.commit.round ? 'equivocation' : 'amnesia';
}

/** The evidence against those who signed `conflicting` (CometBFT light/detector.go, newLightClientAttackEvidence). */
export function makeEvidence(fork: Fork): LightClientAttackEvidence {
  const { conflicting, trusted, common } = fork;
  const base = attackKind(fork) === 'lunatic' ? common : trusted;
  return {
    conflictingBlock: conflicting,
    commonHeight: heightOf(base),
    byzantineValidators: byzantineValidators(fork),
    totalVotingPower: totalVotingPower(base.validators),
    timestamp: base.signedHeader.header.time,
  };
}

function byzantineValidators(fork: Fork): readonly Validator[] {
  const { conflicting, trusted, common } = fork;
  switch (attackKind(fork)) {
    case 'lunatic':
      return signersAmong(common.validators, conflicting.signedHeader);
    case 'equivocation':
      return signersOfBoth(conflicting, trusted.signedHeader);
    case 'amnesia':
      return [];
  }
}

/** All that execution decides: headers of one height that differ here cannot both be right. */
function isSameState(a: Header, b: Header): boolean {
  return (
    equalBytes(a.validatorsHash, b.validatorsHash) &&
    equalBytes(a.nextValidatorsHash, b.nextValidatorsHash) &&
    equalBytes(a.consensusHash, b.consensusHash) &&
    equalBytes(a.appHash, b.appHash) &&
    equalBytes(a.lastResultsHash, b.lastResultsHash)
  );
}

function signersAmong(validators: readonly Validator[], { commit }: SignedHeader): Validator[] {
  const known = byAddress(validators);
  const signers = commit.signatures.flatMap(({ flag, validatorAddress }) => {
    const validator = known.get(toHex(validatorAddress));
    return flag === BLOCK_ID_FLAG.commit && validator !== undefined ? [validator] : [];
  });
  return sortValidators(signers);
}

/** One set of validators signed both, so that their votes stand at the same places. */
function signersOfBoth(conflicting: LightBlock, trusted: SignedHeader): Validator[] {
  const known = byAddress(conflicting.validators);
  const { signatures } = conflicting.signedHeader.commit;
  const signers = signatures.flatMap(({ flag, validatorAddress }, index) => {
    const other = trusted.commit.signatures[index];
    const isBoth = flag === BLOCK_ID_FLAG.commit && other?.flag === BLOCK_ID_FLAG.commit;
    const validator = known.get(toHex(validatorAddress));
    return isBoth && validator !== undefined ? [validator] : [];
  });
  return sortValidators(signers);
}

function byAddress(validators: readonly Validator[]): ReadonlyMap<string, Validator> {
  return new Map(validators.map((validator) => [toHex(validator.address), validator]));
}
