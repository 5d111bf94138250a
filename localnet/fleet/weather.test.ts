import assert from 'node:assert/strict';
import { Climate } from './conditions.ts';
import { Random } from './random.ts';
import { loadWeather, parseDays, parseNormals } from './weather.ts';

const HOUR_MS = 3_600_000;
const data = loadWeather();
const [seattle, newYork] = data.records as [(typeof data.records)[0], (typeof data.records)[0]];
const climate = new Climate(seattle, data, Random.of('test'));
/** Where solar time is UTC, so that hours read as they stand. */
const GREENWICH = { latitude: 47.4444, longitude: 0 };

describe('the weather data', () => {
  it('holds what NOAA observed', () => {
    assert.equal(seattle.name, 'Seattle');
    assert.deepEqual(seattle.days[1], {
      date: '2012-01-02',
      precipitationMm: 10.9,
      maxCelsius: 10.6,
      minCelsius: 2.8,
      windMetresPerSecond: 4.5,
      sky: 'rain',
    });
    assert.equal(newYork.days.at(-1)!.date, '2015-12-31');
    assert.equal(newYork.days.at(-1)!.maxCelsius, 11.1);
    assert.deepEqual(data.normals[0], { pressureHectopascal: 1016.6, windMetresPerSecond: 3.8 });
  });

  for (const [name, text, error] of [
    ['other columns', 'date,wind\n', /columns: expected location/],
    [
      'a day left out',
      'location,date,precipitation,temp_max,temp_min,wind,weather\nSeattle,2012-01-02,0,1,0,1,sun',
      /line 2: expected 2012-01-01/,
    ],
    [
      'a missing value',
      'location,date,precipitation,temp_max,temp_min,wind,weather\nSeattle,2012-01-01,0,,0,1,sun',
      /line 2: expected a number, got ""/,
    ],
    [
      'a sky that is none',
      'location,date,precipitation,temp_max,temp_min,wind,weather\nSeattle,2012-01-01,0,1,0,1,hail',
      /kind of weather, got "hail"/,
    ],
  ] as const) {
    it(`refuses ${name}`, () => assert.throws(() => parseDays(text), error));
  }

  it('refuses normals that are not a whole year', () => {
    const text = 'date,pressure,temperature,wind\n2010-01-01T01:00:00,1016.6,4.0,3.8';
    assert.throws(() => parseNormals(text), /expected 8759 hours, got 1/);
  });
});

describe('the weather of a moment', () => {
  it("meets the day's low at six and its high at three, on the same date of the leap cycle", () => {
    const at = (iso: string) => climate.at(GREENWICH, Date.parse(iso)).celsius;
    assert.ok(Math.abs(at('2012-01-02T06:00:00Z') - 2.8) < 1e-6);
    assert.ok(Math.abs(at('2012-01-02T15:00:00Z') - 10.6) < 1e-6);
    // Twelve years later the cycle has come round three times.
    assert.ok(Math.abs(at('2024-01-02T15:00:00Z') - 10.6) < 1e-6);
  });

  it('rains in a day what was measured, and never backwards', () => {
    const midnight = Date.parse('2026-11-23T00:00:00Z');
    const index = Math.floor(midnight / 86_400_000 - 15_340) % 1461;
    let last = climate.at(GREENWICH, midnight).rainMm;
    const first = last;
    for (let hour = 0; hour < 24; hour++) {
      const { rainMm } = climate.at(GREENWICH, midnight + hour * HOUR_MS);
      assert.ok(rainMm >= last, `hour ${hour}`);
      last = rainMm;
    }
    last = climate.at(GREENWICH, midnight + 24 * HOUR_MS).rainMm;
    assert.ok(Math.abs(last - first - seattle.days[index]!.precipitationMm) < 1e-6);
  });

  it('stays within what is physical, and changes slowly', () => {
    const start = Date.parse('2026-03-01T00:00:00Z');
    let before = climate.at(seattle.place, start);
    for (let minute = 1; minute < 60 * 24 * 40; minute += 7) {
      const now = climate.at(seattle.place, start + minute * 60_000);
      const title = `minute ${minute}`;
      assert.ok(now.humidity > 0.05 && now.humidity <= 1, title);
      assert.ok(now.windMetresPerSecond >= 0 && now.windMetresPerSecond < 30, title);
      assert.ok(now.windDegrees >= 0 && now.windDegrees < 360, title);
      assert.ok(now.hectopascal > 980 && now.hectopascal < 1050, title);
      assert.ok(now.lux >= 0 && now.lux <= 110_000, title);
      assert.ok(Math.abs(now.celsius - before.celsius) < 2, title);
      assert.ok(Math.abs(now.hectopascal - before.hectopascal) < 1, title);
      before = now;
    }
  });

  it('is dark at night and light at noon', () => {
    assert.equal(climate.at(GREENWICH, Date.parse('2026-06-01T00:30:00Z')).lux, 0);
    assert.ok(climate.at(GREENWICH, Date.parse('2026-06-01T12:00:00Z')).lux > 20_000);
  });
});
