/** What credits cost: both prices are in millionths of a US dollar, the token's for 1,000,000 base units. */

const BASE_UNITS = 1_000_000n;

export interface Prices {
  readonly tokenPriceMicroUsd: bigint;
  readonly creditPriceMicroUsd: bigint;
}

/** Whole credits that `amount` base units buy, rounded down. */
export function creditsFor(amount: bigint, prices: Prices): bigint {
  return (amount * prices.tokenPriceMicroUsd) / (BASE_UNITS * prices.creditPriceMicroUsd);
}

/** Base units that so many credits cost, rounded up: the buyer never pays less than the price. */
export function costOf(credits: bigint, prices: Prices): bigint {
  const numerator = credits * BASE_UNITS * prices.creditPriceMicroUsd;
  return (numerator + prices.tokenPriceMicroUsd - 1n) / prices.tokenPriceMicroUsd;
}
