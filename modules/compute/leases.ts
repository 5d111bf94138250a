/** The life of a lease: it starts with a bid, is settled every block, and ends (CMP-12 to CMP-19). */
import { Bug } from '../../chain/module/errors.ts';
import {
  type Bid,
  BidState,
  CloseReason,
  type Lease,
  LeaseState,
  type Order,
  OrderState,
} from '../../wire/gen/depin/compute/v1/compute.ts';
import { partPrefix, uint64Key } from '../../wire/keys.ts';
import type { ComputeContext, ComputeView } from './context.ts';
import { accountOf, earn, overlap, withAccount } from './escrow.ts';
import { aliveStretch } from './heartbeats.ts';

const REASON_TEXT: Readonly<Partial<Record<CloseReason, string>>> = {
  [CloseReason.CLOSE_REASON_TENANT]: 'tenant',
  [CloseReason.CLOSE_REASON_PROVIDER]: 'provider',
  [CloseReason.CLOSE_REASON_INSUFFICIENT_FUNDS]: 'insufficient_funds',
};

/** Every bid on an order, in the order of the providers. */
export function bidsOf({ state }: Pick<ComputeView, 'state'>, orderId: bigint): Bid[] {
  const within = partPrefix(uint64Key, orderId);
  return [...state.bids.entries({ within })].map(([, bid]) => bid);
}

/** Puts an order into another state. */
export function moveOrder({ state }: ComputeContext, order: Order, next: OrderState): void {
  state.orders.set(order.id, { ...order, state: next });
}

/** Marks the open bids on an order as lost, but for the one that won. */
export function loseBids(
  context: ComputeContext,
  orderId: bigint,
  options: { readonly reason: string; readonly winner?: string },
): void {
  for (const bid of bidsOf(context, orderId)) {
    if (bid.provider === options.winner || bid.state !== BidState.BID_STATE_OPEN) continue;
    const lost = { ...bid, state: BidState.BID_STATE_LOST };
    context.state.bids.set([orderId, bid.provider], lost);
    emitBidLost(context, bid, options.reason);
  }
}

/** Says that a bid lost, and why. */
export function emitBidLost({ emit }: ComputeContext, bid: Bid, reason: string): void {
  emit.bidLost({ orderId: bid.orderId, bidId: bid.id, provider: bid.provider, reason });
}

/** Starts the lease. The provider was checked before. @throws ChainError compute/TooManyLeases. */
export function openLease(context: ComputeContext, order: Order, bid: Bid): void {
  const { state, params, timeNs, fail, emit } = context;
  const active = state.activeLeases.must();
  if (active >= BigInt(params.maxActiveLeases)) throw fail.TooManyLeases(`${active} are active`);
  const provider = state.providers.must(bid.provider);
  state.activeLeases.set(active + 1n);
  moveOrder(context, order, OrderState.ORDER_STATE_LEASED);
  state.bids.set([order.id, bid.provider], { ...bid, state: BidState.BID_STATE_WON });
  loseBids(context, order.id, { reason: 'another bid won', winner: bid.provider });
  const leasedGpus = provider.leasedGpus + order.gpuCount;
  state.providers.set(bid.provider, { ...provider, leasedGpus });
  state.leases.set(order.id, {
    orderId: order.id,
    bidId: bid.id,
    tenant: order.tenant,
    provider: bid.provider,
    gpuModel: order.gpuModel,
    gpuCount: order.gpuCount,
    pricePerHour: bid.pricePerHour,
    state: LeaseState.LEASE_STATE_ACTIVE,
    closeReason: CloseReason.CLOSE_REASON_UNSPECIFIED,
    startTimeNs: timeNs,
    endTimeNs: 0n,
  });
  state.escrows.set(order.id, { ...state.escrows.must(order.id), settledTimeNs: timeNs });
  emit.leaseCreated({
    orderId: order.id,
    bidId: bid.id,
    provider: bid.provider,
    tenant: order.tenant,
    price: bid.pricePerHour,
  });
}

