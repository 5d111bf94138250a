/** COV-9: what hotspots gain in the current epoch, and the totals of that epoch. */
import type { Reward } from '../../wire/gen/depin/coverage/v1/coverage.ts';
import type { CoverageContext } from './context.ts';

/** What one hotspot gains. */
export type Gain = Pick<Reward, 'deviceId'> &
  Partial<Pick<Reward, 'units' | 'dataCredits' | 'beacons' | 'witnesses'>>;

/** Adds to the scores of the current epoch; gives its number. */
export function addScores({ state }: CoverageContext, gains: readonly Gain[]): bigint {
  const number = state.ledger.must().currentEpoch;
  const epoch = state.epochs.must(number);
  let { units, dataCredits } = epoch;
  for (const gain of gains) {
    const before = state.rewards.get([number, gain.deviceId]) ?? noReward(number, gain.deviceId);
    state.rewards.set([number, gain.deviceId], {
      ...before,
      units: before.units + (gain.units ?? 0n),
      dataCredits: before.dataCredits + (gain.dataCredits ?? 0n),
      beacons: before.beacons + (gain.beacons ?? 0),
      witnesses: before.witnesses + (gain.witnesses ?? 0),
    });
    units += gain.units ?? 0n;
    dataCredits += gain.dataCredits ?? 0n;
  }
  state.epochs.set(number, { ...epoch, units, dataCredits });
  return number;
}

/** A hotspot that has earned nothing in that epoch. */
export function noReward(epoch: bigint, deviceId: string): Reward {
  return {
    epoch,
    deviceId,
    units: 0n,
    dataCredits: 0n,
    beacons: 0,
    witnesses: 0,
    coverageAmount: '0',
    dataAmount: '0',
    paidTo: '',
  };
}
