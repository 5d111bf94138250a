import assert from 'node:assert/strict';
import { cellToIndex, parentOf } from '../../chain/math/h3.ts';
import { ModuleHarness } from '../../chain/testing/moduleHarness.ts';
import { TestDevice } from '../../chain/testing/testDevice.ts';
import { formatAddress, moduleAddress } from '../../wire/address.ts';
import { GenesisState } from '../../wire/gen/depin/sensors/v1/genesis.ts';
import type {
  QueryEpochResponse,
  QueryReadingResponse,
  QueryRewardResponse,
  QueryStationsResponse,
} from '../../wire/gen/depin/sensors/v1/query.ts';
import {
  FaultKind,
  type Params,
  RewardOutcome,
  Variable,
} from '../../wire/gen/depin/sensors/v1/sensors.ts';
import { REPORT_KIND, type WeatherPayload, weatherPayload } from '../../wire/reportPayload.ts';
import { auth } from '../auth/module.ts';
import { bank } from '../bank/module.ts';
import { devices } from '../devices/module.ts';
import { sensors } from './module.ts';
import { DEFAULT_PARAMS } from './params.ts';

const CELL = '871f1d489ffffff';
const OTHER_CELL = '871f1d48bffffff';
const OWNER = formatAddress('depin', new Uint8Array(20).fill(1));
const OTHER_OWNER = formatAddress('depin', new Uint8Array(20).fill(2));
const MODULES = [auth, bank, devices, sensors];

const WEATHER: WeatherPayload = {
  cell: cellToIndex(CELL),
  temperature: 15_000,
  humidity: 600_000,
  windSpeed: 3_000,
  windDirection: 270_000,
  pressure: 101_325,
  precipitation: 0,
  illuminance: 20_000,
};

const start = (params: Partial<Params> = {}): ModuleHarness =>
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

function enrol(harness: ModuleHarness, number: number, owner = OWNER): TestDevice {
  const device = new TestDevice(number);
  harness.send(devices, 'registerDevice', device.enrolment(owner));
  return device;
}

function station(harness: ModuleHarness, number: number, owner = OWNER, cell = CELL): TestDevice {
  const device = enrol(harness, number, owner);
  const message = { owner, deviceId: device.id, model: 'WS1000', cell };
  harness.send(sensors, 'registerStation', message);
  return device;
}

function reading(harness: ModuleHarness, device: TestDevice, change: Partial<WeatherPayload> = {}) {
  return device.report({
    kind: REPORT_KIND.weather,
    payload: weatherPayload.encode({ ...WEATHER, ...change }),
    timeMs: harness.timeNs / 1_000_000n,
  });
}

const submit = (harness: ModuleHarness, ...reports: ReturnType<typeof reading>[]) =>
  harness.send(devices, 'submitReports', { submitter: OTHER_OWNER, reports });

const refuse = (harness: ModuleHarness, report: ReturnType<typeof reading>): string =>
  harness.refusal(devices, 'submitReports', { submitter: OTHER_OWNER, reports: [report] });

const balance = (harness: ModuleHarness, fill: number): bigint =>
  harness.api(bank).balance(new Uint8Array(20).fill(fill), 'udepin');

const lastReading = (harness: ModuleHarness, deviceId: string) =>
  (harness.query(sensors, 'reading', { deviceId }) as QueryReadingResponse).reading!;
const reward = (harness: ModuleHarness, deviceId: string, epoch = 0n) =>
  (harness.query(sensors, 'reward', { deviceId, epoch }) as QueryRewardResponse).reward!;
const epoch = (harness: ModuleHarness, number = 0n) =>
  harness.query(sensors, 'epoch', { number }) as QueryEpochResponse;

