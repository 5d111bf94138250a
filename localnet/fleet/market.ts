/** The compute market: tenants ask for GPUs, providers bid, the cheapest wins; leases are topped up, closed, or run dry. */
import {
  type Bid,
  BidState,
  type Lease,
  LeaseState,
  type Order,
  OrderState,
  type Params,
} from '../../wire/gen/depin/compute/v1/compute.ts';
import { QueryDefinition as ComputeQuery } from '../../wire/gen/depin/compute/v1/query.ts';
import type { Any } from '../../wire/gen/google/protobuf/any.ts';
import type { ChainClient } from './chainClient.ts';
import { pack } from './messages.ts';
import type { Provider } from './providers.ts';
import type { Random } from './random.ts';
import { allPages } from './records.ts';
import { type Sender, STOPPED } from './sender.ts';
import type { Tally } from './tally.ts';

export interface MarketOptions {
  readonly client: ChainClient;
  readonly tally: Tally;
  readonly random: Random;
  readonly params: Params;
  /** Price of 1,000,000 base units of the token, in millionths of a US dollar. */
  readonly tokenPriceMicroUsd: bigint;
  readonly denom: string;
  readonly tenants: readonly Sender[];
  readonly owners: readonly Sender[];
  readonly providers: () => readonly Provider[];
}

/** What a tenant offers at most, and providers ask, of the price of a cloud. */
const TENANT_SHARE = 0.9;
const PROVIDER_SHARES = [0.3, 0.8] as const;
/** A deposit pays for so much of an hour. */
const DEPOSIT_HOURS = 0.1;
/** An order with a bid waits so many blocks for a cheaper one, and one that nobody can serve so many before it is cancelled. */
const BLOCKS_TO_ACCEPT = 3;
const BLOCKS_TO_CANCEL = 60;
const LEASE_MS = [60_000, 600_000] as const;
const TOP_UP_CHANCE = 0.4;
const TOP_UP_BELOW = 0.3;
/** Busy enough to see, and far below what the chain takes. */
const PROVIDERS_PER_ORDER = 2;
const MAX_ORDERS_PER_TENANT = 25;
const BASE_UNITS = 1_000_000n;
const ROUNDS_BETWEEN_WITHDRAWALS = 12;

/** One walk over the market reads everything from the chain: after a restart it goes on where it was. */
export class Market {
  readonly #options: MarketOptions;
  #rounds = 0;

  constructor(options: MarketOptions) {
    this.#options = options;
  }

  /** Looks at all orders and leases, and does what is due. @throws Error when the node is away. */
  async step(now: { readonly ms: number; readonly height: number }): Promise<void> {
    this.#rounds++;
    const [orders, leases] = await Promise.all([this.#openOrders(), this.#activeLeases()]);
    this.#noteLeases(leases);
    const work: Promise<void>[] = [];
    for (const order of orders) work.push(this.#serveOrder(order, now.height));
    for (const lease of leases) work.push(this.#serveLease(lease, now.ms));
    for (const tenant of this.#options.tenants) {
      work.push(this.#order(tenant, { orders, leases }));
    }
    await Promise.all(work);
  }

  #openOrders(): Promise<Order[]> {
    const { client } = this.#options;
    return allPages(async (pagination) => {
      const request = { state: OrderState.ORDER_STATE_OPEN, pagination };
      const answer = await client.query(ComputeQuery, ComputeQuery.methods.orders, request);
      return { ...answer, items: answer.orders };
    });
  }

  #activeLeases(): Promise<Lease[]> {
    const { client } = this.#options;
    return allPages(async (pagination) => {
      const request = { state: LeaseState.LEASE_STATE_ACTIVE, provider: '', pagination };
      const answer = await client.query(ComputeQuery, ComputeQuery.methods.leases, request);
      return { ...answer, items: answer.leases };
    });
  }

  #noteLeases(leases: readonly Lease[]): void {
    for (const provider of this.#options.providers()) {
      provider.leasedGpus = leases
        .filter((lease) => lease.provider === provider.device.id)
        .reduce((sum, { gpuCount }) => sum + gpuCount, 0);
    }
  }

  async #send(sender: Sender, message: Any): Promise<void> {
    const { tally } = this.#options;
    const outcome = await sender.send([message]);
    if (outcome.tx !== undefined) tally.noteTx(outcome.tx, 0);
    if (!outcome.ok && outcome.reason !== STOPPED) tally.noteFailure(outcome.reason);
  }

  /** Bids of providers that have room; then the tenant's choice. */
  async #serveOrder(order: Order, height: number): Promise<void> {
    const { client } = this.#options;
    const request = { orderId: order.id };
    const { bids } = await client.query(ComputeQuery, ComputeQuery.methods.bids, request);
    const tenant = this.#options.tenants.find(({ address }) => address === order.tenant);
    const age = height - Number(order.createdHeight);
    const isServable = bids.some((bid) => this.#canServeBid(bid, order));
    if (tenant && isServable && age >= BLOCKS_TO_ACCEPT) {
      const message = pack.acceptCheapest({ tenant: tenant.address, orderId: order.id });
      return this.#send(tenant, message);
    }
    if (tenant && !isServable && age >= BLOCKS_TO_CANCEL) {
      const message = pack.cancelOrder({ tenant: tenant.address, orderId: order.id });
      return this.#send(tenant, message);
    }
    const bidders = new Set(bids.map(({ provider }) => provider));
    const room = this.#options.params.maxBidsPerOrder - bids.length;
    const able = this.#options
      .providers()
      .filter((provider) => !bidders.has(provider.device.id) && this.#canServe(provider, order));
    await Promise.all(
      able.slice(0, Math.max(0, room)).map((provider) => this.#bid(provider, order)),
    );
  }

  /** The GPUs of a bid may have gone to another order since. Of strangers' machines only the chain knows. */
  #canServeBid(bid: Bid, order: Order): boolean {
    if (bid.state !== BidState.BID_STATE_OPEN) return false;
    const provider = this.#options.providers().find(({ device }) => device.id === bid.provider);
    return provider === undefined || this.#canServe(provider, order);
  }

  #canServe({ device, hardware, leasedGpus }: Provider, order: Order): boolean {
    const isFree = hardware.count - leasedGpus >= order.gpuCount;
    // The chain takes bids of providers with a fresh heartbeat only.
    const isAlive = device.isHeard && !device.isRevoked;
    return isAlive && hardware.model === order.gpuModel && isFree;
  }

  async #bid({ device, hardware }: Provider, order: Order): Promise<void> {
    const share = device.plan.random.fork('price').between(...PROVIDER_SHARES);
    const price = this.#price(hardware.model, order.gpuCount, share);
    if (price > BigInt(order.maxPricePerHour)) return;
    const owner = this.#options.owners[device.plan.owner]!;
    const bid = {
      owner: owner.address,
      provider: device.id,
      orderId: order.id,
      pricePerHour: price.toString(),
    };
    await this.#send(owner, pack.createBid(bid));
  }

