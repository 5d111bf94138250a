import assert from 'node:assert/strict';
import { CloseReason, type Escrow, LeaseState } from '../../wire/gen/depin/compute/v1/compute.ts';
import {
  EventLeaseClosed,
  EventLeaseSettled,
  EventWithdrawn,
} from '../../wire/gen/depin/compute/v1/events.ts';
import type { QueryLeasesResponse } from '../../wire/gen/depin/compute/v1/query.ts';
import { compute } from './module.ts';
import { FUNDS, Market, OTHER_OWNER, OTHER_TENANT, OWNER, TENANT } from './testing/market.ts';

const close = (market: Market, orderId: bigint, signer = TENANT) =>
  market.send(compute, 'closeLease', { signer, orderId });
const withdraw = (market: Market, orderId: bigint) =>
  market.send(compute, 'withdraw', { owner: OWNER, orderId }) as { paid: string };

describe('compute: a lease', () => {
  it('is settled in every block, without a transfer', () => {
    const market = new Market();
    const { orderId, provider } = market.lease();
    for (const second of [1n, 2n, 3n]) {
      market.nextBlock();
      market.nextBlock(0);
      const { accrued, remaining, paid } = market.escrow(orderId);
      assert.deepEqual([accrued, remaining, paid], [second, 1_000n - second, 0n]);
      assert.equal(market.events.length, 0);
    }
    const { escrow } = market.query(compute, 'escrow', { orderId }) as { escrow: Escrow };
    assert.equal(escrow.settledTimeNs, market.timeNs);
    assert.equal(market.machine(provider).provider?.leasedGpus, 2);
  });

  it('carries fractions of a unit from block to block', () => {
    const market = new Market();
    const { orderId } = market.lease();
    for (let block = 0; block < 7; block++) market.nextBlock(0.3);
    market.nextBlock(0);
    const { accrued, remainder } = market.escrow(orderId);
    assert.deepEqual([accrued, remainder], [2n, 360_000_000_000n]);
  });

  it('pays what is earned on withdrawal, and nothing twice in one block', () => {
    const market = new Market();
    const { orderId } = market.lease();
    market.nextBlock(10);
    assert.deepEqual(withdraw(market, orderId), { paid: '10' });
    assert.equal(market.event(EventLeaseSettled)?.paid, '10');
    assert.equal(market.event(EventWithdrawn)?.amount, '10');
    assert.equal(market.balance(3), FUNDS + 10n);
    const again = { owner: OWNER, orderId };
    assert.match(market.refusal(compute, 'withdraw', again), /^compute\/25: /);
    close(market, orderId);
    const { paid, refunded, accrued, remaining } = market.escrow(orderId);
    assert.deepEqual([paid, refunded, accrued, remaining], [10n, 990n, 0n, 0n]);
    market.nextBlock();
  });

  for (const [signer, reason] of [
    [TENANT, CloseReason.CLOSE_REASON_TENANT],
    [OWNER, CloseReason.CLOSE_REASON_PROVIDER],
  ] as const) {
    it(`ends for ${CloseReason[reason]} with all paid, refunded and free`, () => {
      const market = new Market();
      const { orderId, provider } = market.lease();
      market.nextBlock(100);
      close(market, orderId, signer);
      assert.deepEqual([market.balance(3), market.balance(1)], [FUNDS + 100n, FUNDS - 100n]);
      assert.equal(market.leaseOf(orderId).closeReason, reason);
      assert.equal(market.leaseOf(orderId).endTimeNs, market.timeNs);
      assert.equal(market.machine(provider).provider?.leasedGpus, 0);
      assert.equal(market.event(EventLeaseClosed)?.refunded, '900');
      market.nextBlock(50);
      assert.equal(market.escrow(orderId).paid, 100n);
      const again = { signer, orderId };
      assert.match(market.refusal(compute, 'closeLease', again), /^compute\/23: /);
    });
  }

  it('ends in the very block in which the funds run out, and the provider gets all of them', () => {
    const market = new Market();
    const { orderId, provider } = market.lease(150n);
    market.nextBlock(149);
    market.nextBlock(1);
    assert.equal(market.leaseOf(orderId).state, LeaseState.LEASE_STATE_ACTIVE);
    market.nextBlock(0);
    const lease = market.leaseOf(orderId);
    assert.equal(lease.closeReason, CloseReason.CLOSE_REASON_INSUFFICIENT_FUNDS);
    assert.equal(market.event(EventLeaseClosed)?.reason, 'insufficient_funds');
    assert.deepEqual([market.balance(3), market.balance(1)], [FUNDS + 150n, FUNDS - 150n]);
    assert.equal(market.machine(provider).provider?.leasedGpus, 0);
    const next = market.order();
    market.bid(next, provider);
    market.send(compute, 'acceptBid', { tenant: TENANT, orderId: next, provider });
  });

  it('gets exactly what is left when more is owed', () => {
    const market = new Market();
    const { orderId } = market.lease(150n);
    market.nextBlock(299);
    close(market, orderId);
    const { paid, refunded } = market.escrow(orderId);
    assert.deepEqual([paid, refunded], [150n, 0n]);
    const { closeReason } = market.leaseOf(orderId);
    assert.equal(closeReason, CloseReason.CLOSE_REASON_INSUFFICIENT_FUNDS);
  });

  it('goes on when anyone adds to the escrow in time', () => {
    const market = new Market();
    const { orderId } = market.lease(150n);
    market.nextBlock(149);
    const amount = { denom: 'udepin', amount: '100' };
    market.send(compute, 'deposit', { sender: OTHER_TENANT, orderId, amount });
    market.nextBlock(100);
    close(market, orderId);
    const { deposited, paid, refunded } = market.escrow(orderId);
    assert.deepEqual([deposited, paid, refunded], [250n, 249n, 1n]);
    assert.equal(market.balance(1), FUNDS - 149n);
  });

  it('does not pay for time without heartbeats, and says how much that was', () => {
    const market = new Market({ heartbeatTimeoutMs: 10_000n });
    const { orderId, provider } = market.lease();
    market.nextBlock(30);
    market.nextBlock(10);
    assert.equal(market.escrow(orderId).accrued, 10n);
    assert.equal(market.machine(provider).alive, false);
    market.beat(provider);
    market.nextBlock(5);
    market.nextBlock(0);
    assert.equal(market.escrow(orderId).accrued, 15n);
    const { escrow } = market.query(compute, 'escrow', { orderId }) as { escrow: Escrow };
    assert.equal(escrow.unpaidNs, 30_000_000_000n);
  });

  it('is not fooled by a provider whose clock runs ahead, nor by an old heartbeat', () => {
    const market = new Market({ heartbeatTimeoutMs: 10_000n });
    const { orderId, provider } = market.lease();
    market.beat(provider, {}, 200_000n);
    market.beat(provider, {}, -5_000n);
    assert.equal(market.machine(provider).provider?.heartbeatTimeNs, market.timeNs);
    market.nextBlock(30);
    market.nextBlock(0);
    assert.equal(market.escrow(orderId).accrued, 10n);
  });

  it('listens to its parties only', () => {
    const market = new Market();
    const { orderId } = market.lease();
    const stranger = { signer: OTHER_OWNER, orderId };
    assert.match(market.refusal(compute, 'closeLease', stranger), /^compute\/24: /);
    const thief = { owner: OTHER_OWNER, orderId };
    assert.match(market.refusal(compute, 'withdraw', thief), /^compute\/26: /);
    const unknown = { owner: OWNER, orderId: 9n };
    assert.match(market.refusal(compute, 'withdraw', unknown), /^compute\/7: /);
    const open = { owner: OWNER, orderId: market.order() };
    assert.match(market.refusal(compute, 'withdraw', open), /^compute\/22: /);
    const cancel = { tenant: TENANT, orderId };
    assert.match(market.refusal(compute, 'cancelOrder', cancel), /^compute\/9: /);
    const nothing = { sender: TENANT, orderId, amount: { denom: 'udepin', amount: '0' } };
    assert.match(market.refusal(compute, 'deposit', nothing), /^compute\/12: amount: /);
  });

  it('is found by state and by provider', () => {
    const market = new Market();
    const { orderId, provider } = market.lease();
    const other = market.lease();
    close(market, orderId);
    const find = (request: object): readonly bigint[] =>
      (
        market.query(compute, 'leases', {
          state: 0,
          provider: '',
          ...request,
        }) as QueryLeasesResponse
      ).leases.map((lease) => lease.orderId);
    assert.deepEqual(find({}), [orderId, other.orderId]);
    assert.deepEqual(find({ state: LeaseState.LEASE_STATE_ACTIVE }), [other.orderId]);
    assert.deepEqual(find({ provider }), [orderId]);
    assert.deepEqual(find({ provider, state: LeaseState.LEASE_STATE_ACTIVE }), []);
  });
});
