/** Coins and gas as people type them: `5000udepin`, `5udepin,7uother`, `0.025udepin`, `auto`. */
import type { GasPrice } from '../chain/app/fees.ts';

/** A coin as messages carry it. */
export interface CoinText {
  readonly denom: string;
  readonly amount: string;
}

const COIN = /^(0|[1-9]\d{0,77})([a-zA-Z][a-zA-Z0-9/:._-]{2,127})$/;
const MAX_COINS = 64;

/** @throws TypeError naming `title` for anything but a whole number followed by a denomination. */
export function parseCoinText(text: string, title: string): CoinText {
  const match = COIN.exec(text.trim());
  if (match !== null) return { amount: match[1]!, denom: match[2]! };
  const given = JSON.stringify(text.slice(0, 80));
  throw new TypeError(
    `${title}: expected a whole number of base units and a denomination, such as 5000udepin, got ${given}`,
  );
}

/**
 * Coins between commas, in the order that messages want them.
 * @throws TypeError naming `title` for a coin that is none, or a denomination that stands twice.
 */
export function parseCoinsText(text: string, title: string): CoinText[] {
  if (text.trim() === '') return [];
  const coins = text.split(',').map((part) => parseCoinText(part, title));
  if (coins.length > MAX_COINS) {
    throw new TypeError(`${title}: expected at most ${MAX_COINS} coins, got ${coins.length}`);
  }
  coins.sort((a, b) => (a.denom < b.denom ? -1 : 1));
  for (const [index, { denom }] of coins.entries()) {
    if (coins[index + 1]?.denom === denom) throw new TypeError(`${title}: ${denom} stands twice`);
  }
  return coins;
}

/** What `gas` costs at these prices, rounded up. */
export function feeAt(prices: readonly GasPrice[], gas: bigint): CoinText[] {
  return prices
    .map(({ denom, numerator, denominator }) => {
      const amount = (numerator * gas + denominator - 1n) / denominator;
      return { denom, amount: amount.toString() };
    })
    .filter(({ amount }) => amount !== '0')
    .sort((a, b) => (a.denom < b.denom ? -1 : 1));
}

/** Gas after an adjustment with up to six decimals, rounded up. @throws TypeError unless it is positive. */
export function adjustGas(used: bigint, adjustment: string): bigint {
  const match = /^(\d{1,6})(?:\.(\d{1,6}))?$/.exec(adjustment);
  const [, whole = '', fraction = ''] = match ?? [];
  const scaled = match === null ? 0n : BigInt(whole + fraction.padEnd(6, '0'));
  if (scaled <= 0n) {
    throw new TypeError(`--gas-adjustment: expected a number such as 1.4, got "${adjustment}"`);
  }
  return (used * scaled + 999_999n) / 1_000_000n;
}
