import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Fault,
  FaultKind,
  type Measurements,
  RewardOutcome,
  Variable,
} from '../../wire/gen/depin/sensors/v1/sensors.ts';
import { DEFAULT_PARAMS } from './params.ts';
import {
  type Contender,
  divide,
  FULL_QUALITY_PPM,
  judgeReading,
  jumpLimit,
  type LastReading,
} from './scoring.ts';

const WS1000 = DEFAULT_PARAMS.models.find(({ name }) => name === 'WS1000')!;
const WS2000 = DEFAULT_PARAMS.models.find(({ name }) => name === 'WS2000')!;
const SIX_SEVENTHS = 857_142;

const CALM: Measurements = {
  temperature: 15_000,
  humidity: 600_000,
  windSpeed: 3_000,
  windDirection: 270_000,
  pressure: 101_325,
  precipitation: 0,
  illuminance: 20_000,
};

const lastly = (elapsedMs: bigint, change: Partial<LastReading> = {}): LastReading => ({
  measurements: CALM,
  faults: [],
  repeats: 0,
  elapsedMs,
  ...change,
});

const judge = (change: Partial<Measurements>, last?: LastReading, model = WS1000) =>
  judgeReading(model, { ...CALM, ...change }, { last, stuckAfter: 3 });

const words = ({ variable, kind }: Fault): string =>
  `${Variable[variable]?.slice(9).toLowerCase()} ${FaultKind[kind]?.slice(11).toLowerCase()}`;

