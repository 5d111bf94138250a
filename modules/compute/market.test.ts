import assert from 'node:assert/strict';
import { toHex } from '../../wire/bytes.ts';
import { BidState } from '../../wire/gen/depin/compute/v1/compute.ts';
import { EventBidLost } from '../../wire/gen/depin/compute/v1/events.ts';
import type { QuerySavingsResponse } from '../../wire/gen/depin/compute/v1/query.ts';
import { PriceBasis } from '../../wire/gen/depin/compute/v1/query.ts';
import { devices } from '../devices/module.ts';
import { compute } from './module.ts';
import { addressOf, Market, OTHER_OWNER, OTHER_TENANT, OWNER, TENANT } from './testing/market.ts';

const UNKNOWN = toHex(new Uint8Array(20).fill(9));

describe('compute: bids', () => {
  const refusal = (market: Market, message: object): string =>
    market.refusal(compute, 'createBid', { owner: OWNER, pricePerHour: '10', ...message });

  it('are one for a provider and order, and can be taken back and made again', () => {
    const market = new Market();
    const [orderId, provider] = [market.order(), market.provider()];
    assert.equal(market.bid(orderId, provider), 1n);
    assert.match(refusal(market, { orderId, provider }), /^compute\/14: /);
    market.send(compute, 'closeBid', { owner: OWNER, provider, orderId });
    assert.deepEqual(market.bids(orderId), []);
    const again = { owner: OWNER, provider, orderId };
    assert.match(market.refusal(compute, 'closeBid', again), /^compute\/13: /);
    assert.equal(market.bid(orderId, provider), 2n);
  });

  it('are refused from who cannot serve the order', () => {
    const market = new Market();
    const orderId = market.order();
    const provider = market.provider();
    const cases: [object, RegExp][] = [
      [{ orderId, provider: 'x' }, /^compute\/2: provider: expected 40 hex digits/],
      [{ orderId, provider: UNKNOWN }, /^compute\/2: /],
      [{ orderId, provider, owner: OTHER_OWNER }, /^compute\/26: /],
      [{ orderId: 99n, provider }, /^compute\/7: /],
      [{ orderId, provider, pricePerHour: '0' }, /^compute\/11: /],
      [{ orderId, provider, pricePerHour: '-5' }, /^sdk\/10: /],
      [{ orderId, provider, pricePerHour: '1000001' }, /^compute\/11: .*at most 1000000/],
      [{ orderId, provider: market.provider({ gpuModel: 't4', vramGb: 16 }) }, /^compute\/17: /],
      [{ orderId, provider: market.provider({ gpuCount: 1 }) }, /^compute\/18: .*got 1/],
      [{ orderId, provider: market.provider({ owner: TENANT }), owner: TENANT }, /^compute\/16: /],
    ];
    for (const [message, expected] of cases) assert.match(refusal(market, message), expected);
    market.send(devices, 'revokeDevice', { owner: OWNER, deviceId: provider });
    assert.match(refusal(market, { orderId, provider }), /^compute\/28: /);
    market.send(compute, 'cancelOrder', { tenant: TENANT, orderId });
    assert.match(refusal(market, { orderId, provider }), /^compute\/9: /);
  });

  it('are refused from a provider whose heartbeat is too old, by a millisecond', () => {
    const market = new Market({ heartbeatTimeoutMs: 10_000n });
    const provider = market.provider();
    market.nextBlock(10);
    const orderId = market.order();
    market.bid(orderId, provider);
    market.nextBlock(0.001);
    const second = market.order();
    assert.match(refusal(market, { orderId: second, provider }), /^compute\/19: /);
  });

  it('are bounded, and a cheaper one takes the place of the dearest', () => {
    const market = new Market({ maxBidsPerOrder: 2 });
    const orderId = market.order();
    const [first, second, third] = [market.provider(), market.provider(), market.provider()];
    market.bid(orderId, first, { pricePerHour: '100' });
    market.bid(orderId, second, { pricePerHour: '100' });
    const equal = { orderId, provider: third, pricePerHour: '100' };
    assert.match(refusal(market, equal), /^compute\/15: price_per_hour: expected under 100/);
    market.bid(orderId, third, { pricePerHour: '99' });
    assert.equal(market.event(EventBidLost)?.provider, second);
    assert.equal(market.event(EventBidLost)?.reason, 'outbid');
    const left = market.bids(orderId).map((bid) => bid.provider);
    assert.deepEqual(new Set(left), new Set([first, third]));
  });
});

