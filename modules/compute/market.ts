/** Which bid is better, and what a price saves against a cloud: pure integer maths. */
import { type Bid, BidState } from '../../wire/gen/depin/compute/v1/compute.ts';

/** Negative when `a` is the better bid: cheaper, or older at the same price (CMP-11). */
export function compareBids(a: Bid, b: Bid): number {
  const [left, right] = [BigInt(a.pricePerHour), BigInt(b.pricePerHour)];
  if (left !== right) return left < right ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

/** Open bids, the best first. */
export function rankedOpen(bids: readonly Bid[]): Bid[] {
  return bids.filter(({ state }) => state === BidState.BID_STATE_OPEN).sort(compareBids);
}

/** What is compared: both prices are for all the GPUs together. */
export interface Comparison {
  /** Base units an hour. */
  readonly pricePerHour: bigint;
  /** Price of 1,000,000 base units, in millionths of a US dollar. */
  readonly tokenPriceMicroUsd: bigint;
  /** Millionths of a US dollar an hour, over 0. */
  readonly cloudMicroUsd: bigint;
}

const MILLION = 1_000_000n;

/**
 * The price in millionths of a US dollar, rounded up, and the share of the cloud's price that it saves, in parts per
 * million rounded down: never flattering (CMP-21).
 */
export function savings(comparison: Comparison): {
  readonly priceMicroUsd: bigint;
  readonly savingsPpm: bigint;
} {
  const { pricePerHour, tokenPriceMicroUsd, cloudMicroUsd } = comparison;
  if (cloudMicroUsd <= 0n)
    throw new TypeError(`cloudMicroUsd: expected over 0, got ${cloudMicroUsd}`);
  const exact = pricePerHour * tokenPriceMicroUsd;
  const saved = cloudMicroUsd * MILLION - exact;
  return {
    priceMicroUsd: -floorDivide(-exact, MILLION),
    savingsPpm: floorDivide(saved, cloudMicroUsd),
  };
}

/** BigInt division rounds towards 0; this rounds down. */
function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend < 0n && quotient * divisor !== dividend ? quotient - 1n : quotient;
}
