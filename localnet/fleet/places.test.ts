import assert from 'node:assert/strict';
import { distanceMetres, placeAt } from './geography.ts';
import { freeSpaceLossDb, pathLossDb, receive } from './radio.ts';
import { Random } from './random.ts';
import { chooseTown, loadTowns, MIN_POPULATION, type Town, townsNear } from './towns.ts';

describe('seeded randomness', () => {
  it('gives every label a stream of its own, whatever was drawn before', () => {
    const first = Random.of('a').fork('b');
    const again = Random.of('a');
    again.uint32();
    assert.deepEqual(
      first.bytes(8),
      again.fork('b').bytes(8),
      'a fork does not see what was drawn',
    );
    assert.notDeepEqual(Random.of('a').fork('b').bytes(8), Random.of('a').fork('c').bytes(8));
  });

  it('is even and normal enough', () => {
    const random = Random.of('statistics');
    const units = Array.from({ length: 20_000 }, () => random.unit());
    const normals = Array.from({ length: 20_000 }, () => random.normal(3, 2));
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
    assert.ok(Math.abs(mean(units) - 0.5) < 0.01);
    assert.ok(Math.abs(mean(normals) - 3) < 0.06);
    assert.ok(Math.abs(mean(normals.map((value) => (value - 3) ** 2)) - 4) < 0.2);
    const picks = Array.from({ length: 4000 }, () => random.pickWeighted([1, 3], (n) => n));
    assert.ok(Math.abs(mean(picks) - 2.5) < 0.1);
    assert.throws(() => random.pick([]), RangeError);
  });
});

describe('places', () => {
  it('measures as the globe does', () => {
    const seattle = { latitude: 47.6062, longitude: -122.3321 };
    const newYork = { latitude: 40.7128, longitude: -74.006 };
    assert.ok(Math.abs(distanceMetres(seattle, newYork) / 1000 - 3866) < 5);
  });

  it('comes back from where it went, also over the date line', () => {
    const from = { latitude: -17.8, longitude: 179.99 };
    for (const bearing of [0, 45, 90, 200]) {
      const to = placeAt(from, bearing, 12_345);
      assert.ok(Math.abs(distanceMetres(from, to) - 12_345) < 0.01, `bearing ${bearing}`);
      assert.ok(Math.abs(to.longitude) <= 180);
    }
  });
});

describe('towns', () => {
  let towns: Town[];
  before(async () => {
    towns = await loadTowns();
  });

  it('are real ones, and the same for the same seed', () => {
    assert.ok(towns.length > 10_000);
    assert.ok(towns.every(({ population }) => population >= MIN_POPULATION));
    const choose = (seed: string) => {
      const random = Random.of(seed);
      return Array.from({ length: 20 }, () => chooseTown(random, towns).name);
    };
    assert.deepEqual(choose('one'), choose('one'));
    assert.notDeepEqual(choose('one'), choose('two'));
  });

  it('are chosen by population', () => {
    const random = Random.of('population');
    const chosen = Array.from({ length: 200 }, () => chooseTown(random, towns).population);
    const all = towns.map(({ population }) => population).sort((a, b) => a - b);
    const median = chosen.sort((a, b) => a - b)[100]!;
    assert.ok(median > 3 * all[all.length >> 1]!, `${median}`);
  });

  it('near a place are near it', () => {
    const seattle = { latitude: 47.6062, longitude: -122.3321 };
    const near = townsNear(towns, seattle, 50_000);
    assert.ok(near.some(({ name }) => name === 'Bellevue'));
    assert.ok(near.every((town) => distanceMetres(town, seattle) <= 50_000));
  });
});

describe('the radio model', () => {
  it('loses what free space does', () => {
    // Published figures at 904.3 MHz.
    for (const [metres, loss] of [
      [350, 82.46],
      [1000, 91.57],
      [10_000, 111.57],
      [100_000, 131.57],
    ] as const) {
      assert.ok(Math.abs(freeSpaceLossDb(metres, 904_300_000) - loss) < 0.02, `${metres} m`);
    }
  });

  it('is never better than free space, whatever the shadowing', () => {
    for (const metres of [1, 39, 41, 300, 5000, 60_000]) {
      for (const shadowing of [-30, -6, 0, 12]) {
        const free = freeSpaceLossDb(metres, 868_100_000);
        assert.ok(
          pathLossDb(metres, 868_100_000, shadowing) >= free,
          `${metres} m, ${shadowing} dB`,
        );
      }
    }
  });

  it('hears a neighbour, and nobody beyond the horizon', () => {
    const from = { place: { latitude: 47, longitude: 8 }, gainDbi: 2 };
    const sent = { from, powerDbm: 27, frequencyHz: 868_100_000 };
    const at = (metres: number, packet: number) =>
      receive(
        sent,
        { place: placeAt(from.place, 90, metres), gainDbi: 3 },
        {
          path: Random.of('path'),
          packet: Random.of(`packet ${packet}`),
        },
      );
    for (let packet = 0; packet < 50; packet++) {
      const near = at(2000, packet)!;
      assert.ok(near.rssiDbm > -125 && near.rssiDbm < -50, `${near.rssiDbm}`);
      assert.ok(near.snrDb >= -20 && near.snrDb <= 12);
      assert.equal(at(2_000_000, packet), undefined);
    }
  });
});
