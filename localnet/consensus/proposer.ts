/**
 * Whose turn it is to propose: CometBFT's weighted round robin, and what a change of validators does to it
 * (spec/consensus/proposer-selection.md). Pure: a set goes in, another comes out. Priorities are 64-bit and
 * saturate, divisions round as Go's do.
 */
import { compareBytes, equalBytes, toHex } from '../../wire/bytes.ts';
import type { Validator, ValidatorSet } from '../../wire/types.ts';
import {
  MAX_TOTAL_VOTING_POWER,
  sortValidators,
  totalVotingPower,
} from '../../wire/validatorSet.ts';

const MAX_INT64 = (1n << 63n) - 1n;
const MIN_INT64 = -(1n << 63n);
/** Priorities may lie this many times the total power apart before they are scaled down. */
const WINDOW_FACTOR = 2n;

/** A validator to add or change (its priority is ignored), or with power 0 to remove. */
export type ValidatorChange = Pick<Validator, 'address' | 'publicKey' | 'votingPower'>;

/** A first set of validators, whose turn is with the first proposer. @throws RangeError as updateWithChangeSet. */
export function newValidatorSet(validators: readonly ValidatorChange[]): ValidatorSet {
  const removal = validators.find((validator) => validator.votingPower === 0n);
  if (removal) throw new RangeError(`validator ${toHex(removal.address)}: expected power over 0`);
  return incrementProposerPriority(applyChanges([], validators), 1);
}

/** The turn moved on by `times` (1 or more) proposers. @throws RangeError for an empty set. */
export function incrementProposerPriority(
  validators: readonly Validator[],
  times: number,
): ValidatorSet {
  if (validators.length === 0) throw new RangeError('validators: expected at least one, got none');
  if (!Number.isInteger(times) || times < 1) {
    throw new RangeError(`times: expected 1 or more, got ${times}`);
  }
  const total = totalVotingPower(validators);
  let current = center(rescale(validators, WINDOW_FACTOR * total));
  let proposer = current[0]!;
  for (let i = 0; i < times; i++) {
    const raised = current.map((v) => withPriority(v, clip(v.proposerPriority + v.votingPower)));
    const first = raised.reduce(higherPriority);
    proposer = withPriority(first, clip(first.proposerPriority - total));
    current = raised.map((v) => (v === first ? proposer : v));
  }
  return { validators: current, proposer };
}

/**
 * The set after additions, changes and removals, its priorities scaled and centred again. The turn does
 * not move on: `proposer` is that of before, until incrementProposerPriority.
 * @throws RangeError for a validator named twice, a negative or too high power, a removal of an unknown
 * validator, an empty result or a total over MAX_TOTAL_VOTING_POWER.
 */
export function updateWithChangeSet(
  set: ValidatorSet,
  changes: readonly ValidatorChange[],
): ValidatorSet {
  if (changes.length === 0) return set;
  return { validators: applyChanges(set.validators, changes), proposer: set.proposer };
}

function applyChanges(
  validators: readonly Validator[],
  changes: readonly ValidatorChange[],
): readonly Validator[] {
  checkChanges(changes);
  const byAddress = new Map(validators.map((v) => [toHex(v.address), v]));
  let removedPower = 0n;
  for (const change of changes.filter((c) => c.votingPower === 0n)) {
    const removed = byAddress.get(toHex(change.address));
    if (!removed) throw new RangeError(`validator ${toHex(change.address)}: not in the set`);
    removedPower += removed.votingPower;
  }
  const after = mergePowers(validators, changes);
  if (after.length === 0) throw new RangeError('validators: expected at least one to stay');
  const total = totalVotingPower(after);
  // New validators start behind all others, so that leaving and coming back wins no turn.
  const reference = total + removedPower;
  const newcomerPriority = -(reference + (reference >> 3n));
  const merged = after.map(({ address, publicKey, votingPower }) => {
    const known = byAddress.get(toHex(address));
    const proposerPriority = known ? known.proposerPriority : newcomerPriority;
    return { address, publicKey, votingPower, proposerPriority };
  });
  return sortValidators(center(rescale(merged, WINDOW_FACTOR * total)));
}

function checkChanges(changes: readonly ValidatorChange[]): void {
  const seen = new Set<string>();
  for (const { address, votingPower } of changes) {
    const name = toHex(address);
    if (seen.has(name)) throw new RangeError(`validator ${name}: stands twice in the changes`);
    if (votingPower < 0n || votingPower > MAX_TOTAL_VOTING_POWER) {
      throw new RangeError(
        `validator ${name}: expected power 0 to ${MAX_TOTAL_VOTING_POWER}, got ${votingPower}`,
      );
    }
    seen.add(name);
  }
}

function mergePowers(
  validators: readonly Validator[],
  changes: readonly ValidatorChange[],
): readonly ValidatorChange[] {
  const changed = new Set(changes.map((change) => toHex(change.address)));
  const kept = validators.filter((validator) => !changed.has(toHex(validator.address)));
  return [...kept, ...changes.filter((change) => change.votingPower > 0n)];
}

/** Scales priorities down by a whole number when they lie further apart than `widest`. */
export function rescale(validators: readonly Validator[], widest: bigint): readonly Validator[] {
  if (widest <= 0n || validators.length === 0) return validators;
  let highest = MIN_INT64;
  let lowest = MAX_INT64;
  for (const { proposerPriority } of validators) {
    if (proposerPriority > highest) highest = proposerPriority;
    if (proposerPriority < lowest) lowest = proposerPriority;
  }
  const distance = highest - lowest;
  if (distance <= widest) return validators;
  const ratio = (distance + widest - 1n) / widest;
  return validators.map((v) => withPriority(v, v.proposerPriority / ratio));
}

/** Moves priorities so that their average is near zero. */
export function center(validators: readonly Validator[]): readonly Validator[] {
  const sum = validators.reduce((total, v) => total + v.proposerPriority, 0n);
  const average = floorDivide(sum, BigInt(validators.length));
  return validators.map((v) => withPriority(v, clip(v.proposerPriority - average)));
}

function higherPriority(a: Validator, b: Validator): Validator {
  if (a.proposerPriority !== b.proposerPriority) {
    return a.proposerPriority > b.proposerPriority ? a : b;
  }
  if (equalBytes(a.address, b.address)) throw new RangeError('two validators have one address');
  return compareBytes(a.address, b.address) < 0 ? a : b;
}

function withPriority(validator: Validator, proposerPriority: bigint): Validator {
  return { ...validator, proposerPriority };
}

function clip(value: bigint): bigint {
  if (value > MAX_INT64) return MAX_INT64;
  return value < MIN_INT64 ? MIN_INT64 : value;
}

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}
