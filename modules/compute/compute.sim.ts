import type { JsonObject, JsonValue } from '../../chain/descriptors/index.ts';
import type {
  MessageMaker,
  ModuleSimulation,
  SimulationWorld,
} from '../../chain/testing/simulation.ts';
import { heartbeatPayload, REPORT_KIND } from '../../wire/reportPayload.ts';
import { newDeviceFor, reportMaker, type SimulatedReport } from '../devices/devices.sim.ts';

const MODEL = 'rtx-4090';

function heartbeat(world: SimulationWorld): SimulatedReport | undefined {
  const { random } = world;
  const providers = world.records('compute.providers');
  if (providers.length === 0) return undefined;
  const { device_id, gpu_count } = random.pick(providers);
  const payload = heartbeatPayload.encode({
    providerLoad: random.integer(0, 1_000_000),
    gpuCount: Number(gpu_count),
    gpuUtilization: random.integer(0, 1_000_000),
    temperature: random.integer(20_000, 90_000),
    jobsCompleted: BigInt(random.integer(0, 1_000)),
  });
  return { deviceId: String(device_id), kind: REPORT_KIND.heartbeat, payload };
}

/** What of the market can be acted on: an open order or bid, an active lease. */
function live(world: SimulationWorld, collection: string, state: string): readonly JsonObject[] {
  return world.records(`compute.${collection}`).filter((each) => each.state === state);
}

function ownerOf(world: SimulationWorld, provider: JsonValue | undefined): string | undefined {
  const found = world.records('compute.providers').find(({ device_id }) => device_id === provider);
  return found && String(found.owner);
}

function tenantOf(world: SimulationWorld, orderId: JsonValue | undefined): string | undefined {
  const found = world.records('compute.orders').find(({ id }) => id === orderId);
  return found && String(found.tenant);
}

/** What a message is about, and how often it is sent. */
interface Subject {
  readonly name: string;
  readonly collection: string;
  readonly state: string;
  readonly weight: number;
}

/** A maker of messages about one thing of the market, or of none while there is no such thing. */
function about(
  { name, collection, state, weight }: Subject,
  fill: (world: SimulationWorld, thing: JsonObject) => JsonObject,
): MessageMaker {
  const type = `depin.compute.v1.${name}`;
  return {
    makes: [type],
    weight,
    make(world) {
      const things = live(world, collection, state);
      if (things.length === 0) return undefined;
      return { '@type': `/${type}`, ...fill(world, world.random.pick(things)) };
    },
  };
}

const order = (name: string, weight: number): Subject => ({
  name,
  weight,
  collection: 'orders',
  state: 'ORDER_STATE_OPEN',
});
const bid = (name: string, weight: number): Subject => ({
  name,
  weight,
  collection: 'bids',
  state: 'BID_STATE_OPEN',
});
const lease = (name: string, weight: number): Subject => ({
  name,
  weight,
  collection: 'leases',
  state: 'LEASE_STATE_ACTIVE',
});

/** An absent owner or tenant is left out: the message then names nobody, which must be refused. */
const named = (name: string, value: string | undefined): JsonObject =>
  value === undefined ? {} : { [name]: value };

const market: readonly MessageMaker[] = [
  about(order('MsgCreateBid', 2), (world, { id, max_price_per_hour }) => {
    const providers = world.records('compute.providers');
    const provider = providers.length === 0 ? {} : world.random.pick(providers);
    const price = world.random.integer(1, Number(max_price_per_hour) + 100);
    return {
      ...named('owner', provider.owner === undefined ? undefined : String(provider.owner)),
      ...named(
        'provider',
        provider.device_id === undefined ? undefined : String(provider.device_id),
      ),
      order_id: id ?? null,
      price_per_hour: price.toString(),
    };
  }),
  about(bid('MsgCloseBid', 0.4), (world, { order_id, provider }) => ({
    ...named('owner', ownerOf(world, provider)),
    provider: provider ?? null,
    order_id: order_id ?? null,
  })),
  about(bid('MsgAcceptBid', 1.5), (world, { order_id, provider }) => ({
    ...named('tenant', tenantOf(world, order_id)),
    order_id: order_id ?? null,
    provider: provider ?? null,
  })),
  about(bid('MsgAcceptCheapest', 1), (world, { order_id }) => ({
    ...named('tenant', tenantOf(world, order_id)),
    order_id: order_id ?? null,
  })),
  about(lease('MsgWithdraw', 1), (world, { order_id, provider }) => ({
    ...named('owner', ownerOf(world, provider)),
    order_id: order_id ?? null,
  })),
  about(lease('MsgCloseLease', 0.7), (world, { order_id, provider }) => ({
    ...named(
      'signer',
      world.random.chance(0.5) ? ownerOf(world, provider) : tenantOf(world, order_id),
    ),
    order_id: order_id ?? null,
  })),
  about(order('MsgCancelOrder', 0.2), (_world, { id, tenant }) => ({
    tenant: tenant ?? null,
    order_id: id ?? null,
  })),
];

const model = ({ random }: SimulationWorld) => (random.chance(0.9) ? MODEL : undefined);

/** Many machines of one kind, so that they bid for the same orders, and their heartbeats. */
export const simulation: ModuleSimulation = {
  fields: {
    'MsgRegisterProvider.device_id': newDeviceFor('compute.providers'),
    gpu_model: model,
    'MsgRegisterProvider.gpu_count': ({ random }) => random.integer(1, 16),
    'MsgRegisterProvider.vram_gb': ({ random }) => random.integer(1, 24),
    'MsgCreateOrder.gpu_count': ({ random }) => random.integer(1, 4),
    'MsgCreateOrder.max_price_per_hour': ({ random }) =>
      random.integer(1_000, 9_999_999).toString(),
    'MsgCreateBid.price_per_hour': ({ random }) => random.integer(1, 4_000_000).toString(),
    'MsgCreateOrder.deposit': ({ random }) => ({
      denom: 'udepin',
      amount: random.integer(5_000, 9_999_999).toString(),
    }),
  },
  makers: [reportMaker(3, heartbeat), ...market],
};
