/**
 * Weather that was measured: NOAA's daily observations of 2012 to 2015 for Seattle and New York, and the hourly
 * normals of Seattle, as the npm package `vega-datasets` carries them.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Place } from './geography.ts';

export const SKIES = ['drizzle', 'fog', 'rain', 'snow', 'sun'] as const;
export type Sky = (typeof SKIES)[number];

/** One day at an observing station. */
export interface WeatherDay {
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly precipitationMm: number;
  readonly maxCelsius: number;
  readonly minCelsius: number;
  /** Mean wind speed. */
  readonly windMetresPerSecond: number;
  readonly sky: Sky;
}

/** What is usual in one hour of the year. */
export interface HourlyNormal {
  readonly pressureHectopascal: number;
  readonly windMetresPerSecond: number;
}

/** Four years of one observing station, a leap cycle: 1461 days from 1 January 2012 on. */
export interface WeatherRecord {
  readonly name: string;
  /** Where the station stands. */
  readonly place: Place;
  readonly days: readonly WeatherDay[];
}

export interface WeatherData {
  readonly records: readonly WeatherRecord[];
  /** From 01:00 on 1 January on, 8759 hours: the data lacks the first. */
  readonly normals: readonly HourlyNormal[];
}

/** Days of a leap cycle. */
export const CYCLE_DAYS = 1461;
const NORMAL_HOURS = 8759;
const DAY_MS = 86_400_000;
const FIRST_DAY_MS = Date.UTC(2012, 0, 1);

/** Where the observations are taken to have been made: the data names only the towns, these are their airports. */
const STATIONS: Readonly<Record<string, Place>> = {
  Seattle: { latitude: 47.4444, longitude: -122.3139 },
  'New York': { latitude: 40.6386, longitude: -73.7622 },
};

const DAILY_COLUMNS = 'location,date,precipitation,temp_max,temp_min,wind,weather';
const NORMAL_COLUMNS = 'date,pressure,temperature,wind';

/** The data of the package. @throws Error when a file is missing, TypeError naming the line that is not as expected. */
export function loadWeather(): WeatherData {
  const entry = createRequire(import.meta.url).resolve('vega-datasets');
  const read = (name: string): string =>
    readFileSync(join(dirname(entry), '..', 'data', name), 'utf8');
  return {
    records: parseDays(read('weather.csv')),
    normals: parseNormals(read('seattle-weather-hourly-normals.csv')),
  };
}

/** @throws TypeError naming the line. */
export function parseDays(text: string): WeatherRecord[] {
  const byLocation = new Map(Object.keys(STATIONS).map((name) => [name, [] as WeatherDay[]]));
  for (const { cells, title } of rows(text, DAILY_COLUMNS)) {
    const [location, date, precipitation, max, min, wind, sky] = cells as [string, ...string[]];
    const days = byLocation.get(location);
    if (days === undefined) throw new TypeError(`${title}: unknown location "${location}"`);
    const expected = new Date(FIRST_DAY_MS + days.length * DAY_MS).toISOString().slice(0, 10);
    if (date !== expected) throw new TypeError(`${title}: expected ${expected}, got "${date}"`);
    days.push({
      date,
      precipitationMm: number(precipitation, title),
      maxCelsius: number(max, title),
      minCelsius: number(min, title),
      windMetresPerSecond: number(wind, title),
      sky: skyOf(sky, title),
    });
  }
  return [...byLocation].map(([name, days]) => {
    if (days.length !== CYCLE_DAYS) {
      throw new TypeError(`${name}: expected ${CYCLE_DAYS} days, got ${days.length}`);
    }
    return { name, place: STATIONS[name]!, days };
  });
}

/** @throws TypeError naming the line. */
export function parseNormals(text: string): HourlyNormal[] {
  const normals = rows(text, NORMAL_COLUMNS).map(({ cells, title }) => ({
    pressureHectopascal: number(cells[1], title),
    windMetresPerSecond: number(cells[3], title),
  }));
  if (normals.length !== NORMAL_HOURS) {
    throw new TypeError(`hourly normals: expected ${NORMAL_HOURS} hours, got ${normals.length}`);
  }
  return normals;
}

/** Comma-separated values without quotes, which is all that these files have. */
function rows(text: string, columns: string): { cells: string[]; title: string }[] {
  const [header, ...lines] = text.trimEnd().split(/\r?\n/);
  if (header !== columns) throw new TypeError(`columns: expected ${columns}, got ${header}`);
  const width = columns.split(',').length;
  return lines.map((line, i) => {
    const cells = line.split(',');
    const title = `line ${i + 2}`;
    if (cells.length !== width) {
      throw new TypeError(`${title}: expected ${width} values, got ${cells.length}`);
    }
    return { cells, title };
  });
}

function number(text: string | undefined, title: string): number {
  if (text !== undefined && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new TypeError(`${title}: expected a number, got "${text}"`);
}

function skyOf(text: string | undefined, title: string): Sky {
  const sky = SKIES.find((each) => each === text);
  if (sky === undefined) throw new TypeError(`${title}: expected a kind of weather, got "${text}"`);
  return sky;
}
