/** What holds after every block. Each gives true, or the words for what is wrong. */
import { moduleAddress } from '../../wire/address.ts';
import { type Epoch, Verdict, type Witness } from '../../wire/gen/depin/coverage/v1/coverage.ts';
import { uint64Key } from '../../wire/keys.ts';
import type { CoverageView } from './context.ts';
import { COVERAGE_ACCOUNT } from './epochs.ts';
import { beaconHashKey } from './keys.ts';
import { MAX_SELECTED } from './scoring.ts';

const leftOf = (epoch: Epoch): bigint =>
  BigInt(epoch.minted) +
  BigInt(epoch.carriedIn) -
  BigInt(epoch.coveragePaid) -
  BigInt(epoch.dataPaid);

/** COV-I1. The account takes no coins from others, so nothing else is in it. */
function accountHoldsWhatIsOwed({ state, bank, denom }: CoverageView): boolean | string {
  const { carried, payingEpoch } = state.ledger.must();
  const paying = payingEpoch === 0n ? 0n : leftOf(state.epochs.must(payingEpoch));
  const balance = bank.balance(moduleAddress(COVERAGE_ACCOUNT), denom);
  const owed = BigInt(carried) + paying;
  return balance === owed || `holds ${balance}, owes ${owed}`;
}

/** COV-I2. */
function epochsPayNoMoreThanTheyHave({ state }: CoverageView): boolean | string {
  for (const [number, epoch] of state.epochs.entries()) {
    const [coverage, data] = [BigInt(epoch.coveragePool), BigInt(epoch.dataPool)];
    const total = BigInt(epoch.minted) + BigInt(epoch.carriedIn);
    if (coverage + data > total) return `epoch ${number}: pools over ${total}`;
    if (BigInt(epoch.coveragePaid) > coverage) return `epoch ${number}: coverage overpaid`;
    if (BigInt(epoch.dataPaid) > data) return `epoch ${number}: data overpaid`;
  }
  return true;
}

/** COV-I3. Epochs that are being forgotten may have lost some of their rewards already. */
function epochsAreTheSumsOfTheirRewards({ state, params }: CoverageView): boolean | string {
  const { currentEpoch } = state.ledger.must();
  for (const [number, epoch] of state.epochs.entries()) {
    if (number + BigInt(params.keptEpochs) < currentEpoch) continue;
    const sums = { units: 0n, dataCredits: 0n, coveragePaid: 0n, dataPaid: 0n };
    for (const [, reward] of state.rewards.entries({ within: uint64Key.encodePart(number) })) {
      sums.units += reward.units;
      sums.dataCredits += reward.dataCredits;
      sums.coveragePaid += BigInt(reward.coverageAmount);
      sums.dataPaid += BigInt(reward.dataAmount);
    }
    for (const [field, sum] of Object.entries(sums)) {
      const total = BigInt(epoch[field as keyof typeof sums]);
      if (sum !== total) return `epoch ${number}: ${field} is ${total}, the sum is ${sum}`;
    }
  }
  return true;
}

/** COV-I5. */
function beaconsCountTheirWitnesses({ state }: CoverageView): boolean | string {
  for (const [hash, beacon] of state.beacons.entries()) {
    const within = beaconHashKey.encodePart(hash);
    const witnesses = [...state.witnesses.entries({ within })].map(([, witness]) => witness);
    const valid = witnesses.filter(isValid).length;
    const selected = witnesses.filter((witness) => witness.selected);
    if (valid !== beacon.valid || witnesses.length - valid !== beacon.invalid) {
      return `beacon ${hash}: holds ${valid} valid of ${witnesses.length}`;
    }
    if (selected.length !== Math.min(valid, MAX_SELECTED) || !selected.every(isValid)) {
      return `beacon ${hash}: ${selected.length} selected of ${valid} valid`;
    }
  }
  return true;
}

const isValid = ({ verdict }: Witness): boolean => verdict === Verdict.VERDICT_VALID;

export const invariants = {
  'the module account holds what is carried and not yet paid': accountHoldsWhatIsOwed,
  'an epoch pays no more than it has': epochsPayNoMoreThanTheyHave,
  'the totals of an epoch are the sums of its rewards': epochsAreTheSumsOfTheirRewards,
  'a beacon counts its witnesses and selects the first 14 valid ones': beaconsCountTheirWitnesses,
};
