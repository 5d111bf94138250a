/**
 * The rules of light verification, one function each, with one reason and both values
 * (CometBFT light/verifier.go and types/light.go; spec/light-client/verification).
 */
import { equalBytes, toHex } from '../wire/bytes.ts';
import { checkCommit, MAX_VALIDATORS } from '../wire/commit.ts';
import { type BasicVerdict, checkHeader, hashHeader } from '../wire/header.ts';
import { formatTime, MAX_TIME } from '../wire/time.ts';
import { type Header, type SignedHeader, type Validator, ZERO_TIME } from '../wire/types.ts';
import {
  hashValidatorSet,
  MAX_TOTAL_VOTING_POWER,
  PUBLIC_KEY_LENGTH,
  sortValidators,
  validatorAddress,
} from '../wire/validatorSet.ts';
import { ACCEPTED } from '../wire/verdict.ts';
import type { Check, Invalid, InvalidReason, TrustLevel, TrustRoot } from './types.ts';

const MAX_INT64 = (1n << 63n) - 1n;

/** The refusal with this reason and both values. */
export function refuse(
  reason: InvalidReason,
  got: string | bigint,
  expected: string | bigint,
): Invalid {
  return { ok: false, reason, got: `${got}`, expected: `${expected}` };
}

/** The trust level lies between 1/3, below which nothing is safe, and 1. */
export function isTrustLevelAllowed({ numerator, denominator }: TrustLevel): Check {
  const got = `${numerator}/${denominator}`;
  const isWhole = [numerator, denominator].every(
    (part) => typeof part === 'bigint' || Number.isSafeInteger(part),
  );
  if (!isWhole) return refuse('trustLevel', got, 'two whole numbers');
  const [upper, lower] = [BigInt(numerator), BigInt(denominator)];
  const isAllowed = lower > 0n && lower <= MAX_INT64 && upper <= lower && upper * 3n >= lower;
  return isAllowed ? ACCEPTED : refuse('trustLevel', got, '1/3 to 1');
}

/** The trusting period still runs: its very end is outside. */
export function isWithinTrustingPeriod(trusted: Header, period: bigint, now: bigint): Check {
  const end = trusted.time + period;
  if (end > now) return ACCEPTED;
  return refuse('trustedExpired', `now ${timeText(now)}`, `before ${timeText(end)}`);
}

/** Version, lengths and height of the header keep the rules that need no context. */
export function isHeaderWellFormed({ header }: SignedHeader): Check {
  return fromBasic('header', checkHeader(header));
}

/** Flags, addresses and lengths in the commit keep the rules that need no context. */
export function isCommitWellFormed({ commit }: SignedHeader): Check {
  return fromBasic('commit', checkCommit(commit));
}

/** The header is of this chain. */
export function isOfChain({ header }: SignedHeader, chainId: string): Check {
  if (header.chainId === chainId) return ACCEPTED;
  return refuse('chainId', JSON.stringify(header.chainId), JSON.stringify(chainId));
}

/** The commit is of the header's height. */
export function isCommitOfHeight({ header, commit }: SignedHeader): Check {
  return commit.height === header.height
    ? ACCEPTED
    : refuse('commitHeight', commit.height, header.height);
}

/** The commit is for this very header: a change to any field shows here. */
export function isCommitForHeader({ header, commit }: SignedHeader): Check {
  return isHash('commitBlock', hashHeader(header), commit.blockId.hash);
}

/** The header stands above the trusted one. */
export function isHeightHigher(untrusted: Header, trusted: Header): Check {
  if (untrusted.height > trusted.height) return ACCEPTED;
  return refuse('heightNotHigher', untrusted.height, `more than ${trusted.height}`);
}

/** BFT time rises strictly. */
export function isTimeLater(untrusted: Header, trusted: Header): Check {
  if (untrusted.time > trusted.time) return ACCEPTED;
  return refuse('timeNotLater', timeText(untrusted.time), `after ${timeText(trusted.time)}`);
}

/** Going back, each header stands one below the one before. */
export function isHeightBelow(untrusted: Header, trusted: Header): Check {
  const expected = trusted.height - 1n;
  if (untrusted.height === expected) return ACCEPTED;
  return refuse('heightNotLower', untrusted.height, expected);
}

/** BFT time falls strictly on the way back. */
export function isTimeEarlier(untrusted: Header, trusted: Header): Check {
  if (untrusted.time < trusted.time) return ACCEPTED;
  return refuse('timeNotEarlier', timeText(untrusted.time), `before ${timeText(trusted.time)}`);
}

/**
 * The header is the very one that the header above it names as its last block. The first block of a chain names none,
 * and a header that lacks its validators' hash has no hash: that one must not pass for the other.
 */
