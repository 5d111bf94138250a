/**
 * Where the devices module keeps what a light client asks to be proven: the record of a device and the root of a
 * batch of reports (proto/depin/devices/v1/devices.proto).
 */
import { concatBytes } from './bytes.ts';
import { hexKey, uint64Key } from './keys.ts';

/** Name of the store. */
export const DEVICES_STORE = 'devices';

/** Prefixes of the collections that clients prove. */
export const DEVICES_PREFIX = { device: 1, batch: 3 } as const;

/** Key of a device id: 40 hex digits, kept as 20 bytes. */
export const deviceIdKey = /* @__PURE__ */ hexKey(20);

/** Store key of a device's record. @throws TypeError when the id is not 40 hex digits. */
export function deviceKey(id: string): Uint8Array {
  return concatBytes(Uint8Array.of(DEVICES_PREFIX.device), deviceIdKey.encode(id));
}

/** Store key of a batch. */
export function batchKey(id: bigint): Uint8Array {
  return concatBytes(Uint8Array.of(DEVICES_PREFIX.batch), uint64Key.encode(id));
}
