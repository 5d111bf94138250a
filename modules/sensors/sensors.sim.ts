import { latLngToCell } from 'h3-js';
import { cellToIndex } from '../../chain/math/h3.ts';
import type { ModuleSimulation, SimulationWorld } from '../../chain/testing/simulation.ts';
import { REPORT_KIND, weatherPayload } from '../../wire/reportPayload.ts';
import { newDeviceFor, reportMaker, type SimulatedReport } from '../devices/devices.sim.ts';

/** As the module asks of stations. */
const RESOLUTION = 7;

function place({ random }: SimulationWorld): string {
  const [north, east] = [random.integer(0, 200), random.integer(0, 200)];
  return latLngToCell(52.4 + north / 1000, 13.2 + east / 1000, RESOLUTION);
}

/** Weather that is mostly possible, and sometimes neither that nor from the station's own cell. */
function reading(world: SimulationWorld): SimulatedReport | undefined {
  const { random } = world;
  const stations = world.records('sensors.stations');
  if (stations.length === 0) return undefined;
  const { device_id, cell } = random.pick(stations);
  const isWild = random.chance(0.1);
  const payload = weatherPayload.encode({
    cell: cellToIndex(random.chance(0.97) ? String(cell) : place(world)),
    temperature: isWild ? random.integer(-90_000, 90_000) : 15_000 + random.integer(-900, 900),
    humidity: 600_000 + random.integer(-20_000, 20_000),
    windSpeed: random.integer(0, isWild ? 80_000 : 6_000),
    windDirection: random.integer(0, 359_999),
    pressure: 101_325 + random.integer(-40, 40),
    precipitation: random.chance(0.8) ? 0 : random.integer(0, 500),
    illuminance: 20_000 + random.integer(-5_000, 5_000),
  });
  return { deviceId: String(device_id), kind: REPORT_KIND.weather, payload };
}

/** Stations in and around one city, and what they read. */
export const simulation: ModuleSimulation = {
  fields: {
    'MsgRegisterStation.device_id': newDeviceFor('sensors.stations'),
    'MsgRegisterStation.cell': place,
  },
  makers: [reportMaker(2, reading)],
};
