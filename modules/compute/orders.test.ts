import assert from 'node:assert/strict';
import { toHex } from '../../wire/bytes.ts';
import { BidState, OrderState } from '../../wire/gen/depin/compute/v1/compute.ts';
import { EventOrderCreated } from '../../wire/gen/depin/compute/v1/events.ts';
import { devices } from '../devices/module.ts';
import { compute } from './module.ts';
import { FUNDS, Market, OTHER_OWNER, OTHER_TENANT, OWNER, TENANT } from './testing/market.ts';

const UNKNOWN = toHex(new Uint8Array(20).fill(9));

describe('compute: providers', () => {
  it('registers the machine of a device once', () => {
    const market = new Market();
    const id = market.provider();
    const { provider, alive } = market.machine(id);
    assert.deepEqual([provider?.gpuModel, provider?.gpuCount, alive], ['rtx-4090', 4, true]);
    assert.deepEqual(provider?.jobsCompleted, 7n);
    const again = { ...provider, deviceId: id };
    assert.match(market.refusal(compute, 'registerProvider', again), /^compute\/3: device_id: /);
    const found = market.query(compute, 'providers', { gpuModel: 'rtx-4090' });
    assert.equal((found as { providers: unknown[] }).providers.length, 1);
    const none = market.query(compute, 'providers', { gpuModel: 'h100' });
    assert.equal((none as { providers: unknown[] }).providers.length, 0);
  });

  const valid = { owner: OWNER, gpuModel: 'rtx-4090', gpuCount: 4, vramGb: 24, region: 'eu-west' };
  const bad: [string, Record<string, string | number>, RegExp][] = [
    ['an owner that is no address', { owner: 'me' }, /^sdk\/7: owner: /],
    ['the device of another', { owner: OTHER_OWNER }, /^devices\/3: /],
    ['an unknown device', { deviceId: UNKNOWN }, /^devices\/2: /],
    ['an unknown model', { gpuModel: 'gtx-1' }, /^compute\/4: gpu_model: got "gtx-1"/],
    ['no GPU', { gpuCount: 0 }, /^compute\/5: gpu_count: expected 1 to 1024, got 0/],
    ['too many GPUs', { gpuCount: 1_025 }, /^compute\/5: gpu_count: /],
    ['no memory', { vramGb: 0 }, /^compute\/5: vram_gb: expected 1 to 24, got 0/],
    ['more memory than the model has', { vramGb: 25 }, /^compute\/5: vram_gb: /],
    ['an odd region', { region: 'Mars!' }, /^compute\/5: region: /],
    ['a long region', { region: 'x'.repeat(33) }, /^compute\/5: region: /],
  ];
  for (const [title, change, expected] of bad) {
    it(`refuses ${title}`, () => {
      const market = new Market();
      const deviceId = market.enrol().id;
      const message = { deviceId, ...valid, ...change };
      assert.match(market.refusal(compute, 'registerProvider', message), expected);
    });
  }

  it('refuses heartbeats that do not fit the machine', () => {
    const market = new Market();
    const id = market.provider();
    const refusal = (report: unknown): string =>
      market.refusal(devices, 'submitReports', { submitter: OWNER, reports: [report] });
    assert.match(refusal(market.heartbeat(id, { gpuCount: 3 })), /^compute\/6: gpu_count: /);
    assert.match(refusal(market.heartbeat(id, { providerLoad: 1_000_001 })), /^compute\/6: /);
    assert.match(refusal(market.heartbeat(id, { gpuUtilization: 1_000_001 })), /^compute\/6: /);
    const stranger = market.enrol();
    assert.match(refusal(market.heartbeat(stranger.id)), /^compute\/2: device_id: /);
  });
});

describe('compute: orders', () => {
  it('takes the deposit and gives it all back when cancelled', () => {
    const market = new Market();
    const orderId = market.order(1_000n);
    assert.equal(market.balance(1), FUNDS - 1_000n);
    assert.equal(market.event(EventOrderCreated)?.deposit, '1000');
    const amount = { denom: 'udepin', amount: '50' };
    market.send(compute, 'deposit', { sender: OTHER_TENANT, orderId, amount });
    assert.equal(market.escrow(orderId).remaining, 1_050n);
    market.bid(orderId, market.provider());
    const cancelled = market.send(compute, 'cancelOrder', { tenant: TENANT, orderId });
    assert.deepEqual(cancelled, { refunded: '1050' });
    assert.equal(market.balance(1), FUNDS + 50n);
    assert.equal(market.bids(orderId)[0]?.state, BidState.BID_STATE_LOST);
    const states = { state: OrderState.ORDER_STATE_CANCELLED };
    const found = market.query(compute, 'orders', states) as { orders: unknown[] };
    assert.equal(found.orders.length, 1);
    const again = { tenant: TENANT, orderId };
    assert.match(market.refusal(compute, 'cancelOrder', again), /^compute\/9: /);
    const late = { sender: TENANT, orderId, amount };
    assert.match(market.refusal(compute, 'deposit', late), /^compute\/27: /);
    market.checkInvariants();
  });

  const udepin = (amount: string) => ({ deposit: { denom: 'udepin', amount } });
  const bad: [string, Record<string, unknown>, RegExp][] = [
    ['a tenant that is no address', { tenant: '' }, /^sdk\/7: tenant: /],
    ['an unknown model', { gpuModel: '' }, /^compute\/4: /],
    ['no GPU', { gpuCount: 0 }, /^compute\/10: gpu_count: /],
    ['a price of zero', { maxPricePerHour: '0' }, /^compute\/11: max_price_per_hour: /],
    ['a price below zero', { maxPricePerHour: '-1' }, /^sdk\/10: max_price_per_hour: /],
    ['a price with a point', { maxPricePerHour: '1.5' }, /^sdk\/10: /],
    ['a huge price', { maxPricePerHour: `1${'0'.repeat(19)}` }, /^compute\/11: /],
    ['no deposit', { deposit: undefined }, /^sdk\/10: deposit: coin is missing/],
    ['a small deposit', udepin('99'), /^compute\/12: deposit: expected at least 100udepin, got 99/],
    ['a deposit below zero', udepin('-100'), /^sdk\/10: deposit.amount: /],
    ['more than the tenant has', udepin(`${FUNDS + 1n}`), /^sdk\/5: /],
    ['another token', { deposit: { denom: 'uother', amount: '100' } }, /^compute\/12: deposit: /],
  ];
  for (const [title, change, expected] of bad) {
    it(`refuses ${title}`, () => {
      const market = new Market();
      const message = {
        tenant: TENANT,
        gpuModel: 'rtx-4090',
        gpuCount: 2,
        maxPricePerHour: '1000',
        deposit: { denom: 'udepin', amount: '100' },
        ...change,
      };
      assert.match(market.refusal(compute, 'createOrder', message), expected);
      assert.equal(market.balance(1), FUNDS);
    });
  }

  it('is cancelled by its tenant only', () => {
    const market = new Market();
    const orderId = market.order();
    const other = { tenant: OTHER_TENANT, orderId };
    assert.match(market.refusal(compute, 'cancelOrder', other), /^compute\/8: /);
    const unknown = { tenant: TENANT, orderId: 99n };
    assert.match(market.refusal(compute, 'cancelOrder', unknown), /^compute\/7: order_id: 99/);
  });
});
