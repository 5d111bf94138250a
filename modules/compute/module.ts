import { defineModule } from '../../chain/module/defineModule.ts';
import { index, item, map, sequence } from '../../chain/state/collections.ts';
import { uint64Value } from '../../chain/state/values.ts';
import { deviceIdKey } from '../../wire/deviceKeys.ts';
import {
  Bid,
  Escrow,
  Lease,
  Order,
  Params,
  Provider,
} from '../../wire/gen/depin/compute/v1/compute.ts';
import {
  EventBidClosed,
  EventBidCreated,
  EventBidLost,
  EventDeposited,
  EventLeaseClosed,
  EventLeaseCreated,
  EventLeaseSettled,
  EventOrderCancelled,
  EventOrderCreated,
  EventProviderRegistered,
  EventWithdrawn,
} from '../../wire/gen/depin/compute/v1/events.ts';
import { GenesisState } from '../../wire/gen/depin/compute/v1/genesis.ts';
import { QueryDefinition } from '../../wire/gen/depin/compute/v1/query.ts';
import { MsgDefinition } from '../../wire/gen/depin/compute/v1/tx.ts';
import { textKey, uint32Key, uint64Key } from '../../wire/keys.ts';
import { bank } from '../bank/module.ts';
import { credits } from '../credits/module.ts';
import { devices } from '../devices/module.ts';
import { genesisChecks, startFromGenesis } from './genesis.ts';
import { acceptHeartbeat } from './heartbeats.ts';
import { invariants } from './invariants.ts';
import { bidKeyCodec, COMPUTE_PREFIX } from './keys.ts';
import { settleActiveLeases } from './leases.ts';
import { acceptBid, acceptCheapest } from './messages/accept.ts';
import { closeBid, createBid } from './messages/bids.ts';
import { closeLease, withdraw } from './messages/leases.ts';
import { cancelOrder, createOrder, deposit } from './messages/orders.ts';
import { registerProvider } from './messages/registerProvider.ts';
import { checkParams, DEFAULT_PARAMS } from './params.ts';
import { queries } from './queries.ts';

export const computeUses = { bank, devices, credits };

export const computeState = {
  providers: map(COMPUTE_PREFIX.providers, deviceIdKey, Provider, {
    key: ({ deviceId }) => deviceId,
    indexes: {
      model: index(COMPUTE_PREFIX.providerModels, textKey, ({ gpuModel }: Provider) => gpuModel),
    },
  }),
  orders: map(COMPUTE_PREFIX.orders, uint64Key, Order, {
    key: ({ id }) => id,
    indexes: { state: index(COMPUTE_PREFIX.orderStates, uint32Key, ({ state }: Order) => state) },
  }),
  bids: map(COMPUTE_PREFIX.bids, bidKeyCodec, Bid, {
    key: ({ orderId, provider }) => [orderId, provider] as const,
  }),
  leases: map(COMPUTE_PREFIX.leases, uint64Key, Lease, {
    key: ({ orderId }) => orderId,
    indexes: {
      state: index(COMPUTE_PREFIX.leaseStates, uint32Key, ({ state }: Lease) => state),
      provider: index(
        COMPUTE_PREFIX.providerLeases,
        deviceIdKey,
        ({ provider }: Lease) => provider,
      ),
    },
  }),
  escrows: map(COMPUTE_PREFIX.escrows, uint64Key, Escrow, { key: ({ orderId }) => orderId }),
  nextOrderId: sequence(COMPUTE_PREFIX.nextOrder),
  nextBidId: sequence(COMPUTE_PREFIX.nextBid),
  /** How many leases are active. */
  activeLeases: item(COMPUTE_PREFIX.activeLeases, uint64Value),
};

export const computeErrors = {
  NotAProvider: [2, 'device is not a provider', 'notFound'],
  AlreadyRegistered: [3, 'device is a provider already'],
  UnknownModel: [4, 'no such GPU model'],
  InvalidProvider: [5, 'invalid description of a provider'],
  MalformedHeartbeat: [6, 'malformed heartbeat'],
  OrderNotFound: [7, 'no such order', 'notFound'],
  NotTenant: [8, 'order belongs to another tenant'],
  OrderNotOpen: [9, 'order is not open'],
  InvalidOrder: [10, 'invalid order'],
  InvalidPrice: [11, 'invalid price'],
  InvalidDeposit: [12, 'invalid deposit'],
  BidNotFound: [13, 'no such open bid', 'notFound'],
  BidExists: [14, 'provider has a bid on this order already'],
  TooManyBids: [15, 'order has its most bids, none of them dearer'],
  OwnOrder: [16, 'tenant and provider have the same owner'],
  ModelMismatch: [17, 'provider has another GPU model'],
  NotEnoughGpus: [18, 'provider has too few free GPUs'],
  Offline: [19, 'provider has no fresh heartbeat'],
  NoValidBid: [20, 'no bid whose provider can serve now'],
  TooManyLeases: [21, 'chain has its most active leases'],
  LeaseNotFound: [22, 'order has no lease', 'notFound'],
  LeaseClosed: [23, 'lease is closed'],
  NotAParty: [24, 'signer is neither the tenant nor the owner of the provider'],
  NothingEarned: [25, 'nothing is earned since the last payment'],
  NotOwner: [26, 'provider belongs to another owner'],
  OrderEnded: [27, 'order has ended'],
  Revoked: [28, 'device of the provider is revoked'],
} as const;

export const computeEvents = {
  providerRegistered: EventProviderRegistered,
  orderCreated: EventOrderCreated,
  orderCancelled: EventOrderCancelled,
  deposited: EventDeposited,
  bidCreated: EventBidCreated,
  bidClosed: EventBidClosed,
  bidLost: EventBidLost,
  leaseCreated: EventLeaseCreated,
  leaseSettled: EventLeaseSettled,
  withdrawn: EventWithdrawn,
  leaseClosed: EventLeaseClosed,
};

/** Compute: tenants lease GPUs by the hour from providers that bid for their orders, out of an escrow that every block settles. */
export const compute = defineModule('compute', {
  uses: computeUses,
  params: {
    prefix: COMPUTE_PREFIX.params,
    type: Params,
    default: DEFAULT_PARAMS,
    check: checkParams,
  },
  state: computeState,
  errors: computeErrors,
  events: computeEvents,
  msg: MsgDefinition,
  messages: {
    registerProvider,
    createOrder,
    cancelOrder,
    createBid,
    closeBid,
    acceptBid,
    acceptCheapest,
    deposit,
    withdraw,
    closeLease,
  },
  query: QueryDefinition,
  queries,
  genesis: {
    type: GenesisState,
    omit: ['activeLeases'],
    check: genesisChecks,
    start: startFromGenesis,
  },
  on: { devices: { reportAccepted: acceptHeartbeat } },
  endBlock: settleActiveLeases,
  invariants,
});
