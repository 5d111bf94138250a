/** Builds the parts of a fleet from its plan and from what the chain knows of them. */
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { DeviceStatus } from '../../wire/gen/depin/devices/v1/devices.ts';
import { Device } from './device.ts';
import type { Enrollable } from './enrolment.ts';
import { type Beacon, findNeighbours, Hotspot } from './hotspots.ts';
import { Provider } from './providers.ts';
import type { ChainParams, ChainRecords } from './records.ts';
import type { DevicePlan } from './roster.ts';
import { Station } from './stations.ts';

export interface AssemblyOptions {
  readonly plans: readonly DevicePlan[];
  readonly chainId: string;
  readonly params: ChainParams;
  readonly records: ChainRecords;
  /** Addresses of the owners by their index. */
  readonly owners: readonly string[];
  readonly startMs: number;
  /** Time between two readings of a station, when the chain does not ask for more. */
  readonly readingMs: number;
  readonly onAir: (beacon: Beacon) => void;
}

/** Reports of an earlier run may still be on their way to the chain: their sequences are left out. */
const RESUME_GAP = 16n;
/** Making a key takes about a millisecond: others get their turn after so many. */
const KEYS_AT_ONCE = 10;

/**
 * All parts in the order of the plans. A chain without compute gets no providers.
 * @throws Error when a device is registered under another owner than the plan's.
 */
export async function assemble(options: AssemblyOptions): Promise<Enrollable[]> {
  const { plans, params } = options;
  const parts: Enrollable[] = [];
  for (const plan of plans) {
    if (plan.kind === 'provider' && params.compute === undefined) continue;
    parts.push(makePart(makeDevice(plan, options), options));
    if (parts.length % KEYS_AT_ONCE === 0) await yieldToOthers();
  }
  findNeighbours(parts.filter((part) => part instanceof Hotspot));
  return parts;
}

function makeDevice(plan: DevicePlan, { chainId, records, owners }: AssemblyOptions): Device {
  const device = new Device(plan, chainId);
  const record = records.devices.get(device.id);
  if (record === undefined) return device;
  const owner = owners[plan.owner]!;
  if (record.owner !== owner) {
    throw new Error(`device ${device.id}: expected owner ${owner}, got ${record.owner}`);
  }
  if (record.sequence > 0n) device.resume(record.sequence + RESUME_GAP);
  device.isRevoked = record.status === DeviceStatus.DEVICE_STATUS_REVOKED;
  return device;
}

function makePart(device: Device, options: AssemblyOptions): Enrollable {
  const { params, records, startMs, readingMs, onAir } = options;
  switch (device.kind) {
    case 'station':
      return new Station(device, {
        startMs,
        intervalMs: Math.max(readingMs, Number(params.sensors.minIntervalMs)),
        models: params.sensors.models.map(({ name }) => name),
        lastTimeMs: Number(records.devices.get(device.id)?.lastTimeMs ?? 0n),
      });
    case 'hotspot':
      return new Hotspot(device, {
        startMs,
        params: params.coverage,
        lastBeaconMs: Number(records.hotspots.get(device.id)?.lastBeaconMs ?? 0n),
        onAir,
      });
    case 'provider': {
      const record = records.providers.get(device.id);
      return new Provider(device, { startMs, params: params.compute!, record });
    }
  }
}
