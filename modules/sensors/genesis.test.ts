import assert from 'node:assert/strict';
import { ModuleHarness } from '../../chain/testing/moduleHarness.ts';
import { TestDevice } from '../../chain/testing/testDevice.ts';
import { GenesisState } from '../../wire/gen/depin/sensors/v1/genesis.ts';
import type { Params } from '../../wire/gen/depin/sensors/v1/sensors.ts';
import { bank } from '../bank/module.ts';
import { devices } from '../devices/module.ts';
import { sensors } from './module.ts';
import { DEFAULT_PARAMS } from './params.ts';
import {
  balance,
  CELL,
  MODULES,
  reading,
  reward,
  start,
  station,
  submit,
} from './testing/stations.ts';

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