/** CMP-13: settles every active lease up to the time of the block. Costs one write a lease. */
export function settleActiveLeases(context: ComputeContext): void {
  const { state } = context;
  for (const [, lease] of [...state.leases.by.state(LeaseState.LEASE_STATE_ACTIVE)]) {
    settleLease(context, lease);
  }
}

/**
 * Moves what the lease earned since it was last settled to the provider's credit, for the time in which heartbeats
 * vouch for it. A lease whose funds are used up is closed at once. Twice at one time is the same as once.
 */
export function settleLease(context: ComputeContext, lease: Lease): void {
  const { state, timeNs } = context;
  const escrow = state.escrows.must(lease.orderId);
  if (escrow.settledTimeNs === timeNs) return;
  const provider = state.providers.must(lease.provider);
  const elapsed = { from: escrow.settledTimeNs, to: timeNs };
  const servedNs = overlap(elapsed, aliveStretch(context, provider));
  const earned = earn(accountOf(escrow), BigInt(lease.pricePerHour), servedNs);
  state.escrows.set(lease.orderId, {
    ...withAccount(escrow, earned.account),
    settledTimeNs: timeNs,
    unpaidNs: escrow.unpaidNs + (elapsed.to - elapsed.from) - servedNs,
  });
  if (earned.exhausted) endLease(context, lease, CloseReason.CLOSE_REASON_INSUFFICIENT_FUNDS);
}

/** Pays the provider's owner what has accrued. Gives the amount, which may be 0. */
export function payAccrued(context: ComputeContext, lease: Lease): bigint {
  const { state, emit } = context;
  const escrow = state.escrows.must(lease.orderId);
  const account = accountOf(escrow);
  const amount = account.accrued;
  if (amount === 0n) return 0n;
  const { owner } = state.providers.must(lease.provider);
  const after = { ...account, accrued: 0n, paid: account.paid + amount };
  state.escrows.set(lease.orderId, withAccount(escrow, after));
  send(context, owner, amount);
  emit.leaseSettled({
    orderId: lease.orderId,
    provider: lease.provider,
    owner,
    paid: amount.toString(),
    remaining: account.remaining.toString(),
  });
  return amount;
}

/** Gives the tenant what remains of the escrow. Gives the amount, which may be 0. */
export function refundRemaining(context: ComputeContext, orderId: bigint, tenant: string): bigint {
  const escrow = context.state.escrows.must(orderId);
  const account = accountOf(escrow);
  const amount = account.remaining;
  const after = { ...account, remaining: 0n, refunded: account.refunded + amount, remainder: 0n };
  context.state.escrows.set(orderId, withAccount(escrow, after));
  if (amount > 0n) send(context, tenant, amount);
  return amount;
}

/** Ends a settled lease: the provider is paid, the tenant refunded, the GPUs are free. */
export function endLease(context: ComputeContext, lease: Lease, closeReason: CloseReason): void {
  const { state, timeNs, emit } = context;
  payAccrued(context, lease);
  refundRemaining(context, lease.orderId, lease.tenant);
  const provider = state.providers.must(lease.provider);
  const leasedGpus = provider.leasedGpus - lease.gpuCount;
  if (leasedGpus < 0) throw new Bug(`provider ${lease.provider} leases ${leasedGpus} GPUs`);
  state.providers.set(lease.provider, { ...provider, leasedGpus });
  state.leases.set(lease.orderId, {
    ...lease,
    state: LeaseState.LEASE_STATE_CLOSED,
    closeReason,
    endTimeNs: timeNs,
  });
  state.activeLeases.set(state.activeLeases.must() - 1n);
  moveOrder(context, state.orders.must(lease.orderId), OrderState.ORDER_STATE_CLOSED);
  const { paid, refunded } = state.escrows.must(lease.orderId);
  emit.leaseClosed({
    orderId: lease.orderId,
    provider: lease.provider,
    reason: REASON_TEXT[closeReason] ?? '',
    paid,
    refunded,
  });
}

function send({ bank, addresses, denom }: ComputeContext, to: string, amount: bigint): void {
  bank.sendFromModule('compute', addresses.parse(to, 'recipient'), [{ denom, amount }]);
}
