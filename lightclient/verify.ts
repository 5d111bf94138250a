/** Verifying a header against a trusted one: pure, with the clock and the signature verifier given. */
import { equalBytes } from '../wire/bytes.ts';
import {
  type KeyType,
  nobleVerifier,
  type SignatureVerifier,
  type VerifySignature,
} from '../wire/signature.ts';
import type { SignedHeader, Validator } from '../wire/types.ts';
import { ACCEPTED } from '../wire/verdict.ts';
import { type CommitClaim, verifyCommit, verifyTrustedShare } from './commitPower.ts';
import * as rules from './predicates.ts';
import { type AnyVerifier, settle } from './settle.ts';
import type { Check, LightBlock, TrustedState, TrustLevel, Verification } from './types.ts';

/** One third: at least one honest validator among those who signed. */
export const DEFAULT_TRUST_LEVEL: TrustLevel = { numerator: 1, denominator: 3 };
/** How far a header's clock may run ahead of ours, 10 s in nanoseconds. */
export const DEFAULT_MAX_CLOCK_DRIFT = 10_000_000_000n;

/** Times are nanoseconds since the Unix epoch, durations nanoseconds. */
export interface VerifyArguments {
  readonly trusted: TrustedState;
  readonly untrusted: LightBlock;
  /** @default 1/3 */
  readonly trustLevel?: TrustLevel | undefined;
  /** How long a header is trusted after its time; must be shorter than the chain's unbonding period. */
  readonly trustingPeriod: bigint;
  /** @default 10 s */
  readonly maxClockDrift?: bigint | undefined;
  readonly now: bigint;
  /** @default the one of @noble/curves, by the rules of ZIP-215 */
  readonly verifier?: SignatureVerifier | undefined;
}

/** The same with a verifier that may answer later. */
export interface VerifyLaterArguments extends Omit<VerifyArguments, 'verifier'> {
  readonly verifier?: AnyVerifier | undefined;
}

/**
 * Whether `untrusted` may be trusted because `trusted` is. Adjacent headers are tied by the hash of the
 * validators, others by the share of trusted power that signed: `notEnoughTrust` asks for a header in between.
 * Refuses what CometBFT's light.Verify refuses, and validator sets that do not belong to their headers.
 * With a verifier that answers later the verdict is a Promise once signatures are looked at.
 *
 * @example
 * const verdict = verify({ trusted, untrusted, trustingPeriod: 7n * 86_400n * 10n ** 9n, now });
 * if (verdict.ok) console.log(`${verdict.tally.signed} of ${verdict.tally.total} signed`);
 * else if (verdict.reason === 'notEnoughTrust') console.log('fetch a header in between');
 * else console.log(`${verdict.reason}: got ${verdict.got}, expected ${verdict.expected}`);
 */
export function verify(given: VerifyArguments): Verification;
export function verify(given: VerifyLaterArguments): Verification | Promise<Verification>;
export function verify(given: VerifyLaterArguments): Verification | Promise<Verification> {
  const { signedHeader, nextValidators } = given.trusted;
  const { nextValidatorsHash } = signedHeader.header;
  const isTrustedSet = () =>
    rules.isValidatorSetOf(nextValidators, nextValidatorsHash, 'trustedNextValidators');
  // That hash costs most of what is not signatures: others verify those meanwhile. Its place among the reasons stays.
  const refusal = rules.firstRefusal(rulesBeforeSignatures(given, () => ACCEPTED));
  if (refusal !== undefined) return rules.firstRefusal(rulesBeforeSignatures(given, isTrustedSet))!;
  return settle(
    given.verifier ?? nobleVerifier,
    (verifier) => judgeCommit(given, verifier),
    () => rules.firstRefusal([isTrustedSet]),
  );
}

function judgeCommit(given: VerifyLaterArguments, verifier: SignatureVerifier): Verification {
  const { trusted, untrusted, trustLevel = DEFAULT_TRUST_LEVEL } = given;
  const { header, commit } = untrusted.signedHeader;
  const base = { chainId: header.chainId, commit, verifier: oncePerVote(verifier) };
  if (!isAdjacent(trusted, untrusted)) {
    const claim: CommitClaim = { ...base, validators: trusted.nextValidators };
    const share = verifyTrustedShare(claim, trustLevel);
    if (!share.ok) return share;
  }
  // Last, because a stranger's set may be made very large on purpose.
  return verifyCommit({ ...base, validators: untrusted.validators });
}

