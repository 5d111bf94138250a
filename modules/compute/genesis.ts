/** What a genesis of the compute module must be beyond its form. */
import type { Refuse } from '../../chain/module/defineModule.ts';
import { sdkError } from '../../chain/module/errors.ts';
import { moduleAddress } from '../../wire/address.ts';
import {
  type Bid,
  type Escrow,
  type Lease,
  LeaseState,
  type Order,
  type Provider,
} from '../../wire/gen/depin/compute/v1/compute.ts';
import type { GenesisState } from '../../wire/gen/depin/compute/v1/genesis.ts';
import type { ComputeContext } from './context.ts';

const refusal = (field: string, words: string): Error =>
  sdkError('invalidRequest', `${field}: ${words}`);

/** The checks of the entries, each before it is written. */
export const genesisChecks = {
  providers: checkProvider,
  orders: checkOrder,
  bids: checkBid,
  leases: checkLease,
  escrows: checkEscrow,
};

function checkProvider(context: ComputeContext, provider: Provider, refuse: Refuse): void {
  const { devices, addresses, params } = context;
  addresses.parse(provider.owner, refuse.at('owner'));
  if (devices.device(provider.deviceId) === undefined) throw refuse('device_id', 'no such device');
  checkModel(params, provider.gpuModel, refuse);
}

function checkModel({ models }: ComputeContext['params'], gpuModel: string, refuse: Refuse): void {
  if (models.some(({ name }) => name === gpuModel)) return;
  throw refuse('gpu_model', `no model "${gpuModel}" in params`);
}

function checkOrder({ addresses, params }: ComputeContext, order: Order, refuse: Refuse): void {
  addresses.parse(order.tenant, refuse.at('tenant'));
  if (order.id < 1n) throw refuse('id', `expected an id from 1, got ${order.id}`);
  checkModel(params, order.gpuModel, refuse);
}

function checkBid(context: ComputeContext, { orderId, provider }: Bid, refuse: Refuse): void {
  checkParties(context, { orderId, provider }, refuse);
}

function checkLease(context: ComputeContext, { orderId, provider }: Lease, refuse: Refuse): void {
  checkParties(context, { orderId, provider }, refuse);
}

function checkParties(
  { state }: ComputeContext,
  { orderId, provider }: { readonly orderId: bigint; readonly provider: string },
  refuse: Refuse,
): void {
  if (!state.orders.has(orderId)) throw refuse('order_id', 'no such order');
  if (!state.providers.has(provider)) throw refuse('provider', 'no such provider');
}

function checkEscrow({ state }: ComputeContext, { orderId }: Escrow, refuse: Refuse): void {
  if (!state.orders.has(orderId)) throw refuse('order_id', 'no such order');
}

/** What follows from the records: the count of active leases, and the next ids where the genesis names none. */
export function startFromGenesis(context: ComputeContext, genesis: GenesisState): void {
  const { state, bank, params } = context;
  // The account must be the module's before anyone can send to its address.
  bank.sendToModule(moduleAddress('compute'), 'compute', []);
  genesis.orders.forEach(({ id }, i) => {
    if (!state.escrows.has(id)) throw refusal(`orders[${i}]`, `expected an escrow of order ${id}`);
  });
  const isActive = ({ state: at }: Lease): boolean => at === LeaseState.LEASE_STATE_ACTIVE;
  const active = genesis.leases.filter(isActive).length;
  if (active > params.maxActiveLeases) {
    throw refusal('leases', `expected at most ${params.maxActiveLeases} active leases`);
  }
  state.activeLeases.set(BigInt(active));
  const orders = genesis.orders.map(({ id }) => id);
  state.nextOrderId.set(nextAfter(orders, genesis.nextOrderId, 'next_order_id'));
  const bids = genesis.bids.map(({ id }) => id);
  state.nextBidId.set(nextAfter(bids, genesis.nextBidId, 'next_bid_id'));
}

/** Ids that were used up by records since deleted are not given out again. */
function nextAfter(ids: readonly bigint[], stated: bigint, field: string): bigint {
  let last = 0n;
  for (const id of ids) if (id > last) last = id;
  if (stated === 0n) return last + 1n;
  if (stated <= last) throw refusal(field, `expected over ${last}, got ${stated}`);
  return stated;
}
