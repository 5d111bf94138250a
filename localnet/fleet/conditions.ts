/**
 * The weather at a place and a moment. Real: daily highs and lows, rain, mean wind and sky, and the usual pressure of
 * the hour. Derived: how they run through the day, and humidity, direction and light, by the rules beside them.
 */
import type { Place } from './geography.ts';
import type { Random } from './random.ts';
import { CYCLE_DAYS, type Sky, type WeatherData, type WeatherRecord } from './weather.ts';

/** Free of sensor noise. */
export interface Conditions {
  readonly celsius: number;
  /** Relative, 0 to 1. */
  readonly humidity: number;
  readonly windMetresPerSecond: number;
  /** Degrees clockwise from north, from which the wind blows; 0 up to 360. */
  readonly windDegrees: number;
  readonly hectopascal: number;
  /** Rain since the start of the leap cycle, which only grows within it. */
  readonly rainMm: number;
  readonly lux: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const HOURS = 8760;
/** The data begins 15,340 days after the Unix epoch, on 1 January 2012: a leap cycle keeps days and dates aligned. */
const FIRST_DAY = 15_340;

/** Derived: the coldest and the warmest hour by the sun. */
const COLDEST_HOUR = 6;
const WARMEST_HOUR = 15;
/** Derived: departure of the pressure from the usual one, in hectopascals, and the light that a sky lets through. */
const SKY_PRESSURE: Readonly<Record<Sky, number>> = {
  sun: 5,
  fog: 2,
  drizzle: -3,
  rain: -8,
  snow: -6,
};
const SKY_LIGHT: Readonly<Record<Sky, number>> = {
  sun: 1,
  fog: 0.35,
  drizzle: 0.3,
  rain: 0.25,
  snow: 0.4,
};
/** Derived: how far the dew point lies under the day's low. */
const SKY_DRYNESS: Readonly<Record<Sky, number>> = {
  sun: 2.5,
  fog: 0,
  drizzle: 0.5,
  rain: 0.5,
  snow: 1,
};
const FULL_SUN_LUX = 110_000;
/** Derived: rain falls in a spell of at most this many hours. */
const LONGEST_SPELL_HOURS = 14;

/** The weather around one observing station, the same for all who ask. */
export class Climate {
  readonly #record: WeatherRecord;
  readonly #data: WeatherData;
  readonly #random: Random;
  /** Rain of all days before each day, in millimetres. */
  readonly #rainBefore: readonly number[];

