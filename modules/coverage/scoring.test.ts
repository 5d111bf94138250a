import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cellToLatLng, cellToParent, getPentagons, greatCircleDistance, latLngToCell } from 'h3-js';
import { gridDistance } from '../../chain/math/h3.ts';
import { Verdict } from '../../wire/gen/depin/coverage/v1/coverage.ts';
import {
  creditsForBytes,
  judge,
  leastMetres,
  type Observation,
  rewardUnits,
  shareOf,
  splitPools,
  strongestSignal,
  UNIT,
} from './scoring.ts';

describe('coverage scoring: units (HIP-15)', () => {
  it('gives the published units', () => {
    const published = [
      [0, 0n, 0n],
      [1, 2_500n, 10_000n],
      [2, 5_000n, 10_000n],
      [3, 7_500n, 10_000n],
      [4, 10_000n, 10_000n],
      [5, 12_000n, 7_600n],
      [8, 15_904n, 4_262n],
      [10, 17_379n, 3_262n],
      [14, 18_926n, 2_220n],
    ] as const;
    for (const [witnesses, beaconer, witness] of published) {
      assert.deepEqual(rewardUnits(witnesses), { beaconer, witness }, `${witnesses} witnesses`);
    }
  });

  it('shares 5 units from 4 witnesses on, up to the rounding of each part', () => {
    for (let witnesses = 4; witnesses <= 14; witnesses++) {
      const { beaconer, witness } = rewardUnits(witnesses);
      const off = beaconer + witness * BigInt(witnesses) - 5n * UNIT;
      assert.ok(2n * off <= BigInt(witnesses + 1) && -2n * off <= BigInt(witnesses + 1), `${off}`);
    }
  });

  it('is defined for 0 to 14 witnesses only', () => {
    for (const witnesses of [-1, 15, 1.5, Number.NaN]) {
      assert.throws(() => rewardUnits(witnesses), /witnesses: expected 0 to 14/);
    }
  });
});

const LIMITS = {
  minDistanceCells: 8,
  maxDistanceCells: 2_200,
  maxLagMs: 4_000,
  maxFrequencyOffsetHz: 100_000,
  minRssi: -1_390,
};
const HONEST: Observation = {
  sameOwner: false,
  distanceCells: 36,
  beacon: { power: 270, gain: 12, frequencyHz: 904_300_000 },
  witness: { gain: 12, rssi: -900, frequencyHz: 904_300_000, lagMs: 300 },
};
const witnessed = (change: Partial<Observation['witness']>): Observation => ({
  ...HONEST,
  witness: { ...HONEST.witness, ...change },
});

describe('coverage scoring: verdicts', () => {
  // 35 steps of at least 29 m: 1,015 m, a loss of 91.7 dB; 27.0 + 1.2 + 1.2 - 91.7 dBm
  const bound = -623;

  const cases: readonly [string, Observation, Verdict][] = [
    ['an honest witness', HONEST, Verdict.VERDICT_VALID],
    ['the same owner', { ...HONEST, sameOwner: true }, Verdict.VERDICT_SAME_OWNER],
    ['7 cells', { ...HONEST, distanceCells: 7 }, Verdict.VERDICT_TOO_NEAR],
    ['8 cells', { ...HONEST, distanceCells: 8 }, Verdict.VERDICT_VALID],
    [
      '2,200 cells',
      { ...witnessed({ rssi: -1_200 }), distanceCells: 2_200 },
      Verdict.VERDICT_VALID,
    ],
    [
      '2,201 cells',
      { ...witnessed({ rssi: -1_200 }), distanceCells: 2_201 },
      Verdict.VERDICT_TOO_FAR,
    ],
    ['no distance', { ...HONEST, distanceCells: undefined }, Verdict.VERDICT_DISTANCE_UNKNOWN],
    ['100 kHz above', witnessed({ frequencyHz: 904_400_000 }), Verdict.VERDICT_VALID],
    ['100,001 Hz above', witnessed({ frequencyHz: 904_400_001 }), Verdict.VERDICT_WRONG_FREQUENCY],
    ['100,001 Hz below', witnessed({ frequencyHz: 904_199_999 }), Verdict.VERDICT_WRONG_FREQUENCY],
    ['the free-space bound', witnessed({ rssi: bound }), Verdict.VERDICT_VALID],
    ['above the bound', witnessed({ rssi: bound + 1 }), Verdict.VERDICT_SIGNAL_TOO_STRONG],
    ['the faintest signal', witnessed({ rssi: -1_390 }), Verdict.VERDICT_VALID],
    ['a fainter signal', witnessed({ rssi: -1_391 }), Verdict.VERDICT_SIGNAL_TOO_WEAK],
    ['4,000 ms', witnessed({ lagMs: 4_000 }), Verdict.VERDICT_VALID],
    ['4,001 ms', witnessed({ lagMs: 4_001 }), Verdict.VERDICT_LATE],
  ];
  for (const [name, observation, verdict] of cases) {
    it(`${name}: ${Verdict[verdict]}`, () => {
      assert.equal(Verdict[judge(observation, LIMITS).verdict], Verdict[verdict]);
    });
  }

  it('names the bound that it judged by, and none without a distance', () => {
    assert.equal(judge(HONEST, LIMITS).rssiBound, bound);
    assert.equal(judge({ ...HONEST, distanceCells: undefined }, LIMITS).rssiBound, 0);
  });

  it('allows no stronger signal from further away', () => {
    fc.assert(
      fc.property(fc.nat(3_000), fc.nat(3_000), (near, more) => {
        assert.ok(strongestSignal(HONEST, near + more) <= strongestSignal(HONEST, near));
      }),
    );
  });
});

