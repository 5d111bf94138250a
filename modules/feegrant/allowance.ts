/** Allowances: how much of whose fees one account pays for another. Pure: what is spent gives a new allowance. */
import type { Coin } from '../../chain/math/coins.ts';
import { feegrantError } from './errors.ts';

/** At most so many coins in all, until a time; `undefined` is no such bound. */
export interface BasicAllowance {
  readonly kind: 'basic';
  /** Sorted by denomination, each positive. */
  readonly spendLimit: readonly Coin[] | undefined;
  /** Nanoseconds since the Unix epoch; still good at this very time. */
  readonly expiration: bigint | undefined;
}

/** A basic allowance of which only so much can be spent in each period. */
export interface PeriodicAllowance {
  readonly kind: 'periodic';
  readonly basic: BasicAllowance;
  /** Nanoseconds. */
  readonly period: bigint;
  readonly periodSpendLimit: readonly Coin[];
  /** What is left of this period's limit. */
  readonly periodCanSpend: readonly Coin[];
  /** When the next period begins, in nanoseconds since the Unix epoch. */
  readonly periodReset: bigint;
}

/** An allowance for transactions that hold messages of these types only. */
export interface AllowedMsgAllowance {
  readonly kind: 'allowedMsg';
  readonly allowance: Allowance;
  /** Type URLs. */
  readonly messages: readonly string[];
}

export type Allowance = BasicAllowance | PeriodicAllowance | AllowedMsgAllowance;

/** What an allowance is asked to pay for. */
export interface Spending {
  readonly timeNs: bigint;
  readonly fee: readonly Coin[];
  /** Type URLs of the messages of the transaction. */
  readonly messages: readonly string[];
  /** Pays for looking at `count` type URLs. */
  readonly payForLooking: (count: number) => void;
}

/**
 * The allowance after it has paid, or undefined when nothing is left of it.
 * @throws ChainError feegrant/2, /3 or /7 when it does not pay.
 */
export function spend(allowance: Allowance, spending: Spending): Allowance | undefined {
  switch (allowance.kind) {
    case 'basic':
      return spendBasic(allowance, spending);
    case 'periodic':
      return spendPeriodic(allowance, spending);
    case 'allowedMsg':
      return spendAllowedMsg(allowance, spending);
  }
}

/** When it ends, in nanoseconds since the Unix epoch. */
export function expirationOf(allowance: Allowance): bigint | undefined {
  switch (allowance.kind) {
    case 'basic':
      return allowance.expiration;
    case 'periodic':
      return allowance.basic.expiration;
    case 'allowedMsg':
      return expirationOf(allowance.allowance);
  }
}

function spendBasic(allowance: BasicAllowance, { timeNs, fee }: Spending) {
  checkExpiration(allowance, timeNs, 'basic allowance');
  if (allowance.spendLimit === undefined) return allowance;
  const spendLimit = minus(allowance.spendLimit, fee);
  if (spendLimit === undefined) throw feegrantError('FeeLimitExceeded', 'basic allowance');
  return spendLimit.length === 0 ? undefined : { ...allowance, spendLimit };
}

function spendPeriodic(before: PeriodicAllowance, { timeNs, fee }: Spending) {
  checkExpiration(before.basic, timeNs, 'absolute limit');
  const allowance = withPeriodAt(before, timeNs);
  const periodCanSpend = minus(allowance.periodCanSpend, fee);
  if (periodCanSpend === undefined) throw feegrantError('FeeLimitExceeded', 'period limit');
  const { basic } = allowance;
  if (basic.spendLimit === undefined) return { ...allowance, periodCanSpend };
  const spendLimit = minus(basic.spendLimit, fee);
  if (spendLimit === undefined) throw feegrantError('FeeLimitExceeded', 'absolute limit');
  if (spendLimit.length === 0) return undefined;
  return { ...allowance, periodCanSpend, basic: { ...basic, spendLimit } };
}

function spendAllowedMsg(outer: AllowedMsgAllowance, spending: Spending) {
  const allowed = new Set(outer.messages);
  spending.payForLooking(outer.messages.length);
  for (const message of spending.messages) {
    spending.payForLooking(1);
    if (allowed.has(message)) continue;
    throw feegrantError(
      'MessageNotAllowed',
      `message does not exist in allowed messages (${message})`,
    );
  }
  const allowance = spend(outer.allowance, spending);
  return allowance && { ...outer, allowance };
}

function checkExpiration({ expiration }: BasicAllowance, timeNs: bigint, detail: string): void {
  if (expiration !== undefined && expiration < timeNs) {
    throw feegrantError('FeeLimitExpired', detail);
  }
}

/**
 * Begins a new period when the last one is over. One that is used in every period keeps its pace; after a pause of
 * more than a period the next one begins now.
 */
function withPeriodAt(allowance: PeriodicAllowance, timeNs: bigint): PeriodicAllowance {
  const { basic, period, periodSpendLimit, periodReset } = allowance;
  if (timeNs < periodReset) return allowance;
  const isShort =
    basic.spendLimit !== undefined && minus(basic.spendLimit, periodSpendLimit) === undefined;
  const next = periodReset + period;
  return {
    ...allowance,
    periodCanSpend: isShort ? basic.spendLimit : periodSpendLimit,
    periodReset: timeNs > next ? timeNs + period : next,
  };
}

/** What is left, without denominations of which nothing is; undefined when something is short. */
function minus(coins: readonly Coin[], taken: readonly Coin[]): readonly Coin[] | undefined {
  const rest = new Map(coins.map(({ denom, amount }) => [denom, amount]));
  for (const { denom, amount } of taken) {
    const left = (rest.get(denom) ?? 0n) - amount;
    if (left < 0n) return undefined;
    rest.set(denom, left);
  }
  return coins.flatMap(({ denom }) => {
    const amount = rest.get(denom)!;
    return amount > 0n ? [{ denom, amount }] : [];
  });
}