describe('sensors: registration', () => {
  it('registers a device once, in its cell, and says so', () => {
    const harness = start();
    const device = station(harness, 1);
    assert.equal(harness.events.at(-1)?.type, 'station_registered');
    const found = harness.query(sensors, 'stations', { cell: CELL }) as QueryStationsResponse;
    assert.deepEqual(
      found.stations.map(({ deviceId, number }) => [deviceId, number]),
      [[device.id, 1n]],
    );
    const elsewhere = harness.query(sensors, 'stations', { cell: OTHER_CELL });
    assert.deepEqual((elsewhere as QueryStationsResponse).stations, []);
    const all = harness.query(sensors, 'stations', { cell: '' }) as QueryStationsResponse;
    assert.equal(all.stations.length, 1);
    harness.checkInvariants();
  });

  const id = new TestDevice(1).id;
  const valid = { owner: OWNER, deviceId: id, model: 'WS1000', cell: CELL };
  const bad: [string, Record<string, string>, RegExp][] = [
    ['an owner that is no address', { owner: 'depin1nonsense' }, /^sdk\/7: owner: /],
    ['another owner', { owner: OTHER_OWNER }, /^devices\/3: /],
    ['an unknown device', { deviceId: 'ab'.repeat(20) }, /^devices\/2: /],
    ['an id that is not hex', { deviceId: 'station one' }, /^devices\/2: device_id: /],
    ['an unknown model', { model: 'WS9' }, /^sensors\/4: model: got "WS9"/],
    ['a long model', { model: 'x'.repeat(9_999) }, /^sensors\/4: model: got "x{40}"/],
    ['no cell', { cell: '' }, /^sensors\/5: cell: got ""/],
    ['a cell in capitals', { cell: CELL.toUpperCase() }, /^sensors\/5: /],
    [
      'a coarse cell',
      { cell: parentOf(CELL, 6) },
      /^sensors\/5: cell: expected resolution 7, got 6/,
    ],
  ];
  for (const [title, change, expected] of bad) {
    it(`refuses ${title}`, () => {
      const harness = start();
      enrol(harness, 1);
      assert.match(harness.refusal(sensors, 'registerStation', { ...valid, ...change }), expected);
    });
  }

  it('refuses a second registration and a station too many', () => {
    const harness = start({ maxStations: 1 });
    station(harness, 1);
    assert.match(harness.refusal(sensors, 'registerStation', valid), /^sensors\/3: device_id: /);
    const second = { ...valid, deviceId: enrol(harness, 2).id };
    assert.match(harness.refusal(sensors, 'registerStation', second), /^sensors\/6: /);
  });
});

