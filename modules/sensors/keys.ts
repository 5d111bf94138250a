/** Where the sensors module keeps its state, for the module and for clients that want it proven. */
import { concatBytes } from '../../wire/bytes.ts';
import { deviceIdKey } from '../../wire/deviceKeys.ts';
import { pair, uint64Key } from '../../wire/keys.ts';

/** Name of the store. */
export const SENSORS_STORE = 'sensors';

/** Prefixes of the collections. They are consensus data and are never used again for anything else. */
export const SENSORS_PREFIX = {
  params: 0,
  stations: 1,
  /** Stations by cell: the cell, a zero byte, then the device. */
  cells: 2,
  readings: 3,
  rewards: 4,
  epochs: 5,
  clock: 6,
  nextNumber: 7,
} as const;

/** Epoch, then device. */
export const rewardKeyCodec = pair(uint64Key, deviceIdKey);

const under = (prefix: number, key: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of(prefix), key);

/** Store key of a station's record. @throws TypeError when the id is not 40 hex digits. */
export function stationKey(deviceId: string): Uint8Array {
  return under(SENSORS_PREFIX.stations, deviceIdKey.encode(deviceId));
}

/** Store key of a station's newest reading. @throws TypeError when the id is not 40 hex digits. */
export function readingKey(deviceId: string): Uint8Array {
  return under(SENSORS_PREFIX.readings, deviceIdKey.encode(deviceId));
}

/** Store key of a station's reward in an epoch. @throws TypeError when the id is not 40 hex digits. */
export function rewardKey(epoch: bigint, deviceId: string): Uint8Array {
  return under(SENSORS_PREFIX.rewards, rewardKeyCodec.encode([epoch, deviceId]));
}

/** Store key of the account of an ended epoch. */
export function epochKey(number: bigint): Uint8Array {
  return under(SENSORS_PREFIX.epochs, uint64Key.encode(number));
}
