/** What is trusted, what is not yet, and what a verification says. Trusted and untrusted data have different types. */
import type { SignedHeader, Validator } from '../wire/types.ts';

/** A header that is trusted, and the validators that it names for the next height. */
export interface TrustedState {
  readonly signedHeader: SignedHeader;
  readonly nextValidators: readonly Validator[];
}

/** What a node says about one height: nothing of it is trusted. Validators may stand in any order. */
export interface LightBlock extends TrustedState {
  readonly validators: readonly Validator[];
}

/** The share of the trusted power that must have signed, from 1/3 to 1. */
export interface TrustLevel {
  readonly numerator: bigint | number;
  readonly denominator: bigint | number;
}

/** Power counted in a commit, up to where enough of it had signed; `needed` must be exceeded. */
export interface Tally {
  readonly signed: bigint;
  readonly needed: bigint;
  readonly total: bigint;
}

/** Why data is refused for good: another node must be asked. */
export type InvalidReason =
  | 'trustLevel'
  | 'trustedExpired'
  | 'trustedNextValidators'
  | 'trustedHeight'
  | 'trustedHash'
  | 'header'
  | 'commit'
  | 'chainId'
  | 'commitHeight'
  | 'commitBlock'
  | 'heightNotHigher'
  | 'timeNotLater'
  | 'timeNotEarlier'
  | 'heightNotLower'
  | 'lastBlockId'
  | 'timeInFuture'
  | 'validators'
  | 'validatorsHash'
  | 'nextValidatorsHash'
  | 'adjacentValidators'
  | 'signatureCount'
  | 'signerAddress'
  | 'doubleVote'
  | 'signature'
  | 'notEnoughPower';

/** The first rule that is broken, with both values. */
export interface Invalid {
  readonly ok: false;
  readonly reason: InvalidReason;
  readonly got: string;
  readonly expected: string;
}

/** Nothing is wrong, but too little of the trusted power signed: a header in between may help. */
export interface NotEnoughTrust {
  readonly ok: false;
  readonly reason: 'notEnoughTrust';
  readonly got: string;
  readonly expected: string;
  readonly tally: Tally;
}

/** The header may be trusted; `tally` is of its own commit. */
export interface Verified {
  readonly ok: true;
  readonly tally: Tally;
}

export type Verification = Verified | NotEnoughTrust | Invalid;

/** The outcome of one rule. */
export type Check = { readonly ok: true } | Invalid;

/** Trust starts here: a height and the hash of its header, 32 bytes, from a source that the user trusts. */
export interface TrustRoot {
  readonly height: bigint;
  readonly hash: Uint8Array;
}