describe('sensors: readings', () => {
  it('keeps the newest reading with its quality and faults', () => {
    const harness = start();
    const device = station(harness, 1);
    submit(harness, reading(harness, device));
    assert.equal(lastReading(harness, device.id).qualityPpm, 1_000_000);
    harness.nextBlock(30);
    submit(harness, reading(harness, device, { temperature: 25_000, pressure: 1 }));
    const { attributes } = harness.events.find(({ type }) => type === 'reading_scored')!;
    assert.deepEqual(
      attributes.map(({ value }) => value),
      [device.id, '2', '714285', 'temperature:jump,pressure:range'],
    );
    const newest = lastReading(harness, device.id);
    assert.deepEqual(newest.faults, [
      { variable: Variable.VARIABLE_TEMPERATURE, kind: FaultKind.FAULT_KIND_JUMP },
      { variable: Variable.VARIABLE_PRESSURE, kind: FaultKind.FAULT_KIND_RANGE },
    ]);
    assert.deepEqual([newest.qualityPpm, newest.measurements?.temperature], [714_285, 25_000]);
  });

  it('refuses a spoofed cell, a device that is no station, and haste, and keeps nothing of them', () => {
    const harness = start();
    const device = station(harness, 1);
    const spoofed = reading(harness, device, { cell: cellToIndex(OTHER_CELL) });
    assert.match(refuse(harness, spoofed), /^sensors\/7: cell: expected 871f1d489ffffff, got /);
    assert.match(refuse(harness, reading(harness, enrol(harness, 2))), /^sensors\/2: /);
    submit(harness, reading(harness, device));
    harness.nextBlock(14.999);
    assert.match(refuse(harness, reading(harness, device)), /^sensors\/8: time_ms: expected /);
    assert.equal(lastReading(harness, device.id).sequence, 2n);
    harness.nextBlock(0.001);
    submit(harness, reading(harness, device));
    assert.equal(lastReading(harness, device.id).sequence, 4n);
  });

  it('refuses a payload with bytes behind the values, and leaves other kinds to others', () => {
    const harness = start();
    const device = station(harness, 1);
    const payload = weatherPayload.encode(WEATHER);
    payload[63] = 1;
    const timeMs = harness.timeNs / 1_000_000n;
    const malformed = device.report({ kind: REPORT_KIND.weather, payload, timeMs });
    assert.match(refuse(harness, malformed), /^sensors\/9: weather: expected zeros/);
    const heartbeat = device.report({ kind: REPORT_KIND.heartbeat, payload, timeMs });
    assert.match(refuse(harness, heartbeat), /^devices\/12: /);
  });

  it('gives a stuck sensor nothing until it moves', () => {
    const harness = start({ stuckAfter: 2, epochSeconds: 3_600n });
    const device = station(harness, 1);
    const qualities: number[] = [];
    for (const illuminance of [1, 1, 1, 1, 2]) {
      submit(harness, reading(harness, device, { illuminance }));
      qualities.push(lastReading(harness, device.id).qualityPpm);
      harness.nextBlock(20);
    }
    assert.deepEqual(qualities, [1_000_000, 1_000_000, 0, 0, 1_000_000]);
    assert.equal(reward(harness, device.id, 1n).score, 3_000_000n);
  });

  it('counts no more readings than an epoch may have', () => {
    const harness = start({ maxReadingsPerEpoch: 2, epochSeconds: 3_600n });
    const device = station(harness, 1);
    for (const illuminance of [1, 2, 3]) {
      submit(harness, reading(harness, device, { illuminance }));
      harness.nextBlock(20);
    }
    const { readings, score, outcome } = reward(harness, device.id, 1n);
    assert.deepEqual([readings, score], [3, 2_000_000n]);
    assert.equal(outcome, RewardOutcome.REWARD_OUTCOME_PENDING);
  });
});

describe('sensors: epochs', () => {
  it('mints the pool, pays owners by score and carries the rest', () => {
    const harness = start();
    const [good, poor] = [station(harness, 1), station(harness, 2, OTHER_OWNER)];
    submit(harness, reading(harness, good), reading(harness, poor, { pressure: 0 }));
    harness.nextBlock(60);
    harness.nextBlock();
    assert.deepEqual([balance(harness, 1), balance(harness, 2)], [538n, 461n]);
    const { current, ended } = epoch(harness);
    assert.deepEqual([current?.number, current?.carried], [2n, '1']);
    assert.deepEqual(
      [ended?.minted, ended?.paid, ended?.carriedOut, ended?.rewarded],
      ['1000', '999', '1', 2],
    );
    const types = harness.events.map(({ type }) => type);
    assert.equal(types.filter((type) => type === 'reward_paid').length, 2);
    assert.ok(types.includes('epoch_paid'));
    assert.equal(reward(harness, poor.id).amount, '461');
    assert.equal(reward(harness, good.id).outcome, RewardOutcome.REWARD_OUTCOME_PAID);
  });

  it('carries the whole pool when nobody reported, and pays it later', () => {
    const harness = start();
    harness.nextBlock(60);
    harness.nextBlock();
    assert.equal(epoch(harness).ended?.carriedOut, '1000');
    submit(harness, reading(harness, station(harness, 1)));
    harness.nextBlock(59);
    harness.nextBlock();
    assert.equal(balance(harness, 1), 2_000n);
    assert.equal(harness.api(bank).balance(moduleAddress('sensors'), 'udepin'), 0n);
  });

  it('ends at the time and not before, on a grid that late blocks do not move', () => {
    const harness = start();
    const startNs = epoch(harness).current!.startTimeNs;
    harness.nextBlock(59.999);
    harness.nextBlock(0.001);
    assert.equal(epoch(harness).current?.number, 1n);
    harness.nextBlock(250);
    assert.equal(epoch(harness).current?.number, 2n);
    harness.nextBlock();
    const { current } = epoch(harness);
    assert.deepEqual([current?.number, current?.startTimeNs], [3n, startNs + 300_000_000_000n]);
    assert.equal(harness.api(bank).supply('udepin'), 2_000n);
  });

  it('rewards the first registered of a full cell, and others elsewhere', () => {
    const harness = start({ cellCapacity: 1 });
    const [first, second] = [station(harness, 2), station(harness, 1)];
    const third = station(harness, 3, OTHER_OWNER, OTHER_CELL);
    submit(
      harness,
      reading(harness, first),
      reading(harness, second),
      reading(harness, third, { cell: cellToIndex(OTHER_CELL) }),
    );
    harness.nextBlock(60);
    harness.nextBlock();
    assert.deepEqual([balance(harness, 1), balance(harness, 2)], [500n, 500n]);
    const { outcome, rank } = reward(harness, second.id);
    assert.deepEqual([outcome, rank], [RewardOutcome.REWARD_OUTCOME_CELL_FULL, 2]);
  });

  it('forgets epochs that are too old', () => {
    const harness = start({ keptEpochs: 1 });
    const device = station(harness, 1);
    submit(harness, reading(harness, device));
    harness.nextBlock(60);
    harness.nextBlock(60);
    assert.equal(reward(harness, device.id, 1n).amount, '1000');
    harness.nextBlock(60);
    const missing = { deviceId: device.id, epoch: 1n };
    assert.throws(() => harness.query(sensors, 'reward', missing), /or forgotten: not found/);
    assert.throws(() => harness.query(sensors, 'epoch', { number: 1n }), /epoch 1: not ended/);
    assert.equal(epoch(harness, 2n).ended?.paid, '0');
  });
});