  /** Base units an hour for so many GPUs, as a share of the price of a cloud; at least 1. */
  #price(model: string, count: number, share: number): bigint {
    const { params, tokenPriceMicroUsd } = this.#options;
    const cloud = params.models.find(({ name }) => name === model)?.cloudPriceMicroUsdPerHour ?? 0n;
    const wanted = cloud * BigInt(count) * BigInt(Math.round(share * 1_000_000));
    const price = wanted / tokenPriceMicroUsd;
    return price > 0n ? price : 1n;
  }

  /** A tenant without enough GPUs asks for some that the fleet has. */
  async #order(
    tenant: Sender,
    market: { readonly orders: readonly Order[]; readonly leases: readonly Lease[] },
  ): Promise<void> {
    const { random, params, denom, tenants } = this.#options;
    const providers = this.#options.providers();
    const mine = [...market.orders, ...market.leases].filter(
      (each) => each.tenant === tenant.address,
    );
    const wanted = Math.ceil(providers.length / PROVIDERS_PER_ORDER / tenants.length);
    if (providers.length === 0 || mine.length >= Math.min(wanted, MAX_ORDERS_PER_TENANT)) return;
    const choice = random.fork(`order/${tenant.account.index}/${this.#rounds}`);
    const { model, count } = choice.pick(providers).hardware;
    const gpuCount = choice.integer(1, count);
    const price = this.#price(model, gpuCount, TENANT_SHARE);
    const hours = price / BigInt(Math.round(1 / DEPOSIT_HOURS));
    const least = BigInt(params.minDeposit);
    const order = {
      tenant: tenant.address,
      gpuModel: model,
      gpuCount,
      maxPricePerHour: price.toString(),
      deposit: { denom, amount: (hours > least ? hours : least).toString() },
    };
    await this.#send(tenant, pack.createOrder(order));
  }

  /** What becomes of a lease follows from the seed and its order. */
  async #serveLease(lease: Lease, nowMs: number): Promise<void> {
    const { tenants, random } = this.#options;
    const plan = random.fork(`lease/${lease.orderId}`);
    const endsMs = Number(lease.startTimeNs / BASE_UNITS) + plan.between(...LEASE_MS);
    const isToppedUp = plan.chance(TOP_UP_CHANCE);
    const tenant = tenants.find(({ address }) => address === lease.tenant);
    if (tenant && nowMs >= endsMs) {
      const message = pack.closeLease({ signer: tenant.address, orderId: lease.orderId });
      return this.#send(tenant, message);
    }
    if (tenant && isToppedUp) await this.#topUp(tenant, lease);
    if (this.#rounds % ROUNDS_BETWEEN_WITHDRAWALS === 0) await this.#withdraw(lease);
  }

  async #topUp(tenant: Sender, { orderId, pricePerHour }: Lease): Promise<void> {
    const { client, denom } = this.#options;
    const { escrow } = await client.query(ComputeQuery, ComputeQuery.methods.escrow, { orderId });
    if (escrow === undefined) return;
    const deposit = BigInt(pricePerHour) / BigInt(Math.round(1 / DEPOSIT_HOURS));
    if (deposit === 0n || Number(escrow.remaining) > TOP_UP_BELOW * Number(deposit)) return;
    const amount = { denom, amount: deposit.toString() };
    await this.#send(tenant, pack.deposit({ sender: tenant.address, orderId, amount }));
  }

  async #withdraw({ provider, orderId }: Lease): Promise<void> {
    const { owners, providers } = this.#options;
    const mine = providers().find(({ device }) => device.id === provider);
    if (mine === undefined) return;
    const owner = owners[mine.device.plan.owner]!;
    await this.#send(owner, pack.withdraw({ owner: owner.address, orderId }));
  }
}
