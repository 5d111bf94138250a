import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ModuleHarness } from '../../chain/testing/moduleHarness.ts';
import type { MsgBuyCreditsResponse } from '../../wire/gen/depin/credits/v1/tx.ts';
import { auth } from '../auth/module.ts';
import { bank } from '../bank/module.ts';
import { credits } from './module.ts';
import { costOf, creditsFor } from './pricing.ts';

const buyer = new Uint8Array(20).fill(1);

function start(tokenPriceMicroUsd = 1_000_000n): { chain: ModuleHarness; address: string } {
  const address = new ModuleHarness({ modules: [] }).environment.addresses.format(buyer);
  const coins = [
    { denom: 'udepin', amount: '1000000' },
    { denom: 'uother', amount: '5' },
  ];
  const chain = new ModuleHarness({
    modules: [auth, bank, credits],
    genesis: {
      bank: { params: undefined, balances: [{ address, coins }], supply: [], denomMetadata: [] },
      credits: {
        params: { burnDenom: 'udepin', tokenPriceMicroUsd, creditPriceMicroUsd: 10n },
        balances: [],
        totals: { bought: 0n, spent: 0n, burned: '0' },
      },
    },
  });
  return { chain, address };
}

const buy = (address: string, amount: string, denom = 'udepin', minCredits = 0n) => ({
  buyer: address,
  amount: { denom, amount },
  minCredits,
});

describe('credits', () => {
  it('CRE-1: at $1 a token and $0.00001 a credit, ten base units buy one credit', () => {
    const { chain, address } = start();
    const bought = chain.send(credits, 'buyCredits', buy(address, '1009')) as MsgBuyCreditsResponse;
    assert.deepEqual(bought, { credits: 100n, burned: { denom: 'udepin', amount: '1000' } });
    assert.equal(chain.api(bank).supply('udepin'), 999_000n);
    assert.equal(chain.api(credits).creditsOf(buyer), 100n);
    chain.nextBlock();
  });

  it('CRE-2: the buyer never pays less than the price nor a base unit more than whole credits cost', () => {
    const price = fc.bigInt({ min: 1n, max: 10n ** 12n });
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 24n }),
        price,
        price,
        (amount, token, credit) => {
          const prices = { tokenPriceMicroUsd: token, creditPriceMicroUsd: credit };
          const bought = creditsFor(amount, prices);
          const cost = costOf(bought, prices);
          assert.ok(cost <= amount);
          assert.ok(cost * token >= bought * 1_000_000n * credit);
          assert.ok(bought === 0n || (cost - 1n) * token < bought * 1_000_000n * credit);
        },
      ),
    );
  });

  it('CRE-3: spending takes what is there and no more', () => {
    const { chain, address } = start();
    chain.send(credits, 'buyCredits', buy(address, '1000'));
    chain.api(credits).spend(buyer, 40n);
    assert.equal(chain.api(credits).creditsOf(buyer), 60n);
    assert.throws(() => chain.api(credits).spend(buyer, 61n), /60 credits of 61 needed/);
    chain.api(credits).spend(buyer, 60n);
    assert.equal(chain.api(credits).creditsOf(buyer), 0n);
    chain.nextBlock();
  });

  it('refuses what buys nothing, too little, with another token, or more than is there', () => {
    const { chain, address } = start();
    const refusal = (message: unknown) => chain.refusal(credits, 'buyCredits', message);
    assert.match(refusal(buy(address, '9')), /^credits\/3: /);
    assert.match(refusal(buy(address, '100', 'udepin', 11n)), /^credits\/3: /);
    assert.match(refusal(buy(address, '5', 'uother')), /^credits\/2: amount: expected udepin/);
    assert.match(refusal(buy(address, '2000000')), /^sdk\/5: /);
    assert.match(refusal(buy(address, '-10')), /^sdk\/10: /);
    assert.match(refusal(buy('nobody', '10')), /^sdk\/7: buyer/);
    assert.match(refusal(buy(address, (10n ** 30n).toString())), /^credits\/5: /);
  });

  it('starts again from its exported genesis, and refuses prices of nothing', () => {
    const { chain, address } = start();
    chain.send(credits, 'buyCredits', buy(address, '1000'));
    const genesis = { bank: chain.export(bank), credits: chain.export(credits) };
    const again = new ModuleHarness({ modules: [auth, bank, credits], genesis });
    assert.deepEqual(again.export(credits), chain.export(credits));
    assert.throws(() => start(0n), /expected both prices to be positive/);
  });
});
