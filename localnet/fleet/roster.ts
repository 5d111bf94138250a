/**
 * Which devices a fleet has: kind, place, owner, key and honesty of each. A device depends on the seed and its index
 * alone, so a fleet that is started again with more devices keeps those that it had.
 */
import type { KeyType } from '../../wire/signature.ts';
import { type Cheat, cheatOf, type DeviceKind } from './cheats.ts';
import type { Climate } from './conditions.ts';
import { distanceMetres, type Place, placeAt } from './geography.ts';
import type { Random } from './random.ts';
import { chooseTown, type Town, townsNear } from './towns.ts';

export interface DevicePlan {
  readonly index: number;
  readonly kind: DeviceKind;
  readonly town: Town;
  readonly place: Place;
  /** Index among the owner accounts. */
  readonly owner: number;
  readonly keyType: KeyType;
  readonly cheat: Cheat | undefined;
  /** Root of everything random about this device. */
  readonly random: Random;
  /** The weather around a station. */
  readonly climate?: Climate;
}

/** Half stations, four tenths hotspots, a tenth providers. */
const KINDS: readonly DeviceKind[] = [
  'station',
  'hotspot',
  'station',
  'hotspot',
  'station',
  'hotspot',
  'station',
  'hotspot',
  'station',
  'provider',
];
const KEY_TYPES: readonly (readonly [KeyType, weight: number])[] = [
  ['ed25519', 6],
  ['secp256k1', 2],
  ['p256', 2],
];
/** Stations stand so near to the observations that these hold there. */
const CLIMATE_REACH_METRES = 60_000;
const STATION_DISTANCES_METRES = [300, 8_000] as const;
const GROUP_SIZES = [6, 12] as const;
const HOTSPOT_DISTANCES_METRES = [500, 15_000] as const;
/** Nearer than the eight cells of the chain's default, two hotspots cannot witness each other. */
const MIN_HOTSPOT_SPACING_METRES = 800;
const PLACING_ATTEMPTS = 200;

export interface RosterOptions {
  readonly devices: number;
  readonly random: Random;
  readonly towns: readonly Town[];
  readonly climates: readonly Climate[];
  readonly owners: number;
  /** One device in so many cheats; 0 for none. */
  readonly cheaterEvery: number;
}

/** The devices from index 0 on. @throws RangeError when no town lies near a climate. */
export function planDevices(options: RosterOptions): DevicePlan[] {
  const groups = new HotspotGroups(options);
  const areas = options.climates.map((climate) => ({
    climate,
    towns: townsNear(options.towns, climate.place, CLIMATE_REACH_METRES),
  }));
  return Array.from({ length: options.devices }, (_, index) => {
    const kind = KINDS[index % KINDS.length]!;
    const random = options.random.fork(`device/${index}`);
    const [keyType] = random.fork('key type').pickWeighted(KEY_TYPES, ([, weight]) => weight);
    const cheat = cheatOf(options.random, { index, kind }, options.cheaterEvery);
    const common = { index, kind, random, keyType, cheat, owner: index % options.owners };
    if (kind === 'hotspot') return { ...common, ...groups.next() };
    const where = random.fork('place');
    if (kind === 'provider') {
      const town = chooseTown(where, options.towns);
      return { ...common, town, place: town };
    }
    const { climate, towns } = where.pick(areas);
    const town = chooseTown(where, towns);
    return { ...common, climate, town, place: around(where, town, STATION_DISTANCES_METRES) };
  });
}

function around(random: Random, centre: Place, [least, most]: readonly [number, number]): Place {
  return placeAt(centre, random.between(0, 360), random.between(least, most));
}

/** Hotspots come in groups around a town, the owners of a group all different. */
class HotspotGroups {
  readonly #options: RosterOptions;
  #group = -1;
  #random: Random;
  #town: Town | undefined;
  #places: Place[] = [];
  #size = 0;

  constructor(options: RosterOptions) {
    this.#options = options;
    this.#random = options.random;
  }

  next(): { readonly town: Town; readonly place: Place; readonly owner: number } {
    if (this.#places.length === this.#size) this.#open();
    const town = this.#town!;
    const place = this.#freePlace(town);
    const owner = (this.#group + this.#places.length) % this.#options.owners;
    this.#places.push(place);
    return { town, place, owner };
  }

  #open(): void {
    this.#group++;
    this.#random = this.#options.random.fork(`group/${this.#group}`);
    this.#town = chooseTown(this.#random, this.#options.towns);
    this.#size = this.#random.integer(...GROUP_SIZES);
    this.#places = [];
  }

  /** Towns have room for a dozen; the last attempt stands, whatever it is near to. */
  #freePlace(town: Town): Place {
    let place: Place = town;
    for (let attempt = 0; attempt < PLACING_ATTEMPTS; attempt++) {
      place = around(this.#random, town, HOTSPOT_DISTANCES_METRES);
      const isFree = this.#places.every(
        (other) => distanceMetres(place, other) >= MIN_HOTSPOT_SPACING_METRES,
      );
      if (isFree) break;
    }
    return place;
  }
}
