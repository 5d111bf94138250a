/** The cases that the Go programs around light.Verify print (interop/lightvectors, interop/lightcases): one declaration of their form. */
import { parseTime } from '../../wire/time.ts';
import type { TrustedState } from '../types.ts';
import type { VerifyArguments } from '../verify.ts';

/** CometBFT's verdict in classes. */
export type VerdictClass = 'ok' | 'notEnoughTrust' | 'invalid';

/** One verification: numbers stand for signed headers and validator sets. */
export interface VerifyCase {
  readonly name: string;
  readonly trusted: number;
  readonly trusted_next_validators: number;
  readonly untrusted: number;
  readonly validators: number;
  readonly next_validators: number;
  readonly trust_level: readonly [number, number];
  /** Nanoseconds, as decimal text. */
  readonly trusting_period: string;
  readonly max_clock_drift: string;
  readonly now: string;
  readonly verdict: VerdictClass;
}

/** A file of them. */
export interface VerifyVectors {
  readonly headers: readonly unknown[];
  readonly sets: readonly unknown[];
  readonly cases: readonly VerifyCase[];
}

/** How the headers and sets that a case names are read. */
export interface CaseReaders {
  readonly header: (number: number) => TrustedState['signedHeader'];
  readonly set: (number: number) => TrustedState['nextValidators'];
}

/** What `verify` is given for a case. @throws TypeError for what does not decode. */
export function argumentsOf(given: VerifyCase, { header, set }: CaseReaders): VerifyArguments {
  return {
    trusted: {
      signedHeader: header(given.trusted),
      nextValidators: set(given.trusted_next_validators),
    },
    untrusted: {
      signedHeader: header(given.untrusted),
      validators: set(given.validators),
      nextValidators: set(given.next_validators),
    },
    ...settingsOf(given),
  };
}

/** What a case sets, without its headers. */
export function settingsOf(given: VerifyCase) {
  const [numerator, denominator] = given.trust_level;
  return {
    trustLevel: { numerator, denominator },
    trustingPeriod: BigInt(given.trusting_period),
    maxClockDrift: BigInt(given.max_clock_drift),
    now: parseTime(given.now),
  };
}
