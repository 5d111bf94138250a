/** A trusted block of four equal validators, blocks that follow it, and what is said of them. */
import type { LightBlock } from '../types.ts';
import { type VerifyArguments, verify } from '../verify.ts';
import { makeBlock, SECOND, signersOf } from './chain.ts';

/** One hour. */
export const PERIOD = 3600n * SECOND;
export const four = signersOf('four', [10n, 10n, 10n, 10n]);
export const trusted = makeBlock({ height: 1n, signers: four });
export const adjacent = makeBlock({ height: 2n, signers: four });
export const distant = makeBlock({ height: 9n, signers: four });
export const TRUSTED_TIME = trusted.signedHeader.header.time;

/** Verifies with what is usual but for the changes. */
export function judge(untrusted: LightBlock, change: Partial<VerifyArguments> = {}) {
  const now = TRUSTED_TIME + 60n * SECOND;
  return verify({ trusted, untrusted, trustingPeriod: PERIOD, now, ...change });
}

/** The reason of the refusal, or ok. */
export function reasonOf(untrusted: LightBlock, change: Partial<VerifyArguments> = {}): string {
  const verdict = judge(untrusted, change);
  return verdict.ok ? 'ok' : verdict.reason;
}
