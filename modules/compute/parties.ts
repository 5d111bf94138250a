/** Who and what a message means: providers, orders, and whether one can serve the other. */
import type { ChainError } from '../../chain/module/errors.ts';
import {
  type Escrow,
  type GpuModel,
  type Lease,
  LeaseState,
  type Order,
  type Provider,
} from '../../wire/gen/depin/compute/v1/compute.ts';
import { DeviceStatus } from '../../wire/gen/depin/devices/v1/devices.ts';
import type { ComputeContext, ComputeView } from './context.ts';
import { isAlive } from './heartbeats.ts';

const DEVICE_ID = /^[0-9a-f]{40}$/;
type Reader = Pick<ComputeView, 'state' | 'fail'>;

/** @throws ChainError compute/NotAProvider naming the field. */
export function knownProvider({ state, fail }: Reader, id: string, field: string): Provider {
  if (!DEVICE_ID.test(id)) {
    throw fail.NotAProvider(`${field}: expected 40 hex digits, got "${id.slice(0, 60)}"`);
  }
  const provider = state.providers.get(id);
  if (provider === undefined) throw fail.NotAProvider(`${field}: ${id}`);
  return provider;
}

/** @throws ChainError compute/NotAProvider or /NotOwner. */
export function ownedProvider(reader: Reader, id: string, owner: string): Provider {
  const provider = knownProvider(reader, id, 'provider');
  if (provider.owner !== owner) {
    throw reader.fail.NotOwner(`provider ${id} is owned by ${provider.owner}`);
  }
  return provider;
}

/** @throws ChainError compute/OrderNotFound. */
export function knownOrder({ state, fail }: Reader, id: bigint): Order {
  const order = state.orders.get(id);
  if (order === undefined) throw fail.OrderNotFound(`order_id: ${id}`);
  return order;
}

/** @throws ChainError compute/OrderNotFound or /NotTenant. */
export function orderOf(reader: Reader, id: bigint, tenant: string): Order {
  const order = knownOrder(reader, id);
  if (order.tenant !== tenant) throw reader.fail.NotTenant(`order ${id} is of ${order.tenant}`);
  return order;
}

/** The lease and its escrow. @throws ChainError compute/OrderNotFound or /LeaseNotFound. */
export function knownLease(
  reader: Reader,
  id: bigint,
): { readonly lease: Lease; readonly escrow: Escrow } {
  knownOrder(reader, id);
  const lease = reader.state.leases.get(id);
  if (lease === undefined) throw reader.fail.LeaseNotFound(`order_id: ${id}`);
  return { lease, escrow: reader.state.escrows.must(id) };
}

/** @throws ChainError compute/OrderNotFound, /LeaseNotFound or /LeaseClosed. */
export function activeLease(reader: Reader, id: bigint): Lease {
  const { lease } = knownLease(reader, id);
  if (lease.state !== LeaseState.LEASE_STATE_ACTIVE) {
    throw reader.fail.LeaseClosed(`order_id: ${id}`);
  }
  return lease;
}

/** @throws ChainError compute/UnknownModel. */
export function knownModel(
  { params, fail }: Pick<ComputeView, 'params' | 'fail'>,
  name: string,
): GpuModel {
  const model = params.models.find((each) => each.name === name);
  if (model === undefined) throw fail.UnknownModel(`gpu_model: got "${name.slice(0, 40)}"`);
  return model;
}

/** Why the provider cannot serve the order now; undefined when it can (CMP-9). */
export function unfitness(
  context: ComputeContext,
  provider: Provider,
  order: Order,
): ChainError | undefined {
  const { fail, devices } = context;
  const { deviceId, gpuModel, gpuCount, leasedGpus } = provider;
  if (provider.owner === order.tenant) return fail.OwnOrder(provider.owner);
  if (gpuModel !== order.gpuModel) {
    return fail.ModelMismatch(`gpu_model: expected ${order.gpuModel}, got ${gpuModel}`);
  }
  const free = gpuCount - leasedGpus;
  if (free < order.gpuCount) {
    return fail.NotEnoughGpus(`gpu_count: expected ${order.gpuCount} free, got ${free}`);
  }
  if (devices.device(deviceId)?.status !== DeviceStatus.DEVICE_STATUS_ACTIVE) {
    return fail.Revoked(`provider: ${deviceId}`);
  }
  return isAlive(context, provider) ? undefined : fail.Offline(`provider: ${deviceId}`);
}
