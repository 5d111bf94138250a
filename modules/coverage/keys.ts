/** Where the coverage module keeps its state, for the module and for clients that want it proven. */
import { concatBytes } from '../../wire/bytes.ts';
import { hexKey, pair, uint64Key } from '../../wire/keys.ts';

/** Name of the store. */
export const COVERAGE_STORE = 'coverage';

/** Prefixes of the collections. They are consensus data and are never used again for anything else. */
export const COVERAGE_PREFIX = {
  params: 0,
  hotspots: 1,
  beacons: 2,
  witnesses: 3,
  /** Open beacons by the time at which they close. */
  closing: 4,
  /** Settled beacons by epoch. */
  settled: 5,
  /** Beacons by hotspot. */
  history: 6,
  epochs: 7,
  rewards: 8,
  ledger: 9,
} as const;

/** A device id: 40 hex digits, kept as 20 bytes. */
export const deviceIdKey = hexKey(20);

/** The hash of a beacon: 64 hex digits, kept as 32 bytes. */
export const beaconHashKey = hexKey(32);

/** Beacon, then the device that witnessed it. */
export const witnessKeyCodec = pair(beaconHashKey, deviceIdKey);

/** Device, then height of the beacon: a hotspot's beacons from the oldest on. */
export const historyKeyCodec = pair(deviceIdKey, uint64Key);

/** Epoch, then device. */
export const rewardKeyCodec = pair(uint64Key, deviceIdKey);

const under = (prefix: number, key: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of(prefix), key);

/** Store key of a hotspot's record. @throws TypeError when the id is not 40 hex digits. */
export function hotspotKey(deviceId: string): Uint8Array {
  return under(COVERAGE_PREFIX.hotspots, deviceIdKey.encode(deviceId));
}

/** Store key of a beacon. @throws TypeError when the hash is not 64 hex digits. */
export function beaconKey(hash: string): Uint8Array {
  return under(COVERAGE_PREFIX.beacons, beaconHashKey.encode(hash));
}

/** Store key of what a device said of a beacon. @throws TypeError when a part is not hex digits of its length. */
export function witnessKey(hash: string, deviceId: string): Uint8Array {
  return under(COVERAGE_PREFIX.witnesses, witnessKeyCodec.encode([hash, deviceId]));
}

/** Store key of the totals of an epoch. */
export function epochKey(epoch: bigint): Uint8Array {
  return under(COVERAGE_PREFIX.epochs, uint64Key.encode(epoch));
}

/** Store key of what a hotspot earned in an epoch. @throws TypeError when the id is not 40 hex digits. */
export function rewardKey(epoch: bigint, deviceId: string): Uint8Array {
  return under(COVERAGE_PREFIX.rewards, rewardKeyCodec.encode([epoch, deviceId]));
}
