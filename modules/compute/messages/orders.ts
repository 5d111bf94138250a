import { parseAmount, parseCoin } from '../../../chain/math/coins.ts';
import { OrderState } from '../../../wire/gen/depin/compute/v1/compute.ts';
import type {
  MsgCancelOrder,
  MsgCancelOrderResponse,
  MsgCreateOrder,
  MsgCreateOrderResponse,
  MsgDeposit,
  MsgDepositResponse,
} from '../../../wire/gen/depin/compute/v1/tx.ts';
import type { ComputeContext } from '../context.ts';
import { accountOf, newEscrow, withAccount } from '../escrow.ts';
import { loseBids, moveOrder, refundRemaining } from '../leases.ts';
import { MAX_GPUS, MAX_PRICE } from '../params.ts';
import { knownModel, knownOrder, orderOf } from '../parties.ts';

/** A price in base units an hour. @throws ChainError compute/InvalidPrice or sdk/10 naming the field. */
export function parsePrice({ fail }: ComputeContext, text: string, field: string): bigint {
  const price = parseAmount(text, field);
  if (price >= 1n && price <= MAX_PRICE) return price;
  throw fail.InvalidPrice(`${field}: expected 1 to ${MAX_PRICE}, got ${price}`);
}

/** What a coin adds to an escrow. @throws ChainError compute/InvalidDeposit or sdk/10 naming the field. */
function parseDeposit(
  { fail, denom }: ComputeContext,
  coin: MsgDeposit['amount'],
  { field, least }: { readonly field: string; readonly least: bigint },
): bigint {
  const given = parseCoin(coin, field);
  if (given.denom !== denom) {
    throw fail.InvalidDeposit(`${field}: expected ${denom}, got ${given.denom}`);
  }
  if (given.amount < least) {
    throw fail.InvalidDeposit(`${field}: expected at least ${least}${denom}, got ${given.amount}`);
  }
  return given.amount;
}

/** CMP-5. */
export function createOrder(
  context: ComputeContext,
  message: MsgCreateOrder,
): MsgCreateOrderResponse {
  const { state, params, fail, emit, denom } = context;
  const { tenant, gpuModel, gpuCount } = message;
  const payer = context.addresses.parse(tenant, 'tenant');
  knownModel(context, gpuModel);
  if (gpuCount < 1 || gpuCount > MAX_GPUS) {
    throw fail.InvalidOrder(`gpu_count: expected 1 to ${MAX_GPUS}, got ${gpuCount}`);
  }
  const maxPrice = parsePrice(context, message.maxPricePerHour, 'max_price_per_hour');
  const least = BigInt(params.minDeposit);
  const amount = parseDeposit(context, message.deposit, { field: 'deposit', least });
  context.bank.sendToModule(payer, 'compute', [{ denom, amount }]);
  const id = state.nextOrderId.next();
  state.orders.set(id, {
    id,
    tenant,
    gpuModel,
    gpuCount,
    maxPricePerHour: maxPrice.toString(),
    state: OrderState.ORDER_STATE_OPEN,
    createdHeight: context.height,
  });
  state.escrows.set(id, newEscrow(id, amount));
  emit.orderCreated({
    orderId: id,
    tenant,
    gpuModel,
    gpuCount,
    maxPrice: maxPrice.toString(),
    deposit: amount.toString(),
  });
  return { orderId: id };
}

/** CMP-6. */
export function cancelOrder(
  context: ComputeContext,
  { tenant, orderId }: MsgCancelOrder,
): MsgCancelOrderResponse {
  context.addresses.parse(tenant, 'tenant');
  const order = orderOf(context, orderId, tenant);
  if (order.state !== OrderState.ORDER_STATE_OPEN) {
    throw context.fail.OrderNotOpen(`order_id: ${orderId}`);
  }
  const refunded = refundRemaining(context, orderId, tenant).toString();
  loseBids(context, orderId, { reason: 'order cancelled' });
  moveOrder(context, order, OrderState.ORDER_STATE_CANCELLED);
  context.emit.orderCancelled({ orderId, tenant, refunded });
  return { refunded };
}

/** CMP-7. */
export function deposit(context: ComputeContext, message: MsgDeposit): MsgDepositResponse {
  const { state, fail, emit, denom } = context;
  const { sender, orderId } = message;
  const payer = context.addresses.parse(sender, 'sender');
  const order = knownOrder(context, orderId);
  const isLive =
    order.state === OrderState.ORDER_STATE_OPEN || order.state === OrderState.ORDER_STATE_LEASED;
  if (!isLive) throw fail.OrderEnded(`order_id: ${orderId}`);
  const amount = parseDeposit(context, message.amount, { field: 'amount', least: 1n });
  context.bank.sendToModule(payer, 'compute', [{ denom, amount }]);
  const escrow = state.escrows.must(orderId);
  const account = accountOf(escrow);
  const { deposited, remaining } = account;
  const added = { ...account, deposited: deposited + amount, remaining: remaining + amount };
  state.escrows.set(orderId, withAccount(escrow, added));
  emit.deposited({ orderId, sender, amount: amount.toString() });
  return {};
}
