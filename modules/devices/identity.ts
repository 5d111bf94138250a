/** Keys of devices: one key, one device, for ever. */

import { Bug } from '../../chain/module/errors.ts';
import { concatBytes, toHex } from '../../wire/bytes.ts';
import { enrolmentBytes } from '../../wire/enrolment.ts';
import { type Device, type DeviceKey, KeyType } from '../../wire/gen/depin/devices/v1/devices.ts';
import { sha256 } from '../../wire/hash.ts';
import { type DevicePublicKey, deviceIdOf, verifyReportSignature } from '../../wire/report.ts';
import { isValidPublicKey, type KeyType as WireKeyType } from '../../wire/signature.ts';
import type { DevicesContext } from './context.ts';

const WIRE_TYPES: Partial<Record<KeyType, WireKeyType>> = {
  [KeyType.KEY_TYPE_ED25519]: 'ed25519',
  [KeyType.KEY_TYPE_SECP256K1]: 'secp256k1',
  [KeyType.KEY_TYPE_P256]: 'p256',
};

/** The key as wire/ knows it. @throws ChainError devices/InvalidKey for another type or bad bytes. */
export function publicKeyOf(
  { fail }: Pick<DevicesContext, 'fail'>,
  key: { readonly type: KeyType; readonly publicKey: Uint8Array },
): DevicePublicKey {
  const keyType = WIRE_TYPES[key.type];
  if (keyType === undefined) throw fail.InvalidKey(`key_type: got ${key.type}`);
  if (!isValidPublicKey(keyType, key.publicKey)) {
    throw fail.InvalidKey(
      `public_key: ${toHex(key.publicKey.subarray(0, 40))} is no ${keyType} key`,
    );
  }
  return { keyType, publicKey: key.publicKey };
}

/** A key of a registered device: it was checked when it was registered. */
export function registeredKey(key: DeviceKey): DevicePublicKey {
  const keyType = WIRE_TYPES[key.type];
  if (keyType === undefined) throw new Bug(`a registered key has the type ${key.type}`);
  return { keyType, publicKey: key.publicKey };
}

/** The key that signs reports with this sequence. */
export function keyFor(device: Device, sequence: bigint): DeviceKey {
  let found = device.keys[0]!;
  for (const key of device.keys) if (key.fromSequence <= sequence) found = key;
  return found;
}

/** Under what a key is reserved for ever: its type is part of it. */
export function keyFingerprint(key: Pick<DeviceKey, 'type' | 'publicKey'>): Uint8Array {
  return sha256(concatBytes(Uint8Array.of(key.type), key.publicKey));
}

export const idOfFirstKey = (key: DevicePublicKey): string =>
  toHex(deviceIdOf(key.keyType, key.publicKey));

interface Enrolment {
  readonly key: DevicePublicKey;
  readonly owner: Uint8Array;
  readonly deviceId: string;
  readonly signature: Uint8Array;
}

/** @throws ChainError devices/BadSignature unless the key signed its enrolment for this owner and chain. */
export function checkEnrolment(
  { chainId, verifier, fail }: DevicesContext,
  { key, owner, deviceId, signature }: Enrolment,
): void {
  const message = enrolmentBytes(chainId, owner, deviceId);
  if (!verifyReportSignature(verifier, key, message, signature)) {
    throw fail.BadSignature(`signature: not of this key over the enrolment of ${deviceId}`);
  }
}