describe('sensors: quality of a reading', () => {
  it('is full when nothing is wrong, with or without a reading before', () => {
    assert.deepEqual(judge({}), { qualityPpm: FULL_QUALITY_PPM, faults: [], repeats: 0 });
    assert.equal(judge({ temperature: 15_100 }, lastly(60_000n)).qualityPpm, FULL_QUALITY_PPM);
  });

  const ranges: [Partial<Measurements>, string | undefined][] = [
    [{ temperature: -40_000 }, undefined],
    [{ temperature: -40_001 }, 'temperature range'],
    [{ temperature: 60_000 }, undefined],
    [{ temperature: 60_001 }, 'temperature range'],
    [{ humidity: 100_000 }, undefined],
    [{ humidity: 99_999 }, 'humidity range'],
    [{ humidity: 990_001 }, 'humidity range'],
    [{ windSpeed: 50_000 }, undefined],
    [{ windSpeed: 50_001 }, 'wind_speed range'],
    [{ windDirection: 359_999 }, undefined],
    [{ windDirection: 360_000 }, 'wind_direction range'],
    [{ pressure: 30_000 }, undefined],
    [{ pressure: 29_999 }, 'pressure range'],
    [{ pressure: 110_001 }, 'pressure range'],
    [{ precipitation: 914_401 }, 'precipitation range'],
    [{ illuminance: 400_000 }, undefined],
    [{ illuminance: 400_001 }, 'illuminance range'],
  ];
  for (const [change, fault] of ranges) {
    it(`${JSON.stringify(change)} is ${fault ?? 'in range'}`, () => {
      const { faults, qualityPpm } = judge(change);
      assert.deepEqual(faults.map(words), fault === undefined ? [] : [fault]);
      assert.equal(qualityPpm, fault === undefined ? FULL_QUALITY_PPM : SIX_SEVENTHS);
    });
  }

  it('judges by the station own model', () => {
    assert.equal(judge({ temperature: 70_000 }, undefined, WS2000).qualityPpm, FULL_QUALITY_PPM);
    assert.equal(judge({ temperature: 70_000 }, undefined, WS1000).qualityPpm, SIX_SEVENTHS);
  });

  const jumps: [string, Partial<Measurements>, bigint, string | undefined][] = [
    ['3 degrees in a minute', { temperature: 18_000 }, 60_000n, undefined],
    ['over 3 degrees in a minute', { temperature: 18_001 }, 60_000n, 'temperature jump'],
    ['over 3 degrees down in a minute', { temperature: 11_999 }, 60_000n, 'temperature jump'],
    ['3 degrees in 16 seconds', { temperature: 18_000 }, 16_000n, undefined],
    ['6 degrees in two minutes', { temperature: 21_000 }, 120_000n, undefined],
    ['15 degrees in an hour', { temperature: 30_000 }, 3_600_000n, undefined],
    ['over 15 degrees in an hour', { temperature: 30_001 }, 3_600_000n, 'temperature jump'],
    ['a wind that turns', { windDirection: 10 }, 16_000n, undefined],
    ['0.8 hPa in a minute', { pressure: 101_405 }, 60_000n, undefined],
    ['0.81 hPa in a minute', { pressure: 101_406 }, 60_000n, 'pressure jump'],
    ['15.24 mm of rain in a minute', { precipitation: 15_240 }, 60_000n, undefined],
    ['over 15.24 mm of rain in a minute', { precipitation: 15_241 }, 60_000n, 'precipitation rate'],
    ['that rain in a second more', { precipitation: 15_241 }, 61_000n, undefined],
  ];
  for (const [title, change, elapsedMs, fault] of jumps) {
    it(`${title}: ${fault ?? 'nothing wrong'}`, () => {
      const { faults } = judge({ ...change, humidity: 600_001 }, lastly(elapsedMs));
      assert.deepEqual(faults.map(words), fault === undefined ? [] : [fault]);
    });
  }

  it('does not charge the way back from a value out of range', () => {
    const broken = lastly(60_000n, { measurements: { ...CALM, temperature: 90_000 } });
    assert.equal(judge({}, broken).qualityPpm, FULL_QUALITY_PPM);
  });

  it('charges the way back from a jump, so that jumping to and fro never pays', () => {
    const jumped = lastly(60_000n, { measurements: { ...CALM, temperature: 25_000 } });
    assert.deepEqual(judge({}, jumped).faults.map(words), ['temperature jump']);
  });

  it('takes one part in seven for each variable', () => {
    const all = { temperature: 90_000, humidity: 0, windSpeed: 60_000, windDirection: 400_000 };
    assert.equal(judge(all).qualityPpm, 428_571);
    const rest = { pressure: 0, precipitation: 1_000_000, illuminance: 500_000 };
    assert.equal(judge({ ...all, ...rest }).qualityPpm, 0);
  });

  it('counts equal readings and is nothing once there are too many', () => {
    assert.deepEqual(judge({}, lastly(60_000n, { repeats: 1 })), {
      qualityPpm: FULL_QUALITY_PPM,
      faults: [],
      repeats: 2,
    });
    const stuck = judge({}, lastly(60_000n, { repeats: 2 }));
    assert.deepEqual(stuck.faults.map(words), ['unspecified stuck']);
    assert.deepEqual([stuck.qualityPpm, stuck.repeats], [0, 3]);
    assert.equal(judge({ illuminance: 20_001 }, lastly(60_000n, { repeats: 9 })).repeats, 0);
  });

  it('never allows a smaller jump for a longer time', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10_000_000n), fc.bigInt(0n, 10_000_000n), (elapsed, more) => {
        for (const limits of WS1000.limits) {
          const limit = jumpLimit(limits, elapsed);
          assert.ok(limit <= jumpLimit(limits, elapsed + more));
          assert.ok(limit <= limits.maxJump);
        }
      }),
    );
  });
});

const contender = (number: number, cell: string, score: bigint): Contender => ({
  deviceId: `device ${number}`,
  cell,
  number: BigInt(number),
  score,
});

