import assert from 'node:assert/strict';
import { cellToIndex } from '../../chain/math/h3.ts';
import { EventReadingScored } from '../../wire/gen/depin/sensors/v1/events.ts';
import { FaultKind, RewardOutcome, Variable } from '../../wire/gen/depin/sensors/v1/sensors.ts';
import { REPORT_KIND, weatherPayload } from '../../wire/reportPayload.ts';
import {
  enrol,
  lastReading,
  OTHER_CELL,
  reading,
  refuse,
  reward,
  start,
  station,
  submit,
  WEATHER,
} from './testing/stations.ts';

describe('sensors: readings', () => {
  it('keeps the newest reading with its quality and faults', () => {
    const harness = start();
    const device = station(harness, 1);
    submit(harness, reading(harness, device));
    assert.equal(lastReading(harness, device.id).qualityPpm, 1_000_000);
    harness.nextBlock(30);
    submit(harness, reading(harness, device, { temperature: 25_000, pressure: 1 }));
    assert.deepEqual(harness.emitted(EventReadingScored), [
      {
        deviceId: device.id,
        sequence: 2n,
        qualityPpm: 714_285,
        faults: ['temperature:jump', 'pressure:range'],
      },
    ]);
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
