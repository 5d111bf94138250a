import { type Bid, BidState, OrderState } from '../../../wire/gen/depin/compute/v1/compute.ts';
import type {
  MsgCloseBid,
  MsgCloseBidResponse,
  MsgCreateBid,
  MsgCreateBidResponse,
} from '../../../wire/gen/depin/compute/v1/tx.ts';
import type { ComputeContext } from '../context.ts';
import { bidsOf, emitBidLost } from '../leases.ts';
import { rankedOpen } from '../market.ts';
import { knownOrder, ownedProvider, unfitness } from '../parties.ts';
import { parsePrice } from './orders.ts';

/** CMP-8 to CMP-10. */
export function createBid(context: ComputeContext, message: MsgCreateBid): MsgCreateBidResponse {
  const { state, fail, emit } = context;
  const { orderId } = message;
  context.addresses.parse(message.owner, 'owner');
  const provider = ownedProvider(context, message.provider, message.owner);
  const order = knownOrder(context, orderId);
  if (order.state !== OrderState.ORDER_STATE_OPEN) throw fail.OrderNotOpen(`order_id: ${orderId}`);
  const price = parsePrice(context, message.pricePerHour, 'price_per_hour');
  if (price > BigInt(order.maxPricePerHour)) {
    throw fail.InvalidPrice(
      `price_per_hour: expected at most ${order.maxPricePerHour}, got ${price}`,
    );
  }
  const reason = unfitness(context, provider, order);
  if (reason !== undefined) throw reason;
  if (state.bids.has([orderId, provider.deviceId])) throw fail.BidExists(`order_id: ${orderId}`);
  makeRoom(context, orderId, price);
  const bid: Bid = {
    id: state.nextBidId.next(),
    orderId,
    provider: provider.deviceId,
    pricePerHour: price.toString(),
    state: BidState.BID_STATE_OPEN,
    createdHeight: context.height,
  };
  state.bids.set([orderId, provider.deviceId], bid);
  emit.bidCreated({ orderId, bidId: bid.id, provider: bid.provider, price: bid.pricePerHour });
  return { bidId: bid.id };
}

/**
 * CMP-10: a bid on a full order takes the place of the worst one, if that is dearer; so a crowd of dear bids cannot
 * shut out a cheap one.
 */
function makeRoom(context: ComputeContext, orderId: bigint, price: bigint): void {
  const open = rankedOpen(bidsOf(context, orderId));
  const worst = open.at(-1);
  if (worst === undefined || open.length < context.params.maxBidsPerOrder) return;
  if (BigInt(worst.pricePerHour) <= price) {
    throw context.fail.TooManyBids(
      `price_per_hour: expected under ${worst.pricePerHour}, got ${price}`,
    );
  }
  context.state.bids.delete([orderId, worst.provider]);
  emitBidLost(context, worst, 'outbid');
}

/** CMP-8: the provider may bid again. */
export function closeBid(context: ComputeContext, message: MsgCloseBid): MsgCloseBidResponse {
  const { orderId, owner } = message;
  context.addresses.parse(owner, 'owner');
  const { deviceId } = ownedProvider(context, message.provider, owner);
  const bid = openBid(context, orderId, deviceId);
  context.state.bids.delete([orderId, deviceId]);
  context.emit.bidClosed({ orderId, bidId: bid.id, provider: deviceId });
  return {};
}

/** @throws ChainError compute/OrderNotFound or /BidNotFound. */
export function openBid(context: ComputeContext, orderId: bigint, deviceId: string): Bid {
  knownOrder(context, orderId);
  const bid = context.state.bids.get([orderId, deviceId]);
  if (bid?.state !== BidState.BID_STATE_OPEN) {
    throw context.fail.BidNotFound(`order_id ${orderId}, provider ${deviceId}`);
  }
  return bid;
}
