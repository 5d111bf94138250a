import { fromHex, toHex } from '../../../wire/bytes.ts';
import {
  type Device,
  type DeviceKey,
  DeviceStatus,
} from '../../../wire/gen/depin/devices/v1/devices.ts';
import type {
  MsgRegisterDevice,
  MsgRegisterDeviceResponse,
  MsgRevokeDevice,
  MsgRevokeDeviceResponse,
  MsgRotateKey,
  MsgRotateKeyResponse,
} from '../../../wire/gen/depin/devices/v1/tx.ts';
import type { DevicesContext } from '../context.ts';
import { checkEnrolment, idOfFirstKey, keyFingerprint, publicKeyOf } from '../identity.ts';
import { ownedDevice } from '../ownership.ts';

/** Reserves a key for a device. @throws ChainError devices/KeyTaken, also for a key that was rotated out or revoked. */
function reserveKey({ state, fail }: DevicesContext, key: DeviceKey, deviceId: string): void {
  const fingerprint = keyFingerprint(key);
  const holder = state.keys.get(fingerprint);
  if (holder !== undefined) throw fail.KeyTaken(`key of device ${toHex(holder)}`);
  state.keys.set(fingerprint, fromHex(deviceId));
}

/** DEV-1. */
export function registerDevice(
  context: DevicesContext,
  message: MsgRegisterDevice,
): MsgRegisterDeviceResponse {
  const owner = context.addresses.parse(message.owner, 'owner');
  const key = { type: message.keyType, publicKey: message.publicKey, fromSequence: 1n };
  const publicKey = publicKeyOf(context, key);
  const id = idOfFirstKey(publicKey);
  reserveKey(context, key, id);
  checkEnrolment(context, { key: publicKey, owner, deviceId: id, signature: message.signature });
  const device: Device = {
    id,
    owner: context.addresses.format(owner),
    status: DeviceStatus.DEVICE_STATUS_ACTIVE,
    keys: [key],
    registeredHeight: context.height,
    revokedHeight: 0n,
    sequence: 0n,
    lastBatch: 0n,
    lastIndex: 0,
    lastTimeMs: 0n,
  };
  context.state.devices.set(id, device);
  context.emit.deviceRegistered({ deviceId: id, owner: device.owner, keyType: key.type });
  return { deviceId: id };
}

/** DEV-2. Reports from the next sequence on are signed with the new key. */
export function rotateKey(context: DevicesContext, message: MsgRotateKey): MsgRotateKeyResponse {
  const owner = context.addresses.parse(message.owner, 'owner');
  const device = ownedDevice(context, message.deviceId, message.owner);
  if (device.keys.length >= context.params.maxDeviceKeys) {
    throw context.fail.TooManyKeys(`device ${device.id} had ${device.keys.length}`);
  }
  const fromSequence = device.sequence + 1n;
  const key = { type: message.keyType, publicKey: message.publicKey, fromSequence };
  const publicKey = publicKeyOf(context, key);
  reserveKey(context, key, device.id);
  checkEnrolment(context, {
    key: publicKey,
    owner,
    deviceId: device.id,
    signature: message.signature,
  });
  context.state.devices.set(device.id, { ...device, keys: [...device.keys, key] });
  context.emit.keyRotated({ deviceId: device.id, owner: device.owner, fromSequence });
  return {};
}

/** DEV-3. */
export function revokeDevice(
  context: DevicesContext,
  message: MsgRevokeDevice,
): MsgRevokeDeviceResponse {
  const device = ownedDevice(context, message.deviceId, message.owner);
  context.state.devices.set(device.id, {
    ...device,
    status: DeviceStatus.DEVICE_STATUS_REVOKED,
    revokedHeight: context.height,
  });
  context.emit.deviceRevoked({ deviceId: device.id, owner: device.owner });
  return {};
}