  constructor(record: WeatherRecord, data: WeatherData, random: Random) {
    this.#record = record;
    this.#data = data;
    this.#random = random.fork(`climate/${record.name}`);
    let sum = 0;
    this.#rainBefore = record.days.map(({ precipitationMm }) => {
      sum += precipitationMm;
      return sum - precipitationMm;
    });
  }

  /** Where the observations were made. */
  get place(): Place {
    return this.#record.place;
  }

  /** The conditions at a place near the station, at a time in milliseconds since the Unix epoch. */
  at(place: Place, timeMs: number): Conditions {
    // Mean solar time: the sun, not the clock of a government, drives the day.
    const solarMs = timeMs + (place.longitude / 360) * DAY_MS;
    const number = Math.floor(solarMs / DAY_MS);
    const hour = (solarMs - number * DAY_MS) / HOUR_MS;
    const day = number - FIRST_DAY;
    const celsius = this.#celsius(day, hour);
    const dewPoint = this.#fromNoons(day, hour, (index) => {
      const { minCelsius, sky } = this.#day(index);
      return minCelsius - SKY_DRYNESS[sky];
    });
    const usual = this.#normal(day, hour, 'pressureHectopascal');
    return {
      celsius,
      humidity: Math.min(1, vapourPressure(dewPoint) / vapourPressure(celsius)),
      windMetresPerSecond: this.#wind(day, hour),
      windDegrees: this.#windDegrees(day, hour),
      hectopascal: usual + this.#fromNoons(day, hour, (i) => SKY_PRESSURE[this.#day(i).sky]),
      rainMm: this.#rain(day, hour),
      lux: FULL_SUN_LUX * sunlight(place, day, hour) * SKY_LIGHT[this.#day(day).sky],
    };
  }

  #day(index: number) {
    return this.#record.days[wrap(index, CYCLE_DAYS)]!;
  }

  /** A cosine from each low to the next high and down again. */
  #celsius(day: number, hour: number): number {
    const between = (from: number, to: number, share: number): number =>
      from + ((to - from) * (1 - Math.cos(Math.PI * share))) / 2;
    const { minCelsius, maxCelsius } = this.#day(day);
    const night = 24 - WARMEST_HOUR + COLDEST_HOUR;
    if (hour < COLDEST_HOUR) {
      const share = (hour + 24 - WARMEST_HOUR) / night;
      return between(this.#day(day - 1).maxCelsius, minCelsius, share);
    }
    if (hour < WARMEST_HOUR) {
      return between(minCelsius, maxCelsius, (hour - COLDEST_HOUR) / (WARMEST_HOUR - COLDEST_HOUR));
    }
    return between(maxCelsius, this.#day(day + 1).minCelsius, (hour - WARMEST_HOUR) / night);
  }

  /** A value of each day, taken to hold at noon, and a straight line between. */
  #fromNoons(day: number, hour: number, valueAtNoon: (day: number) => number): number {
    const first = hour < 12 ? day - 1 : day;
    const share = (hour < 12 ? hour + 12 : hour - 12) / 24;
    return valueAtNoon(first) * (1 - share) + valueAtNoon(first + 1) * share;
  }

  /** The normals run from 01:00 on 1 January on; the hour before is taken from its neighbour. */
  #normal(day: number, hour: number, field: 'pressureHectopascal' | 'windMetresPerSecond'): number {
    const dayOfYear = dayOfYearOf(this.#day(day).date);
    const at = dayOfYear * 24 + Math.floor(hour) - 1;
    const valueAt = (index: number): number =>
      this.#data.normals[Math.min(wrap(index, HOURS), HOURS - 2)]![field];
    const share = hour - Math.floor(hour);
    return valueAt(at) * (1 - share) + valueAt(at + 1) * share;
  }

  /** The day's mean, shaped as the wind of the usual day of that date is. */
  #wind(day: number, hour: number): number {
    const mean = this.#fromNoons(day, hour, (index) => this.#day(index).windMetresPerSecond);
    const usualMean =
      [3, 9, 15, 21].reduce(
        (sum, each) => sum + this.#normal(day, each, 'windMetresPerSecond'),
        0,
      ) / 4;
    return (mean * this.#normal(day, hour, 'windMetresPerSecond')) / usualMean;
  }

  /** Derived: a seeded direction for each noon; the wind turns the shorter way from one to the next. */
  #windDegrees(day: number, hour: number): number {
    const at = (index: number): number =>
      this.#random.fork(`wind/${wrap(index, CYCLE_DAYS)}`).between(0, 360);
    const first = hour < 12 ? day - 1 : day;
    const share = (hour < 12 ? hour + 12 : hour - 12) / 24;
    const turn = wrap(at(first + 1) - at(first) + 180, 360) - 180;
    return wrap(at(first) + turn * share, 360);
  }

  /** Derived: the rain of a day falls evenly in one spell, of a seeded hour and a length that grows with the amount. */
  #rain(day: number, hour: number): number {
    const index = wrap(day, CYCLE_DAYS);
    const { precipitationMm } = this.#day(index);
    const before = this.#rainBefore[index]!;
    if (precipitationMm === 0) return before;
    const length = Math.min(LONGEST_SPELL_HOURS, 1 + precipitationMm / 2);
    const start = this.#random.fork(`rain/${index}`).between(0, 24 - length);
    const share = Math.min(1, Math.max(0, (hour - start) / length));
    return before + precipitationMm * share;
  }
}

/** Always from 0 up to `length`. */
function wrap(value: number, length: number): number {
  return ((value % length) + length) % length;
}

/** 0 for 1 January. 29 February counts as the day before, the normals have none. */
function dayOfYearOf(date: string): number {
  const [, month, day] = date.split('-').map(Number) as [number, number, number];
  return (
    (Date.UTC(2010, month - 1, Math.min(day, month === 2 ? 28 : 31)) - Date.UTC(2010, 0, 1)) /
    DAY_MS
  );
}

/** Saturation vapour pressure over water in hectopascals (Magnus, as the WMO's guide gives it). */
function vapourPressure(celsius: number): number {
  return 6.112 * Math.exp((17.62 * celsius) / (243.12 + celsius));
}

/** Derived: share of the full light by the sine of the sun's height, 0 at night. */
function sunlight({ latitude }: Place, day: number, hour: number): number {
  const radians = Math.PI / 180;
  const declination =
    -23.44 * radians * Math.cos((2 * Math.PI * (wrap(day, 365.25) + 10)) / 365.25);
  const hourAngle = (hour - 12) * 15 * radians;
  const sine =
    Math.sin(latitude * radians) * Math.sin(declination) +
    Math.cos(latitude * radians) * Math.cos(declination) * Math.cos(hourAngle);
  return Math.max(0, sine);
}
