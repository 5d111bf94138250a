import { type Order, OrderState } from '../../../wire/gen/depin/compute/v1/compute.ts';
import type {
  MsgAcceptBid,
  MsgAcceptBidResponse,
  MsgAcceptCheapest,
  MsgAcceptCheapestResponse,
} from '../../../wire/gen/depin/compute/v1/tx.ts';
import type { ComputeContext } from '../context.ts';
import { bidsOf, openLease } from '../leases.ts';
import { rankedOpen } from '../market.ts';
import { knownProvider, orderOf, unfitness } from '../parties.ts';
import { openBid } from './bids.ts';

/** The tenant's order while it takes bids. @throws ChainError compute/OrderNotFound, /NotTenant or /OrderNotOpen. */
function openOrder(
  context: ComputeContext,
  { tenant, orderId }: { readonly tenant: string; readonly orderId: bigint },
): Order {
  context.addresses.parse(tenant, 'tenant');
  const order = orderOf(context, orderId, tenant);
  if (order.state === OrderState.ORDER_STATE_OPEN) return order;
  throw context.fail.OrderNotOpen(`order_id: ${orderId}`);
}

/** CMP-12: what held when the bid was made must hold still. */
export function acceptBid(context: ComputeContext, message: MsgAcceptBid): MsgAcceptBidResponse {
  const order = openOrder(context, message);
  const provider = knownProvider(context, message.provider, 'provider');
  const bid = openBid(context, order.id, provider.deviceId);
  const reason = unfitness(context, provider, order);
  if (reason !== undefined) throw reason;
  openLease(context, order, bid);
  return {};
}

/** CMP-11. */
export function acceptCheapest(
  context: ComputeContext,
  message: MsgAcceptCheapest,
): MsgAcceptCheapestResponse {
  const order = openOrder(context, message);
  const open = rankedOpen(bidsOf(context, order.id));
  const bid = open.find(
    ({ provider }) =>
      unfitness(context, context.state.providers.must(provider), order) === undefined,
  );
  if (bid === undefined) {
    throw context.fail.NoValidBid(`order_id ${order.id}: ${open.length} open bids`);
  }
  openLease(context, order, bid);
  return { provider: bid.provider, pricePerHour: bid.pricePerHour };
}