describe('coverage scoring: distance', () => {
  const METRES_PER_DEGREE = 111_195;

  /** A place, and another one `metres` away from it at most. */
  function places(latitude: number, longitude: number) {
    return fc
      .record({
        dy: fc.double({ min: -1, max: 1, noNaN: true }),
        dx: fc.double({ min: -1, max: 1, noNaN: true }),
        metres: fc.double({ min: 300, max: 20_000, noNaN: true }),
        bearing: fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
      })
      .map(({ dy, dx, metres, bearing }) => {
        const a: [number, number] = [latitude + dy, longitude + dx];
        const wide = METRES_PER_DEGREE * Math.cos((a[0] * Math.PI) / 180);
        const b: [number, number] = [
          a[0] + (metres * Math.cos(bearing)) / METRES_PER_DEGREE,
          a[1] + (metres * Math.sin(bearing)) / wide,
        ];
        return [a, b] as const;
      });
  }

  const cellOf = ([latitude, longitude]: readonly [number, number]): string =>
    cellToParent(latLngToCell(latitude, longitude, 12), 11);

  it('is never more than the places are apart, also around the pentagons, where cells are smallest', () => {
    const somewhere = fc
      .tuple(
        fc.double({ min: -80, max: 80, noNaN: true }),
        fc.double({ min: -180, max: 180, noNaN: true }),
      )
      .chain(([latitude, longitude]) => places(latitude, longitude));
    const pentagons = fc
      .constantFrom(...getPentagons(11))
      .chain((cell) => places(...(cellToLatLng(cell) as [number, number])));
    fc.assert(
      fc.property(fc.oneof(somewhere, pentagons), ([a, b]) => {
        const steps = gridDistance(cellOf(a), cellOf(b));
        fc.pre(steps !== undefined && steps >= LIMITS.minDistanceCells);
        assert.ok(Number(leastMetres(steps)) <= greatCircleDistance([...a], [...b], 'm'));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is within what the path loss takes', () => {
    assert.equal(leastMetres(0), 1n);
    assert.equal(leastMetres(1), 1n);
    assert.equal(leastMetres(8), 203n);
    assert.equal(leastMetres(2 ** 31), 20_037_508n);
  });
});

describe('coverage scoring: credits and pools', () => {
  it('counts a credit for every 24 bytes begun, at least one', () => {
    const table = [
      [0n, 1n],
      [1n, 1n],
      [24n, 1n],
      [25n, 2n],
      [48n, 2n],
      [49n, 3n],
    ] as const;
    for (const [bytes, credits] of table) assert.equal(creditsForBytes(bytes), credits, `${bytes}`);
    assert.equal(creditsForBytes((1n << 64n) - 1n), 768_614_336_404_564_651n);
  });

  const amount = fc.bigInt(0n, 10n ** 24n);
  const score = fc.bigInt(0n, 10n ** 12n);

  it('splits no more than there is, and caps data by what its credits may earn', () => {
    const terms = { dataSharePpm: 300_000, dataCredits: 10n, maxRewardPerCredit: 5n };
    assert.deepEqual(splitPools(100n, terms), { coverage: 70n, data: 30n });
    assert.deepEqual(splitPools(1_000n, terms), { coverage: 700n, data: 50n });
    fc.assert(
      fc.property(amount, fc.nat(1_000_000), score, score, (total, dataSharePpm, credits, most) => {
        const pools = splitPools(total, {
          dataSharePpm,
          dataCredits: credits,
          maxRewardPerCredit: most,
        });
        assert.ok(pools.coverage >= 0n && pools.data >= 0n && pools.coverage + pools.data <= total);
        assert.ok(pools.data <= credits * most);
      }),
    );
  });

  it('never pays more than the pool, and leaves over less than one unit a hotspot', () => {
    fc.assert(
      fc.property(amount, fc.array(score, { minLength: 1, maxLength: 30 }), (pool, scores) => {
        const total = scores.reduce((sum, each) => sum + each, 0n);
        const paid = scores.reduce((sum, each) => sum + shareOf(pool, each, total), 0n);
        assert.ok(paid <= pool);
        if (total > 0n) assert.ok(pool - paid < BigInt(scores.length));
      }),
    );
  });

  it('never pays more to a hotspot that splits itself', () => {
    fc.assert(
      fc.property(amount, score, score, score, (pool, one, other, rest) => {
        const total = one + other + rest;
        const split = shareOf(pool, one, total) + shareOf(pool, other, total);
        assert.ok(split <= shareOf(pool, one + other, total));
      }),
    );
  });
});
