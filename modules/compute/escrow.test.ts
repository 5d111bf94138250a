import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Account, accountOf, earn, newEscrow, overlap, PARTS_PER_UNIT } from './escrow.ts';
import { savings } from './market.ts';

const HOUR_NS = PARTS_PER_UNIT;
const account = (remaining: bigint, change: Partial<Account> = {}): Account => ({
  ...accountOf(newEscrow(1n, remaining)),
  ...change,
});

describe('compute: escrow', () => {
  const table: [string, bigint, bigint, bigint, [bigint, bigint, boolean]][] = [
    ['an hour costs the price', 1_000n, 100n, HOUR_NS, [100n, 900n, false]],
    ['half an hour costs half', 1_000n, 101n, HOUR_NS / 2n, [50n, 950n, false]],
    ['no time costs nothing', 1_000n, 100n, 0n, [0n, 1_000n, false]],
    ['a nanosecond is not lost', 1_000n, 1n, 1n, [0n, 1_000n, false]],
    ['one unit before the end', 101n, 100n, HOUR_NS, [100n, 1n, false]],
    ['exactly the funds', 100n, 100n, HOUR_NS, [100n, 0n, true]],
    ['more than the funds', 99n, 100n, HOUR_NS, [99n, 0n, true]],
    ['far more than the funds', 7n, 10n ** 18n, 10n ** 18n, [7n, 0n, true]],
  ];
  for (const [title, funds, price, timeNs, [accrued, remaining, exhausted]] of table) {
    it(title, () => {
      const earned = earn(account(funds), price, timeNs);
      assert.deepEqual(
        [earned.account.accrued, earned.account.remaining, earned.exhausted],
        [accrued, remaining, exhausted],
      );
    });
  }

  it('a price under one unit a block earns in the end', () => {
    let settled = account(1_000n);
    for (let second = 0; second < 3_600; second++) {
      settled = earn(settled, 1n, 1_000_000_000n).account;
    }
    assert.deepEqual([settled.accrued, settled.remainder], [1n, 0n]);
  });

  const prices = fc.bigInt(1n, 10n ** 18n);
  const times = fc.array(fc.bigInt(0n, 10n ** 13n), { maxLength: 30 });

  it('earns the same in many steps as in one, and loses nothing', () => {
    fc.assert(
      fc.property(prices, times, fc.bigInt(1n, 10n ** 25n), (price, steps, funds) => {
        let stepwise = account(funds);
        let exhausted = false;
        for (const step of steps) {
          if (exhausted) break;
          ({ account: stepwise, exhausted } = earn(stepwise, price, step));
        }
        const total = steps.reduce((sum, step) => sum + step, 0n);
        const once = earn(account(funds), price, total);
        assert.deepEqual(stepwise, once.account);
        assert.equal(exhausted, once.exhausted);
        assert.equal(stepwise.accrued + stepwise.remaining, funds);
        if (!exhausted) {
          assert.equal(stepwise.accrued * PARTS_PER_UNIT + stepwise.remainder, price * total);
        }
      }),
    );
  });

  it('pays for the time that heartbeats cover, and for no other', () => {
    const lease = { from: 10n, to: 20n };
    const cases: [bigint, bigint, bigint][] = [
      [0n, 30n, 10n],
      [0n, 15n, 5n],
      [15n, 30n, 5n],
      [12n, 13n, 1n],
      [0n, 10n, 0n],
      [20n, 30n, 0n],
      [0n, 0n, 0n],
    ];
    for (const [from, to, expected] of cases) {
      assert.equal(overlap(lease, { from, to }), expected, `${from} to ${to}`);
    }
  });
});

describe('compute: savings', () => {
  const compare = (pricePerHour: bigint, tokenPriceMicroUsd = 1_000_000n) =>
    savings({ pricePerHour, tokenPriceMicroUsd, cloudMicroUsd: 700_000n });

  it('is the share of the price that the cloud would ask for', () => {
    assert.deepEqual(compare(350_000n), { priceMicroUsd: 350_000n, savingsPpm: 500_000n });
    assert.deepEqual(compare(700_000n), { priceMicroUsd: 700_000n, savingsPpm: 0n });
    assert.deepEqual(compare(1_400_000n), { priceMicroUsd: 1_400_000n, savingsPpm: -1_000_000n });
  });

  it('follows the price of the token, and never flatters', () => {
    assert.deepEqual(compare(350_000n, 2_000_000n), { priceMicroUsd: 700_000n, savingsPpm: 0n });
    assert.deepEqual(compare(1n, 1n), { priceMicroUsd: 1n, savingsPpm: 999_999n });
    assert.deepEqual(compare(700_001n), { priceMicroUsd: 700_001n, savingsPpm: -2n });
  });
});
