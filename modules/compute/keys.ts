/** Where the compute module keeps its state, for the module and for clients that want it proven. */
import { concatBytes } from '../../wire/bytes.ts';
import { deviceIdKey } from '../../wire/deviceKeys.ts';
import { pair, uint64Key } from '../../wire/keys.ts';

/** Name of the store. */
export const COMPUTE_STORE = 'compute';

/** Prefixes of the collections. They are consensus data and are never used again for anything else. */
export const COMPUTE_PREFIX = {
  params: 0,
  providers: 1,
  /** Providers by GPU model. */
  providerModels: 2,
  orders: 3,
  /** Orders by state. */
  orderStates: 4,
  bids: 5,
  leases: 6,
  /** Leases by state: the active ones are what a block settles. */
  leaseStates: 7,
  /** Leases by provider. */
  providerLeases: 8,
  escrows: 9,
  nextOrder: 10,
  nextBid: 11,
  activeLeases: 12,
} as const;

/** Order, then device id of the provider. */
export const bidKeyCodec = pair(uint64Key, deviceIdKey);

const under = (prefix: number, key: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of(prefix), key);

/** Store key of a provider's record. @throws TypeError when the id is not 40 hex digits. */
export function providerKey(deviceId: string): Uint8Array {
  return under(COMPUTE_PREFIX.providers, deviceIdKey.encode(deviceId));
}

/** Store key of an order. */
export function orderKey(orderId: bigint): Uint8Array {
  return under(COMPUTE_PREFIX.orders, uint64Key.encode(orderId));
}

/** Store key of a provider's bid on an order. @throws TypeError when the id is not 40 hex digits. */
export function bidKey(orderId: bigint, deviceId: string): Uint8Array {
  return under(COMPUTE_PREFIX.bids, bidKeyCodec.encode([orderId, deviceId]));
}

/** Store key of the lease of an order. */
export function leaseKey(orderId: bigint): Uint8Array {
  return under(COMPUTE_PREFIX.leases, uint64Key.encode(orderId));
}

/** Store key of the escrow of an order. */
export function escrowKey(orderId: bigint): Uint8Array {
  return under(COMPUTE_PREFIX.escrows, uint64Key.encode(orderId));
}