describe('compute: accepting', () => {
  it('takes the cheapest bid, the oldest of equal ones, and tells the others that they lost', () => {
    const market = new Market();
    const orderId = market.order();
    const [dear, old, young] = [market.provider(), market.provider(), market.provider()];
    market.bid(orderId, dear, { pricePerHour: '30' });
    market.bid(orderId, old, { pricePerHour: '20' });
    market.bid(orderId, young, { pricePerHour: '20' });
    const won = market.send(compute, 'acceptCheapest', { tenant: TENANT, orderId });
    assert.deepEqual(won, { provider: old, pricePerHour: '20' });
    assert.equal(market.events.filter(({ type }) => type === EventBidLost.$type).length, 2);
    const states = new Map(market.bids(orderId).map((bid) => [bid.provider, bid.state]));
    assert.equal(states.get(old), BidState.BID_STATE_WON);
    assert.equal(states.get(young), BidState.BID_STATE_LOST);
    assert.equal(market.leaseOf(orderId).pricePerHour, '20');
    const again = { tenant: TENANT, orderId };
    assert.match(market.refusal(compute, 'acceptCheapest', again), /^compute\/9: /);
  });

  it('passes over the cheapest when its GPUs are taken or its heartbeats stopped', () => {
    const market = new Market({ heartbeatTimeoutMs: 10_000n });
    const [busy, silent, dear] = [market.provider(), market.provider(), market.provider()];
    const [first, second] = [market.order(), market.order(1_000n, { gpuCount: 3 })];
    market.bid(first, busy);
    market.bid(second, busy, { pricePerHour: '1' });
    market.bid(second, silent, { pricePerHour: '2' });
    market.bid(second, dear, { pricePerHour: '3' });
    market.send(compute, 'acceptBid', { tenant: TENANT, orderId: first, provider: busy });
    const sold = { tenant: TENANT, orderId: second, provider: busy };
    assert.match(
      market.refusal(compute, 'acceptBid', sold),
      /^compute\/18: .*expected 3 free, got 2/,
    );
    market.nextBlock(11);
    market.beat(busy);
    const none = { tenant: TENANT, orderId: second };
    assert.match(market.refusal(compute, 'acceptCheapest', none), /^compute\/20: .*3 open bids/);
    market.beat(dear);
    const { provider } = market.send(compute, 'acceptCheapest', none) as { provider: string };
    assert.equal(provider, dear);
    market.nextBlock();
  });

  it('is for the tenant, of an open bid, within the leases that a chain may have', () => {
    const market = new Market({ maxActiveLeases: 1 });
    const { provider } = market.lease();
    const orderId = market.order();
    market.bid(orderId, provider);
    const accept = (message: object): string =>
      market.refusal(compute, 'acceptBid', { tenant: TENANT, orderId, provider, ...message });
    assert.match(accept({ tenant: OTHER_TENANT }), /^compute\/8: /);
    assert.match(accept({ orderId: 99n }), /^compute\/7: /);
    assert.match(accept({ provider: market.provider() }), /^compute\/13: /);
    assert.match(accept({}), /^compute\/21: 1 are active/);
    assert.match(accept({ tenant: addressOf(1).toUpperCase() }), /^compute\/8: |^sdk\/7: /);
  });
});

describe('compute: savings', () => {
  it('compares the maximum, then the best bid, then the lease with the cloud', () => {
    const market = new Market();
    const savings = () => market.query(compute, 'savings', { orderId }) as QuerySavingsResponse;
    const orderId = market.order(1_000n, { maxPricePerHour: '700000' });
    assert.deepEqual(savings(), {
      basis: PriceBasis.PRICE_BASIS_MAXIMUM,
      pricePerHour: '700000',
      priceMicroUsdPerHour: '700000',
      cloudPriceMicroUsdPerHour: '700000',
      savingsPpm: '0',
    });
    const [cheap, dear] = [market.provider(), market.provider()];
    market.bid(orderId, cheap, { pricePerHour: '175000' });
    market.bid(orderId, dear, { pricePerHour: '350000' });
    assert.deepEqual(
      [savings().basis, savings().savingsPpm],
      [PriceBasis.PRICE_BASIS_BID, '750000'],
    );
    market.send(compute, 'acceptBid', { tenant: TENANT, orderId, provider: dear });
    assert.deepEqual(
      [savings().basis, savings().savingsPpm],
      [PriceBasis.PRICE_BASIS_LEASE, '500000'],
    );
  });
});