export function isLastBlockOf(untrusted: Header, { height, lastBlockId }: Header): Check {
  if (lastBlockId.hash.length > 0) {
    return isHash('lastBlockId', hashHeader(untrusted), lastBlockId.hash);
  }
  return refuse('lastBlockId', `none: ${height} is the chain's first height`, 'a hash');
}

/** The header's time is not ahead of our clock by the drift or more. */
export function isNotFromFuture(untrusted: Header, now: bigint, maxClockDrift: bigint): Check {
  const limit = now + maxClockDrift;
  if (untrusted.time < limit) return ACCEPTED;
  return refuse('timeInFuture', timeText(untrusted.time), `before ${timeText(limit)}`);
}

/**
 * A set of validators that could exist. Addresses are checked here because no hash covers them,
 * and signatures are looked up by them. CometBFT never has one twice, and panics where it is given one.
 */
export function isValidatorSetWellFormed(validators: readonly Validator[]): Check {
  if (validators.length === 0 || validators.length > MAX_VALIDATORS) {
    return refuse('validators', `${validators.length} validators`, `1 to ${MAX_VALIDATORS}`);
  }
  let total = 0n;
  const known = new Set<string>();
  for (const validator of validators) {
    const verdict = isValidatorWellFormed(validator);
    if (!verdict.ok) return verdict;
    total += validator.votingPower;
    const address = toHex(validator.address);
    if (known.has(address)) return refuse('validators', `${address} twice`, 'each once');
    known.add(address);
  }
  if (total <= MAX_TOTAL_VOTING_POWER) return ACCEPTED;
  return refuse('validators', `a total power of ${total}`, `up to ${MAX_TOTAL_VOTING_POWER}`);
}

function isValidatorWellFormed({ address, publicKey, votingPower }: Validator): Check {
  const length = PUBLIC_KEY_LENGTH[publicKey.type];
  if (publicKey.bytes.length !== length) {
    return refuse('validators', `a key of ${publicKey.bytes.length} bytes`, `${length} bytes`);
  }
  if (votingPower < 0n) return refuse('validators', `a power of ${votingPower}`, '0 or more');
  const derived = validatorAddress(publicKey);
  if (equalBytes(address, derived)) return ACCEPTED;
  return refuse('validators', `address ${toHex(address)}`, `${toHex(derived)}, as its key gives`);
}

/** These are the validators that a header commits to, under the name given. */
export function isValidatorSetOf(
  validators: readonly Validator[],
  hash: Uint8Array,
  reason: 'validatorsHash' | 'nextValidatorsHash' | 'trustedNextValidators',
): Check {
  return isHash(reason, hashValidatorSet(sortValidators(validators)), hash);
}

/** Whether the same validators stand in the same order, priorities aside, as no hash covers them. */
export function isSameSet(a: readonly Validator[], b: readonly Validator[]): boolean {
  return a === b || (a.length === b.length && a.every((each, i) => isSameValidator(each, b[i]!)));
}

function isSameValidator(a: Validator, b: Validator): boolean {
  return (
    a.votingPower === b.votingPower &&
    a.publicKey.type === b.publicKey.type &&
    equalBytes(a.publicKey.bytes, b.publicKey.bytes) &&
    equalBytes(a.address, b.address)
  );
}

/** The validators of an adjacent header are those that the trusted header announced. */
export function isAnnouncedSet(untrusted: Header, trusted: Header): Check {
  return isHash('adjacentValidators', untrusted.validatorsHash, trusted.nextValidatorsHash);
}

/** The header stands at the height that the user trusts. */
export function isAtTrustedHeight({ header }: SignedHeader, trust: TrustRoot): Check {
  if (header.height === trust.height) return ACCEPTED;
  return refuse('trustedHeight', header.height, trust.height);
}

/** The header is the one that the user trusts. */
export function isTrustedHash({ header }: SignedHeader, trust: TrustRoot): Check {
  return isHash('trustedHash', hashHeader(header), trust.hash);
}

/** The first rule that is broken; later ones are not looked at. */
export function firstRefusal(rules: readonly (() => Check)[]): Invalid | undefined {
  for (const rule of rules) {
    const verdict = rule();
    if (!verdict.ok) return verdict;
  }
  return undefined;
}

function fromBasic(reason: 'header' | 'commit', verdict: BasicVerdict): Check {
  if (verdict.ok) return ACCEPTED;
  return refuse(reason, `${verdict.field}: ${verdict.got}`, verdict.expected);
}

/** The hash is the one that is expected, under the name given. */
export function isHash(reason: InvalidReason, got: Uint8Array, expected: Uint8Array): Check {
  return equalBytes(got, expected) ? ACCEPTED : refuse(reason, toHex(got), toHex(expected));
}

function timeText(ns: bigint): string {
  return ns >= ZERO_TIME && ns <= MAX_TIME ? formatTime(ns) : `${ns} ns since 1970`;
}
