import assert from 'node:assert/strict';
import { ModuleHarness } from '../../chain/testing/moduleHarness.ts';
import type { Params } from '../../wire/gen/depin/compute/v1/compute.ts';
import { GenesisState } from '../../wire/gen/depin/compute/v1/genesis.ts';
import { bank } from '../bank/module.ts';
import { devices } from '../devices/module.ts';
import { compute } from './module.ts';
import { DEFAULT_PARAMS } from './params.ts';
import { Market, MODULES, OWNER } from './testing/market.ts';

describe('compute: genesis', () => {
  it('imports what it exports, through its bytes, and goes on', () => {
    const market = new Market();
    const { orderId, provider } = market.lease();
    market.bid(market.order(), provider);
    market.send(compute, 'closeBid', { owner: OWNER, provider, orderId: 2n });
    market.nextBlock(10.5);
    market.nextBlock(0);
    const exported = market.export(compute) as GenesisState;
    const again = new ModuleHarness({
      modules: MODULES,
      genesis: {
        bank: market.export(bank),
        devices: market.export(devices),
        compute: GenesisState.decode(GenesisState.encode(exported).finish()),
      },
      startTimeNs: market.timeNs,
    });
    assert.deepEqual(again.export(compute), exported);
    assert.equal(exported.nextBidId, 3n);
    again.nextBlock(0.5);
    assert.deepEqual(again.send(compute, 'withdraw', { owner: OWNER, orderId }), { paid: '11' });
    again.nextBlock();
  });

  const model = DEFAULT_PARAMS.models[0]!;
  const bad: [string, Partial<Params>, RegExp][] = [
    ['no least deposit', { minDeposit: '0' }, /params.min_deposit: expected over 0/],
    ['no bids', { maxBidsPerOrder: 0 }, /params.max_bids_per_order: expected 1 to 500, got 0/],
    ['no leases', { maxActiveLeases: 0 }, /params.max_active_leases: /],
    ['a timeout under a second', { heartbeatTimeoutMs: 999n }, /params.heartbeat_timeout_ms: /],
    ['a model twice', { models: [model, model] }, /models\[1\].name: a100-40 stands twice/],
    ['an odd name', { models: [{ ...model, name: 'A 100' }] }, /models\[0\].name: /],
    [
      'a free cloud',
      { models: [{ ...model, cloudPriceMicroUsdPerHour: 0n }] },
      /models\[0\].cloud_price_micro_usd_per_hour: /,
    ],
  ];
  for (const [title, params, expected] of bad) {
    it(`refuses ${title}`, () => assert.throws(() => new Market(params), expected));
  }

  it('refuses escrows that the account of the module does not hold', () => {
    const market = new Market();
    market.order();
    const genesis = { compute: market.export(compute) };
    assert.throws(
      () => new ModuleHarness({ modules: MODULES, genesis }),
      /the account of the module holds the escrows: held 0, owed 1000/,
    );
  });

  it('refuses orders without an escrow, and ids that were used', () => {
    const market = new Market();
    market.order();
    const exported = market.export(compute) as GenesisState;
    const start = (change: Partial<GenesisState>) =>
      new ModuleHarness({ modules: MODULES, genesis: { compute: { ...exported, ...change } } });
    assert.throws(() => start({ escrows: [] }), /orders\[0\]: expected an escrow of order 1/);
    assert.throws(() => start({ nextOrderId: 1n }), /next_order_id: expected over 1, got 1/);
  });
});
