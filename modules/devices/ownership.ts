/** Which device an owner means. */
import { type Device, DeviceStatus } from '../../wire/gen/depin/devices/v1/devices.ts';
import type { DevicesView } from './context.ts';

const DEVICE_ID = /^[0-9a-f]{40}$/;

/** Whether the text can be the id of a device. */
export const isDeviceId = (text: string): boolean => DEVICE_ID.test(text);

/** @throws ChainError devices/NotFound when the text is no id of a registered device. */
export function knownDevice(
  { state, fail }: Pick<DevicesView, 'state' | 'fail'>,
  id: string,
): Device {
  if (!isDeviceId(id)) {
    throw fail.NotFound(`device_id: expected 40 hex digits, got "${id.slice(0, 60)}"`);
  }
  const device = state.devices.get(id);
  if (device === undefined) throw fail.NotFound(`device_id: ${id}`);
  return device;
}

/**
 * The device, which is active and the owner's, however the owner's address is spelt.
 * @throws ChainError devices/NotFound, /NotOwner or /Revoked.
 */
export function ownedDevice(
  context: Pick<DevicesView, 'state' | 'fail' | 'addresses'>,
  id: string,
  owner: string,
): Device {
  const { addresses, fail } = context;
  const device = knownDevice(context, id);
  if (device.owner !== addresses.format(addresses.parse(owner, 'owner'))) {
    throw fail.NotOwner(`device ${id} is owned by ${device.owner}`);
  }
  if (device.status !== DeviceStatus.DEVICE_STATUS_ACTIVE) {
    throw fail.Revoked(`device ${id} at height ${device.revokedHeight}`);
  }
  return device;
}
