/** A chain with weather stations, for the tests of the sensors module. */
import { cellToIndex } from '../../../chain/math/h3.ts';
import { ModuleHarness } from '../../../chain/testing/moduleHarness.ts';
import { TestDevice } from '../../../chain/testing/testDevice.ts';
import { formatAddress } from '../../../wire/address.ts';
import type { GenesisState } from '../../../wire/gen/depin/sensors/v1/genesis.ts';
import type {
  QueryEpochResponse,
  QueryReadingResponse,
  QueryRewardResponse,
} from '../../../wire/gen/depin/sensors/v1/query.ts';
import type { Params } from '../../../wire/gen/depin/sensors/v1/sensors.ts';
import { REPORT_KIND, type WeatherPayload, weatherPayload } from '../../../wire/reportPayload.ts';
import { auth } from '../../auth/module.ts';
import { bank } from '../../bank/module.ts';
import { devices } from '../../devices/module.ts';
import { sensors } from '../module.ts';
import { DEFAULT_PARAMS } from '../params.ts';

export const CELL = '871f1d489ffffff';
export const OTHER_CELL = '871f1d48bffffff';
export const OWNER = formatAddress('depin', new Uint8Array(20).fill(1));
export const OTHER_OWNER = formatAddress('depin', new Uint8Array(20).fill(2));
export const MODULES = [auth, bank, devices, sensors];

export const WEATHER: WeatherPayload = {
  cell: cellToIndex(CELL),
  temperature: 15_000,
  humidity: 600_000,
  windSpeed: 3_000,
  windDirection: 270_000,
  pressure: 101_325,
  precipitation: 0,
  illuminance: 20_000,
};

export const start = (params: Partial<Params> = {}): ModuleHarness =>
  new ModuleHarness({
    modules: MODULES,
    genesis: {
      sensors: {
        params: { ...DEFAULT_PARAMS, epochSeconds: 60n, poolPerEpoch: '1000', ...params },
        stations: [],
        readings: [],
        rewards: [],
        epochs: [],
      } satisfies GenesisState,
    },
  });

export function enrol(harness: ModuleHarness, number: number, owner = OWNER): TestDevice {
  const device = new TestDevice(number);
  harness.send(devices, 'registerDevice', device.enrolment(owner));
  return device;
}

export function station(
  harness: ModuleHarness,
  number: number,
  owner = OWNER,
  cell = CELL,
): TestDevice {
  const device = enrol(harness, number, owner);
  const message = { owner, deviceId: device.id, model: 'WS1000', cell };
  harness.send(sensors, 'registerStation', message);
  return device;
}

export function reading(
  harness: ModuleHarness,
  device: TestDevice,
  change: Partial<WeatherPayload> = {},
) {
  return device.report({
    kind: REPORT_KIND.weather,
    payload: weatherPayload.encode({ ...WEATHER, ...change }),
    timeMs: harness.timeNs / 1_000_000n,
  });
}

export const submit = (harness: ModuleHarness, ...reports: ReturnType<typeof reading>[]) =>
  harness.send(devices, 'submitReports', { submitter: OTHER_OWNER, reports });

export const refuse = (harness: ModuleHarness, report: ReturnType<typeof reading>): string =>
  harness.refusal(devices, 'submitReports', { submitter: OTHER_OWNER, reports: [report] });

export const balance = (harness: ModuleHarness, fill: number): bigint =>
  harness.api(bank).balance(new Uint8Array(20).fill(fill), 'udepin');

export const lastReading = (harness: ModuleHarness, deviceId: string) =>
  (harness.query(sensors, 'reading', { deviceId }) as QueryReadingResponse).reading!;
export const reward = (harness: ModuleHarness, deviceId: string, epoch = 0n) =>
  (harness.query(sensors, 'reward', { deviceId, epoch }) as QueryRewardResponse).reward!;
export const epoch = (harness: ModuleHarness, number = 0n) =>
  harness.query(sensors, 'epoch', { number }) as QueryEpochResponse;