/** Does not pay twice for a vote that counts for trusted power and for that of its own set. */
function oncePerVote(verifier: SignatureVerifier): SignatureVerifier {
  const known = new Map<Uint8Array, { readonly key: Uint8Array; readonly verdict: boolean }>();
  const once = (type: KeyType): VerifySignature => {
    return (signature, message, key) => {
      const before = known.get(signature);
      // One commit gives one message for one signature of it; the key could be another one's.
      if (before !== undefined && equalBytes(before.key, key)) return before.verdict;
      const verdict = verifier[type](signature, message, key);
      known.set(signature, { key, verdict });
      return verdict;
    };
  };
  return { ed25519: once('ed25519'), secp256k1: once('secp256k1'), p256: once('p256') };
}

function rulesBeforeSignatures(
  given: VerifyLaterArguments,
  isTrustedSet: () => Check,
): readonly (() => Check)[] {
  const { trusted, untrusted, now, trustingPeriod } = given;
  const { trustLevel = DEFAULT_TRUST_LEVEL, maxClockDrift = DEFAULT_MAX_CLOCK_DRIFT } = given;
  const before = trusted.signedHeader.header;
  const { header } = untrusted.signedHeader;
  return [
    () => rules.isTrustLevelAllowed(trustLevel),
    () => rules.isWithinTrustingPeriod(before, trustingPeriod, now),
    ...rulesOfHeader(untrusted.signedHeader, before.chainId),
    () => rules.isHeightHigher(header, before),
    () => rules.isTimeLater(header, before),
    () => rules.isNotFromFuture(header, now, maxClockDrift),
    () => rules.isValidatorSetWellFormed(trusted.nextValidators),
    isTrustedSet,
    ...(isAdjacent(trusted, untrusted) ? [() => rules.isAnnouncedSet(header, before)] : []),
    ...rulesOfCommit(untrusted.signedHeader),
    ...rulesOfSets(untrusted, {
      validators: trusted.nextValidators,
      hash: before.nextValidatorsHash,
    }),
  ];
}

/** That the header is well formed, of this chain, and the one that its commit is for. */
export function rulesOfHeader(signedHeader: SignedHeader, chainId: string) {
  return [
    () => rules.isHeaderWellFormed(signedHeader),
    () => rules.isOfChain(signedHeader, chainId),
    () => rules.isCommitForHeader(signedHeader),
  ] as const;
}

/** That the commit is well formed and of the header's height. */
export function rulesOfCommit(signedHeader: SignedHeader) {
  return [
    () => rules.isCommitWellFormed(signedHeader),
    () => rules.isCommitOfHeight(signedHeader),
  ] as const;
}

/** A well-formed set with its hash, by rules that stand before. */
interface KnownSet {
  readonly validators: readonly Validator[];
  readonly hash: Uint8Array;
}

/** That both sets are those of the header. Sets seldom change: one that is known is not hashed again. */
export function rulesOfSets(block: LightBlock, known?: KnownSet): readonly (() => Check)[] {
  const { validators, nextValidators } = block;
  const { validatorsHash, nextValidatorsHash } = block.signedHeader.header;
  const here = { validators, hash: validatorsHash };
  const next = { validators: nextValidators, hash: nextValidatorsHash };
  return [
    ...rulesOfSet(here, 'validatorsHash', known),
    ...rulesOfSet(next, 'nextValidatorsHash', here),
  ];
}

function rulesOfSet(
  { validators, hash }: KnownSet,
  reason: 'validatorsHash' | 'nextValidatorsHash',
  known: KnownSet | undefined,
): readonly (() => Check)[] {
  if (known !== undefined && rules.isSameSet(validators, known.validators)) {
    return [() => rules.isHash(reason, known.hash, hash)];
  }
  return [
    () => rules.isValidatorSetWellFormed(validators),
    () => rules.isValidatorSetOf(validators, hash, reason),
  ];
}

function isAdjacent(trusted: TrustedState, untrusted: LightBlock): boolean {
  return untrusted.signedHeader.header.height === trusted.signedHeader.header.height + 1n;
}
