/** What must hold after every block (CMP-22 to CMP-26). */
import { moduleAddress } from '../../wire/address.ts';
import { type Escrow, LeaseState } from '../../wire/gen/depin/compute/v1/compute.ts';
import type { ComputeView } from './context.ts';
import { accountOf, PARTS_PER_UNIT } from './escrow.ts';

export const invariants = {
  'deposited = paid + accrued + remaining + refunded': ({ state }: ComputeView) => {
    for (const [id, escrow] of state.escrows.entries()) {
      const { deposited, paid, accrued, remaining, refunded, remainder } = accountOf(escrow);
      const whole = paid + accrued + remaining + refunded;
      if (deposited !== whole) return `escrow ${id}: deposited ${deposited}, accounted ${whole}`;
      if ([paid, accrued, remaining, refunded].some((amount) => amount < 0n)) {
        return `escrow ${id}: a negative amount`;
      }
      if (remainder >= PARTS_PER_UNIT) return `escrow ${id}: remainder ${remainder}`;
    }
    return true;
  },
  'the account of the module holds the escrows': ({ state, bank, denom }: ComputeView) => {
    let owed = 0n;
    for (const [, escrow] of state.escrows.entries()) owed += heldBy(escrow);
    const held = bank.balance(moduleAddress('compute'), denom);
    return held === owed || `held ${held}, owed ${owed}`;
  },
  'no provider leases more GPUs than it has': ({ state }: ComputeView) => {
    const leased = new Map<string, number>();
    for (const [, lease] of state.leases.entries()) {
      if (lease.state !== LeaseState.LEASE_STATE_ACTIVE) continue;
      leased.set(lease.provider, (leased.get(lease.provider) ?? 0) + lease.gpuCount);
    }
    for (const [id, { gpuCount, leasedGpus }] of state.providers.entries()) {
      const sum = leased.get(id) ?? 0;
      if (sum !== leasedGpus || sum > gpuCount) {
        return `provider ${id} has ${gpuCount}, says ${leasedGpus} are leased, leases ${sum}`;
      }
    }
    return true;
  },
  'active leases are counted, closed ones hold nothing': ({ state, timeNs }: ComputeView) => {
    let active = 0n;
    for (const [id, lease] of state.leases.entries()) {
      const escrow = state.escrows.must(id);
      if (escrow.settledTimeNs > timeNs) return `lease ${id} is settled into the future`;
      if (lease.state === LeaseState.LEASE_STATE_ACTIVE) active++;
      else if (heldBy(escrow) !== 0n) return `closed lease ${id} holds ${heldBy(escrow)}`;
    }
    const counted = state.activeLeases.must();
    return counted === active || `counted ${counted}, active ${active}`;
  },
  'every order has an escrow': ({ state }: ComputeView) => {
    for (const [id] of state.orders.entries()) {
      if (!state.escrows.has(id)) return `order ${id} has no escrow`;
    }
    return true;
  },
};

function heldBy(escrow: Escrow): bigint {
  const { accrued, remaining } = accountOf(escrow);
  return accrued + remaining;
}
