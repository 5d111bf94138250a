import { latLngToCell } from 'h3-js';
import { cellToIndex } from '../../chain/math/h3.ts';
import type {
  MessageMaker,
  ModuleSimulation,
  SimulationWorld,
} from '../../chain/testing/simulation.ts';
import { fromHex } from '../../wire/bytes.ts';
import { beaconPayload, REPORT_KIND, witnessPayload } from '../../wire/reportPayload.ts';
import { newDeviceFor, reportMaker, type SimulatedReport } from '../devices/devices.sim.ts';

/** As the module asks of hotspots. */
const RESOLUTION = 12;
const FREQUENCY_HZ = 904_300_000;

/** Somewhere in a city, where hotspots can hear each other. */
function place({ random }: SimulationWorld): string {
  const [north, east] = [random.integer(0, 800), random.integer(0, 800)];
  return latLngToCell(52.5 + north / 10_000, 13.3 + east / 10_000, RESOLUTION);
}

function beacon(world: SimulationWorld): SimulatedReport | undefined {
  const { random } = world;
  const hotspots = world.records('coverage.hotspots');
  if (hotspots.length === 0) return undefined;
  const { device_id, cell, gain } = random.pick(hotspots);
  const payload = beaconPayload.encode({
    cell: cellToIndex(random.chance(0.95) ? String(cell) : place(world)),
    entropy: random.bytes(32),
    transmitPower: random.integer(100, random.chance(0.9) ? 210 : 400),
    gain: Number(gain),
    frequency: FREQUENCY_HZ,
  });
  return { deviceId: String(device_id), kind: REPORT_KIND.beacon, payload };
}

/** What a hotspot says that it heard: mostly what the distance allows. */
function witness(world: SimulationWorld): SimulatedReport | undefined {
  const { random } = world;
  const hotspots = world.records('coverage.hotspots');
  const beacons = world.records('coverage.beacons');
  if (hotspots.length === 0 || beacons.length === 0) return undefined;
  const { device_id, cell } = random.pick(hotspots);
  const heard = random.pick(beacons.slice(-6));
  const payload = witnessPayload.encode({
    beaconHash: fromHex(String(heard.hash)),
    cell: cellToIndex(String(cell)),
    rssi: random.chance(0.9) ? random.integer(-1_300, -1_000) : random.integer(-2_000, 100),
    snr: random.integer(-150, 120),
    frequency: random.chance(0.9) ? FREQUENCY_HZ : FREQUENCY_HZ + 900_000,
    lag: random.integer(0, random.chance(0.9) ? 900 : 9_000),
  });
  return { deviceId: String(device_id), kind: REPORT_KIND.witness, payload };
}

/** Paid by those who have credits. */
const payData: MessageMaker = {
  makes: ['depin.coverage.v1.MsgPayData'],
  weight: 1,
  make({ records, random }) {
    const [payers, hotspots] = [records('credits.balances'), records('coverage.hotspots')];
    if (payers.length === 0 || hotspots.length === 0) return undefined;
    const transfers = Array.from({ length: random.integer(1, 4) }, () => ({
      device_id: String(random.pick(hotspots).device_id),
      bytes: random.integer(1, 20_000),
    }));
    return {
      '@type': '/depin.coverage.v1.MsgPayData',
      payer: String(random.pick(payers).address),
      transfers,
    };
  },
};

/** Hotspots in one city, their beacons, and who heard them. */
export const simulation: ModuleSimulation = {
  fields: {
    'MsgAssertLocation.device_id': newDeviceFor('coverage.hotspots'),
    'MsgAssertLocation.cell': place,
    'MsgAssertLocation.gain': ({ random }) => random.integer(10, 150),
    'MsgAssertLocation.elevation_m': ({ random }) => random.integer(-500, 9_000),
  },
  makers: [payData, reportMaker(1.5, beacon), reportMaker(1.5, witness)],
};
