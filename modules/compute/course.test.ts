import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bank } from '../bank/module.ts';
import { compute } from './module.ts';
import { FUNDS, Market, OTHER_TENANT, OWNER, TENANT } from './testing/market.ts';

describe('compute: any course of a market', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('block' as const), seconds: fc.integer({ min: 0, max: 40 }) }),
      fc.record({
        kind: fc.constantFrom(
          'order' as const,
          'bid' as const,
          'accept' as const,
          'withdraw' as const,
          'close' as const,
          'cancel' as const,
          'deposit' as const,
        ),
        order: fc.bigInt(1n, 5n),
        amount: fc.bigInt(100n, 400n),
      }),
    ),
    { minLength: 10, maxLength: 40 },
  );

  it('keeps every invariant, and every unit', () => {
    fc.assert(
      fc.property(steps, (course) => {
        const market = new Market({ heartbeatTimeoutMs: 300_000n });
        const { provider } = market.lease(300n);
        market.bid(market.order(300n), provider);
        market.order(300n);
        for (const step of course) play(market, provider, step);
        market.nextBlock();
        assert.equal(market.api(bank).supply('udepin'), 4n * FUNDS);
      }),
      { numRuns: 40 },
    );
  });

  type Step = typeof steps extends fc.Arbitrary<(infer S)[]> ? S : never;

  function play(market: Market, provider: string, step: Step): void {
    if (step.kind === 'block') {
      market.nextBlock(step.seconds);
      return;
    }
    const { order: orderId, amount } = step;
    const coin = { denom: 'udepin', amount: amount.toString() };
    const messages = {
      order: ['createOrder', { ...ORDER, deposit: coin }],
      bid: [
        'createBid',
        { owner: OWNER, provider, orderId, pricePerHour: (amount * 7n).toString() },
      ],
      accept: ['acceptCheapest', { tenant: TENANT, orderId }],
      withdraw: ['withdraw', { owner: OWNER, orderId }],
      close: ['closeLease', { signer: TENANT, orderId }],
      cancel: ['cancelOrder', { tenant: TENANT, orderId }],
      deposit: ['deposit', { sender: OTHER_TENANT, orderId, amount: coin }],
    } as const;
    const [method, message] = messages[step.kind];
    try {
      market.send(compute, method, message);
    } catch (error) {
      // A course may ask for what is refused; it must be refused by name, and change nothing.
      assert.equal((error as Error).name, 'ChainError');
    }
  }

  const ORDER = { tenant: TENANT, gpuModel: 'rtx-4090', gpuCount: 2, maxPricePerHour: '100000' };
});
