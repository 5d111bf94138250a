/** The money of an order: pure integer maths in which nothing is lost to rounding (CMP-13 to CMP-17). */
import type { Escrow } from '../../wire/gen/depin/compute/v1/compute.ts';

/** Parts of one base unit in which a lease is counted: the nanoseconds of an hour. */
export const PARTS_PER_UNIT = 3_600_000_000_000n;

/** `Escrow` with its amounts as integers. */
export interface Account {
  readonly deposited: bigint;
  readonly paid: bigint;
  readonly accrued: bigint;
  readonly remaining: bigint;
  readonly refunded: bigint;
  /** Earned beyond `accrued`, in parts of one base unit. */
  readonly remainder: bigint;
}

const AMOUNTS = ['deposited', 'paid', 'accrued', 'remaining', 'refunded'] as const;

/** The account in a record. */
export function accountOf(escrow: Escrow): Account {
  const [deposited, paid, accrued, remaining, refunded] = AMOUNTS.map((name) =>
    BigInt(escrow[name]),
  );
  return {
    deposited: deposited!,
    paid: paid!,
    accrued: accrued!,
    remaining: remaining!,
    refunded: refunded!,
    remainder: escrow.remainder,
  };
}

/** The record with another account. */
export function withAccount(escrow: Escrow, account: Account): Escrow {
  return {
    ...escrow,
    deposited: account.deposited.toString(),
    paid: account.paid.toString(),
    accrued: account.accrued.toString(),
    remaining: account.remaining.toString(),
    refunded: account.refunded.toString(),
    remainder: account.remainder,
  };
}

/** The escrow of a new order. */
export function newEscrow(orderId: bigint, deposit: bigint): Escrow {
  return {
    orderId,
    deposited: deposit.toString(),
    paid: '0',
    accrued: '0',
    remaining: deposit.toString(),
    refunded: '0',
    remainder: 0n,
    settledTimeNs: 0n,
    unpaidNs: 0n,
  };
}

/**
 * Moves what `servedNs` nanoseconds at a price (base units an hour) earn from `remaining` to `accrued`. The fraction
 * of a base unit stays in `remainder`. When all that remains is earned, `exhausted` is true and what is owed beyond
 * it is forgiven.
 */
export function earn(
  account: Account,
  pricePerHour: bigint,
  servedNs: bigint,
): { readonly account: Account; readonly exhausted: boolean } {
  const parts = pricePerHour * servedNs + account.remainder;
  const owed = parts / PARTS_PER_UNIT;
  const { remaining, accrued } = account;
  if (owed >= remaining) {
    return {
      account: { ...account, accrued: accrued + remaining, remaining: 0n, remainder: 0n },
      exhausted: true,
    };
  }
  return {
    account: {
      ...account,
      accrued: accrued + owed,
      remaining: remaining - owed,
      remainder: parts % PARTS_PER_UNIT,
    },
    exhausted: false,
  };
}

/** A stretch of time in nanoseconds since the Unix epoch. */
export interface Stretch {
  readonly from: bigint;
  readonly to: bigint;
}

/** Nanoseconds that two stretches share. */
export function overlap(a: Stretch, b: Stretch): bigint {
  const length = earlier(a.to, b.to) - later(a.from, b.from);
  return length > 0n ? length : 0n;
}

/** The earlier of two times. */
export function earlier(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}

function later(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}
