import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { BLOCK_ID_FLAG, type BlockIdFlag } from '../wire/types.ts';
import { MAX_TOTAL_VOTING_POWER } from '../wire/validatorSet.ts';
import { inOrder, makeBlock, SECOND, type Signer, signersOf } from './testing/chain.ts';
import { adjacent, distant, four, judge, PERIOD, reasonOf, TRUSTED_TIME } from './testing/judge.ts';
import { DEFAULT_MAX_CLOCK_DRIFT } from './verify.ts';

const { absent, commit, nil } = BLOCK_ID_FLAG;

describe('verify: boundaries', () => {
  it('trusts to the nanosecond before the trusting period ends', () => {
    assert.equal(reasonOf(adjacent, { now: TRUSTED_TIME + PERIOD - 1n }), 'ok');
    assert.equal(reasonOf(adjacent, { now: TRUSTED_TIME + PERIOD }), 'trustedExpired');
  });

  it('bears a clock ahead by less than the drift', () => {
    const now = adjacent.signedHeader.header.time - DEFAULT_MAX_CLOCK_DRIFT;
    assert.equal(reasonOf(adjacent, { now: now + 1n }), 'ok');
    assert.equal(reasonOf(adjacent, { now }), 'timeInFuture');
    assert.equal(reasonOf(adjacent, { now, maxClockDrift: DEFAULT_MAX_CLOCK_DRIFT + 1n }), 'ok');
  });

  it('asks for a later time, by one nanosecond', () => {
    const at = (time: bigint) => makeBlock({ height: 2n, signers: four, header: { time } });
    assert.equal(reasonOf(at(TRUSTED_TIME + 1n)), 'ok');
    assert.equal(reasonOf(at(TRUSTED_TIME)), 'timeNotLater');
  });

  it('asks for a greater height', () => {
    const header = { time: TRUSTED_TIME + SECOND };
    assert.equal(reasonOf(makeBlock({ height: 1n, signers: four, header })), 'heightNotHigher');
  });

  it('refuses exactly 2/3 of the power and accepts one more', () => {
    for (const height of [2n, 9n]) {
      const flags: BlockIdFlag[] = [commit, commit, absent];
      const exact = signersOf('exact', [10n, 10n, 10n]);
      const above = signersOf('above', [11n, 10n, 10n]);
      const [low, high] = [exact, above].map((signers) =>
        reasonOf(makeBlock({ height, signers, flags }), {
          trusted: makeBlock({ height: 1n, signers }),
        }),
      );
      assert.deepEqual([low, high], ['notEnoughPower', 'ok'], `height ${height}`);
    }
  });

  it('wants more than 1/3 of the trusted power, and says when to bisect', () => {
    const kept = signersOf('kept', [10n]);
    const gone = signersOf('gone', [20n]);
    const come = signersOf('come', [1n]);
    const before = makeBlock({ height: 1n, signers: inOrder([...kept, ...gone]) });
    const after = makeBlock({ height: 5n, signers: inOrder([...kept, ...come]) });
    const verdict = judge(after, { trusted: before });
    const tally = { signed: 10n, needed: 10n, total: 30n };
    const got = '10 of 30 trusted';
    const expected = 'more than 10';
    assert.deepEqual(verdict, { ok: false, reason: 'notEnoughTrust', got, expected, tally });
    const less = signersOf('gone', [19n]);
    const ready = makeBlock({ height: 1n, signers: inOrder([...kept, ...less]) });
    assert.equal(reasonOf(after, { trusted: ready }), 'ok');
  });

  it('takes trust levels from 1/3 to 1', () => {
    const level = (numerator: bigint | number, denominator: bigint | number) =>
      reasonOf(distant, { trustLevel: { numerator, denominator } });
    assert.equal(level(1, 3), 'ok');
    assert.equal(level(2n, 3n), 'ok');
    assert.equal(level(1, 1), 'notEnoughTrust');
    for (const [n, d] of [
      [333, 1000],
      [4, 3],
      [1, 0],
      [-1, -3],
      [0.5, 1],
    ] as const) {
      assert.equal(level(n, d), 'trustLevel', `${n}/${d}`);
    }
  });

  it('bounds the total power', () => {
    const most = signersOf('most', [MAX_TOTAL_VOTING_POWER - 1n, 1n]);
    const over = signersOf('over', [MAX_TOTAL_VOTING_POWER, 1n]);
    const [fits, not] = [most, over].map((signers) =>
      reasonOf(makeBlock({ height: 2n, signers }), { trusted: makeBlock({ height: 1n, signers }) }),
    );
    assert.deepEqual([fits, not], ['ok', 'validators']);
  });
});

describe('verify: against a naive reading of the rules', () => {
  const pool = signersOf('pool', [1n, 1n, 1n, 1n, 1n, 1n]);
  const powered = (powers: readonly number[]): Signer[] =>
    inOrder(
      powers.flatMap((power, index): Signer[] => {
        const { secret, validator } = pool[index]!;
        return power === 0
          ? []
          : [{ secret, validator: { ...validator, votingPower: BigInt(power) } }];
      }),
    );
  const powers = fc
    .array(fc.integer({ min: 0, max: 4 }), { minLength: 6, maxLength: 6 })
    .filter((list) => list.some((power) => power > 0));
  const flag = fc.constantFrom<BlockIdFlag>(commit, commit, commit, nil, absent);

  /** Proportions instead of thresholds, whole sums instead of early ends. */
  function naive(
    before: readonly Signer[],
    after: readonly Signer[],
    flags: readonly BlockIdFlag[],
  ) {
    const sum = (list: readonly Signer[]) =>
      list.reduce((all, { validator }) => all + Number(validator.votingPower), 0);
    const voted = after.filter((_, index) => flags[index] === commit);
    const known = before.filter((old) => voted.some((signer) => signer.secret === old.secret));
    if (sum(known) * 3 <= sum(before)) return 'notEnoughTrust';
    return sum(voted) * 3 > sum(after) * 2 ? 'ok' : 'notEnoughPower';
  }

  it('agrees for random sets and votes', () => {
    const flags = fc.array(flag, { minLength: 6, maxLength: 6 });
    const property = fc.property(powers, powers, flags, (old, young, votes) => {
      const [before, after] = [powered(old), powered(young)];
      const block = makeBlock({ height: 9n, signers: after, flags: votes });
      const start = makeBlock({ height: 1n, signers: before });
      assert.equal(reasonOf(block, { trusted: start }), naive(before, after, votes));
    });
    fc.assert(property, { numRuns: 60 });
  });
});
