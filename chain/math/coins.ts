/** Coins: amounts of a denomination in base units, and the rules that the SDK has for them. */
import { sdkError } from '../module/errors.ts';

export interface Coin {
  readonly denom: string;
  readonly amount: bigint;
}

/** The SDK's rule for denominations (types/coin.go). */
const DENOM = /^[a-zA-Z][a-zA-Z0-9/:._-]{2,127}$/;
const MAX_COINS = 64;
/** Amounts are math.Int: at most 256 bits. */
const MAX_AMOUNT = (1n << 256n) - 1n;

export function isDenom(text: string): boolean {
  return DENOM.test(text);
}

/**
 * A decimal amount in base units.
 * @throws ChainError sdk/10 naming the field when it is not digits only or has over 256 bits.
 */
export function parseAmount(text: string, field: string): bigint {
  if (!/^(0|[1-9][0-9]{0,77})$/.test(text)) {
    throw sdkError('invalidCoins', `${field}: expected a whole number, got "${text.slice(0, 90)}"`);
  }
  const amount = BigInt(text);
  if (amount > MAX_AMOUNT) throw sdkError('invalidCoins', `${field}: amount has over 256 bits`);
  return amount;
}

/** One coin as messages carry it. @throws ChainError sdk/10 naming the field. */
export function parseCoin(
  coin: { readonly denom: string; readonly amount: string } | undefined,
  field: string,
): Coin {
  if (coin === undefined) throw sdkError('invalidCoins', `${field}: coin is missing`);
  if (!isDenom(coin.denom)) {
    throw sdkError('invalidCoins', `${field}: invalid denom "${coin.denom.slice(0, 140)}"`);
  }
  return { denom: coin.denom, amount: parseAmount(coin.amount, `${field}.amount`) };
}

/**
 * Coins as messages carry them: positive, sorted by denomination, none twice.
 * @throws ChainError sdk/10 naming the field.
 */
export function parseCoins(
  coins: readonly { readonly denom: string; readonly amount: string }[],
  field: string,
): Coin[] {
  if (coins.length > MAX_COINS) {
    throw sdkError(
      'invalidCoins',
      `${field}: expected at most ${MAX_COINS} coins, got ${coins.length}`,
    );
  }
  const parsed = coins.map((coin, i) => shortCoin(coin) ?? parseCoin(coin, `${field}[${i}]`));
  parsed.forEach((coin, i) => {
    if (coin.amount === 0n)
      throw sdkError('invalidCoins', `${field}[${i}]: amount is not positive`);
    if (i > 0 && parsed[i - 1]!.denom >= coin.denom) {
      throw sdkError('invalidCoins', `${field}[${i}]: denoms are not sorted or stand twice`);
    }
  });
  return parsed;
}

/** As many digits never have over 256 bits. */
const SHORT_AMOUNT = /^(0|[1-9][0-9]{0,30})$/;

/** A coin that nothing is wrong with, without a name made for its field; undefined for one that must be looked at. */
function shortCoin({
  denom,
  amount,
}: {
  readonly denom: string;
  readonly amount: string;
}): Coin | undefined {
  return isDenom(denom) && SHORT_AMOUNT.test(amount)
    ? { denom, amount: BigInt(amount) }
    : undefined;
}

/** `5udepin,7uother`, as the SDK prints coins. */
export function formatCoins(coins: readonly Coin[]): string {
  const [first, second] = coins;
  if (first !== undefined && second === undefined) return `${first.amount}${first.denom}`;
  return coins.map((coin) => `${coin.amount}${coin.denom}`).join(',');
}

/** As messages and genesis carry it. */
export function coinToProto(coin: Coin): { denom: string; amount: string } {
  return { denom: coin.denom, amount: coin.amount.toString() };
}
