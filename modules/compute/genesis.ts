import { sdkError } from '../../chain/module/errors.ts';
import { moduleAddress } from '../../wire/address.ts';
import { type Lease, LeaseState, type Provider } from '../../wire/gen/depin/compute/v1/compute.ts';
import type { GenesisState } from '../../wire/gen/depin/compute/v1/genesis.ts';
import type { ComputeContext, ComputeView } from './context.ts';
import { checkParams, DEFAULT_PARAMS } from './params.ts';

const refuse = (field: string, words: string): Error =>
  sdkError('invalidRequest', `${field}: ${words}`);

/** The sets by state, model and provider follow from the records. @throws ChainError naming the field that is wrong. */
export function initGenesis(context: ComputeContext, genesis: GenesisState): void {
  context.setParams(checkParams(genesis.params ?? DEFAULT_PARAMS));
  // The account must be the module's before anyone can send to its address.
  context.bank.sendToModule(moduleAddress('compute'), 'compute', []);
  genesis.providers.forEach((each, i) => void initProvider(context, each, `providers[${i}]`));
  initOrders(context, genesis);
  context.state.activeLeases.set(0n);
  genesis.leases.forEach((each, i) => void initLease(context, each, `leases[${i}]`));
  initBids(context, genesis);
}

function initProvider(context: ComputeContext, provider: Provider, field: string): void {
  const { state, devices, addresses } = context;
  const { deviceId, gpuModel } = provider;
  addresses.parse(provider.owner, `${field}.owner`);
  if (devices.device(deviceId) === undefined) throw refuse(`${field}.device_id`, 'no such device');
  if (state.providers.has(deviceId)) throw refuse(`${field}.device_id`, 'stands twice');
  if (!context.params.models.some(({ name }) => name === gpuModel)) {
    throw refuse(`${field}.gpu_model`, `no model "${gpuModel}" in params`);
  }
  state.providers.set(deviceId, provider);
  state.providerModels.add([gpuModel, deviceId]);
}

function initOrders({ state, addresses, params }: ComputeContext, genesis: GenesisState): void {
  genesis.orders.forEach((order, i) => {
    addresses.parse(order.tenant, `orders[${i}].tenant`);
    if (order.id < 1n || state.orders.has(order.id)) {
      throw refuse(`orders[${i}].id`, `expected a new id from 1, got ${order.id}`);
    }
    if (!params.models.some(({ name }) => name === order.gpuModel)) {
      throw refuse(`orders[${i}].gpu_model`, `no model "${order.gpuModel}" in params`);
    }
    state.orders.set(order.id, order);
    state.orderStates.add([order.state, order.id]);
  });
  genesis.escrows.forEach((escrow, i) => {
    if (!state.orders.has(escrow.orderId)) throw refuse(`escrows[${i}].order_id`, 'no such order');
    state.escrows.set(escrow.orderId, escrow);
  });
  genesis.orders.forEach(({ id }, i) => {
    if (!state.escrows.has(id)) throw refuse(`orders[${i}]`, `expected an escrow of order ${id}`);
  });
  const ids = genesis.orders.map(({ id }) => id);
  state.nextOrder.set(nextAfter(ids, genesis.nextOrderId, 'next_order_id'));
}

function initLease({ state, params }: ComputeContext, lease: Lease, field: string): void {
  const { orderId, provider } = lease;
  if (!state.orders.has(orderId)) throw refuse(`${field}.order_id`, 'no such order');
  if (!state.providers.has(provider)) throw refuse(`${field}.provider`, 'no such provider');
  state.leases.set(orderId, lease);
  state.leaseStates.add([lease.state, orderId]);
  state.providerLeases.add([provider, orderId]);
  if (lease.state !== LeaseState.LEASE_STATE_ACTIVE) return;
  const active = state.activeLeases.must() + 1n;
  if (active > BigInt(params.maxActiveLeases)) {
    throw refuse(field, `expected at most ${params.maxActiveLeases} active leases`);
  }
  state.activeLeases.set(active);
}

function initBids({ state }: ComputeContext, genesis: GenesisState): void {
  genesis.bids.forEach((bid, i) => {
    if (!state.orders.has(bid.orderId)) throw refuse(`bids[${i}].order_id`, 'no such order');
    if (!state.providers.has(bid.provider)) throw refuse(`bids[${i}].provider`, 'no such provider');
    state.bids.set([bid.orderId, bid.provider], bid);
  });
  const ids = genesis.bids.map(({ id }) => id);
  state.nextBid.set(nextAfter(ids, genesis.nextBidId, 'next_bid_id'));
}

/** Ids that were used up by records since deleted are not given out again. */
function nextAfter(ids: readonly bigint[], stated: bigint, field: string): bigint {
  let last = 0n;
  for (const id of ids) if (id > last) last = id;
  if (stated === 0n) return last + 1n;
  if (stated <= last) throw refuse(field, `expected over ${last}, got ${stated}`);
  return stated;
}

export function exportGenesis({ state, params }: ComputeView): GenesisState {
  const values = <V>(collection: { entries(): Iterable<readonly [unknown, V]> }): V[] =>
    [...collection.entries()].map(([, value]) => value);
  return {
    params,
    providers: values(state.providers),
    orders: values(state.orders),
    bids: values(state.bids),
    leases: values(state.leases),
    escrows: values(state.escrows),
    nextOrderId: state.nextOrder.peek(),
    nextBidId: state.nextBid.peek(),
  };
}