describe('sensors: genesis', () => {
  it('imports what it exports, through its bytes', () => {
    const harness = start();
    const device = station(harness, 1);
    submit(harness, reading(harness, device));
    harness.nextBlock(60);
    harness.nextBlock(20);
    submit(harness, reading(harness, device, { temperature: 99_000 }));
    const exported = harness.export(sensors) as GenesisState;
    const decoded = GenesisState.decode(GenesisState.encode(exported).finish());
    const again = new ModuleHarness({
      modules: MODULES,
      genesis: {
        bank: harness.export(bank),
        devices: harness.export(devices),
        sensors: decoded,
      },
      startTimeNs: harness.timeNs,
    });
    assert.deepEqual(again.export(sensors), exported);
    assert.equal(reward(again, device.id, 2n).score, 857_142n);
    again.nextBlock(60);
    again.nextBlock();
    assert.equal(balance(again, 1), 2_000n);
  });

  const bad: [string, Partial<Params>, RegExp][] = [
    ['no epoch', { epochSeconds: 0n }, /params.epoch_seconds: expected 1 to 31536000, got 0/],
    ['a pool below zero', { poolPerEpoch: '-1' }, /params.pool_per_epoch: .*got "-1"/],
    ['no capacity', { cellCapacity: 0 }, /params.cell_capacity: /],
    ['too many stations', { maxStations: 100_001 }, /params.max_stations: /],
    ['a model without limits', { models: [{ name: 'X', limits: [] }] }, /models\[0\].limits: /],
    [
      'two models of one name',
      { models: [DEFAULT_PARAMS.models[0]!, DEFAULT_PARAMS.models[0]!] },
      /models\[1\].name: /,
    ],
  ];
  for (const [title, params, expected] of bad) {
    it(`refuses ${title}`, () => assert.throws(() => start(params), expected));
  }

  it('refuses a station whose device does not exist', () => {
    const { id } = new TestDevice(1);
    const stations = [
      { deviceId: id, model: 'WS1000', cell: CELL, number: 1n, registeredHeight: 1n },
    ];
    const genesis = { sensors: { ...(start().export(sensors) as GenesisState), stations } };
    assert.throws(
      () => new ModuleHarness({ modules: MODULES, genesis }),
      /stations\[0\].device_id: no such device/,
    );
  });
});
