import type { Handlers } from '../../chain/module/defineModule.ts';
import { type Page, paginate } from '../../chain/state/pagination.ts';
import {
  type Lease,
  LeaseState,
  type Order,
  OrderState,
} from '../../wire/gen/depin/compute/v1/compute.ts';
import {
  PriceBasis,
  type QueryDefinition,
  type QueryLeasesRequest,
} from '../../wire/gen/depin/compute/v1/query.ts';
import type { ComputeView } from './context.ts';
import { isAlive } from './heartbeats.ts';
import { bidsOf } from './leases.ts';
import { rankedOpen, savings } from './market.ts';
import { knownLease, knownModel, knownOrder, knownProvider } from './parties.ts';

const values = <V>(page: Page<unknown, V>): V[] => page.entries.map(([, value]) => value);

export const queries: Handlers<QueryDefinition, ComputeView> = {
  params: ({ params }) => ({ params }),
  provider(view, { deviceId }) {
    const provider = knownProvider(view, deviceId, 'device_id');
    return { provider, alive: isAlive(view, provider) };
  },
  providers(view, { gpuModel, pagination }) {
    const { state } = view;
    if (gpuModel === '') {
      const page = paginate(state.providers, pagination);
      return { providers: values(page), pagination: page.pagination };
    }
    knownModel(view, gpuModel);
    const page = paginate(state.providers.by.model(gpuModel), pagination);
    return { providers: values(page), pagination: page.pagination };
  },
  order: (view, { orderId }) => ({ order: knownOrder(view, orderId) }),
  orders({ state }, { state: wanted, pagination }) {
    if (wanted === OrderState.ORDER_STATE_UNSPECIFIED) {
      const page = paginate(state.orders, pagination);
      return { orders: values(page), pagination: page.pagination };
    }
    const page = paginate(state.orders.by.state(wanted), pagination);
    return { orders: values(page), pagination: page.pagination };
  },
  bids(view, { orderId }) {
    knownOrder(view, orderId);
    return { bids: bidsOf(view, orderId) };
  },
  lease: (view, { orderId }) => knownLease(view, orderId),
  leases(view, request) {
    const page = leasePage(view, request);
    return { leases: values(page), pagination: page.pagination };
  },
  escrow(view, { orderId }) {
    knownOrder(view, orderId);
    return { escrow: view.state.escrows.must(orderId) };
  },
  savings(view, { orderId }) {
    const order = knownOrder(view, orderId);
    const { basis, price } = priceOf(view, order);
    const perGpu = knownModel(view, order.gpuModel).cloudPriceMicroUsdPerHour;
    const cloudMicroUsd = perGpu * BigInt(order.gpuCount);
    const tokenPriceMicroUsd = view.credits.tokenPriceMicroUsd();
    const compared = savings({ pricePerHour: BigInt(price), tokenPriceMicroUsd, cloudMicroUsd });
    return {
      basis,
      pricePerHour: price,
      priceMicroUsdPerHour: compared.priceMicroUsd.toString(),
      cloudPriceMicroUsdPerHour: cloudMicroUsd.toString(),
      savingsPpm: compared.savingsPpm.toString(),
    };
  },
};

/** The provider's leases, or those in one state, or all, whichever walks the fewest. */
function leasePage(view: ComputeView, request: QueryLeasesRequest): Page<bigint, Lease> {
  const { leases } = view.state;
  const { state: wanted, provider, pagination } = request;
  const isAny = wanted === LeaseState.LEASE_STATE_UNSPECIFIED;
  if (provider !== '') {
    knownProvider(view, provider, 'provider');
    const where = ({ state }: Lease): boolean => isAny || state === wanted;
    return paginate(leases.by.provider(provider), pagination, { where });
  }
  return paginate(isAny ? leases : leases.by.state(wanted), pagination);
}

/** CMP-21: the price of the lease, else of the best open bid, else the most that the tenant pays. */
function priceOf(
  view: ComputeView,
  order: Order,
): { readonly basis: PriceBasis; readonly price: string } {
  const lease = view.state.leases.get(order.id);
  if (lease) return { basis: PriceBasis.PRICE_BASIS_LEASE, price: lease.pricePerHour };
  const best = rankedOpen(bidsOf(view, order.id))[0];
  if (best) return { basis: PriceBasis.PRICE_BASIS_BID, price: best.pricePerHour };
  return { basis: PriceBasis.PRICE_BASIS_MAXIMUM, price: order.maxPricePerHour };
}