describe('sensors: sharing of a pool', () => {
  it('shares by score, rounded down', () => {
    const { shares, ...totals } = divide(100n, 10, [
      contender(1, 'a', 1_000_000n),
      contender(2, 'b', 2_000_000n),
    ]);
    assert.deepEqual(
      shares.map(({ amount }) => amount),
      [33n, 66n],
    );
    assert.deepEqual(totals, { totalScore: 3_000_000n, rewarded: 2, paid: 99n });
  });

  it('rewards the best of a cell, and of equal ones the first registered', () => {
    const { shares } = divide(1_000n, 2, [
      contender(1, 'a', 5n),
      contender(3, 'a', 7n),
      contender(2, 'a', 5n),
      contender(4, 'b', 1n),
    ]);
    assert.deepEqual(
      shares.map(({ rank, outcome, amount }) => [rank, RewardOutcome[outcome], amount]),
      [
        [2, 'REWARD_OUTCOME_PAID', 384n],
        [1, 'REWARD_OUTCOME_PAID', 538n],
        [3, 'REWARD_OUTCOME_CELL_FULL', 0n],
        [1, 'REWARD_OUTCOME_PAID', 76n],
      ],
    );
  });

  it('pays nothing for no score, nor a share below one unit', () => {
    const { shares, paid } = divide(10n, 10, [
      contender(1, 'a', 0n),
      contender(2, 'b', 1n),
      contender(3, 'c', 1_000n),
    ]);
    assert.deepEqual(
      shares.map(({ outcome }) => RewardOutcome[outcome]?.slice(15)),
      ['NO_SCORE', 'BELOW_ONE_UNIT', 'PAID'],
    );
    assert.equal(paid, 9n);
    assert.deepEqual(divide(10n, 10, []).paid, 0n);
  });

  const contenders = fc
    .array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.bigInt(0n, 10n ** 12n)), { maxLength: 40 })
    .map((list) => list.map(([cell, score], i) => contender(i + 1, cell, score)));
  const pools = fc.bigInt(0n, 10n ** 20n);

  it('pays what it says, and at most the pool', () => {
    fc.assert(
      fc.property(pools, fc.integer({ min: 1, max: 12 }), contenders, (pool, capacity, list) => {
        const { shares, paid, rewarded } = divide(pool, capacity, list);
        assert.equal(
          shares.reduce((sum, { amount }) => sum + amount, 0n),
          paid,
        );
        assert.ok((paid <= pool && pool - paid < BigInt(Math.max(1, rewarded))) || rewarded === 0);
        for (const cell of ['a', 'b', 'c']) {
          const winners = shares.filter((each) => each.contender.cell === cell && each.amount > 0n);
          assert.ok(winners.length <= capacity);
        }
      }),
    );
  });

  it('does not depend on the order of the contenders', () => {
    fc.assert(
      fc.property(pools, contenders, fc.func(fc.integer()), (pool, list, weight) => {
        const shuffled = [...list].sort((a, b) => weight(a.deviceId) - weight(b.deviceId));
        const amounts = (given: readonly Contender[]) =>
          new Map(divide(pool, 5, given).shares.map((s) => [s.contender.deviceId, s.amount]));
        const expected = amounts(list);
        for (const [id, amount] of amounts(shuffled)) assert.equal(amount, expected.get(id));
      }),
    );
  });

  it('never pays more for one score split over several stations of a cell', () => {
    fc.assert(
      fc.property(
        fc.bigInt(1n, 10n ** 15n),
        fc.array(fc.bigInt(1n, 10n ** 9n), { minLength: 1, maxLength: 8 }),
        fc.bigInt(0n, 10n ** 9n),
        (pool, parts, others) => {
          const rival = contender(100, 'z', others);
          const whole = parts.reduce((sum, part) => sum + part, 0n);
          const one = divide(pool, 5, [contender(1, 'a', whole), rival]).shares[0]!.amount;
          const split = divide(pool, 5, [...parts.map((p, i) => contender(i + 1, 'a', p)), rival]);
          const many = split.shares.slice(0, -1).reduce((sum, { amount }) => sum + amount, 0n);
          assert.ok(many <= one, `${many} > ${one}`);
        },
      ),
    );
  });
});
