import assert from 'node:assert/strict';
import { parentOf } from '../../chain/math/h3.ts';
import { TestDevice } from '../../chain/testing/testDevice.ts';
import { EventStationRegistered } from '../../wire/gen/depin/sensors/v1/events.ts';
import type { QueryStationsResponse } from '../../wire/gen/depin/sensors/v1/query.ts';
import { sensors } from './module.ts';
import { CELL, enrol, OTHER_CELL, OTHER_OWNER, OWNER, start, station } from './testing/stations.ts';

describe('sensors: registration', () => {
  it('registers a device once, in its cell, and says so', () => {
    const harness = start();
    const device = station(harness, 1);
    assert.equal(harness.emitted(EventStationRegistered).length, 1);
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
