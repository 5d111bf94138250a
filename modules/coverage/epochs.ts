/** COV-10 to COV-12: closing an epoch, paying it, and forgetting what is old. */
import {
  type Epoch,
  EpochStatus,
  type Ledger,
  type Reward,
} from '../../wire/gen/depin/coverage/v1/coverage.ts';
import { uint64Key } from '../../wire/keys.ts';
import { blockMs, type CoverageContext } from './context.ts';
import { shareOf, splitPools } from './scoring.ts';

/** Name of the module account that holds what is carried and not yet paid. */
export const COVERAGE_ACCOUNT = 'coverage';

/** An epoch that scores can be added to. */
export function openEpoch(number: bigint, startMs: bigint): Epoch {
  return {
    number,
    status: EpochStatus.EPOCH_STATUS_OPEN,
    startMs,
    endMs: 0n,
    units: 0n,
    dataCredits: 0n,
    carriedIn: '0',
    minted: '0',
    coveragePool: '0',
    dataPool: '0',
    coveragePaid: '0',
    dataPaid: '0',
  };
}

/** Closes the current epoch when its time is over and the one before is paid. */
export function closeEpoch(context: CoverageContext): void {
  const { state, params, bank, emit } = context;
  const ledger = state.ledger.must();
  const epoch = state.epochs.must(ledger.currentEpoch);
  const now = blockMs(context);
  const lengthMs = params.epochSeconds * 1000n;
  if (ledger.payingEpoch !== 0n || now < epoch.startMs + lengthMs) return;
  bank.mint(COVERAGE_ACCOUNT, [{ denom: context.denom, amount: BigInt(params.poolPerEpoch) }]);
  const closed = closedEpoch(context, epoch, ledger);
  state.epochs.set(epoch.number, closed);
  const next = epoch.number + 1n;
  // After a halt of several epochs the next one starts at the latest boundary: the time between mints nothing.
  const startMs = epoch.startMs + ((now - epoch.startMs) / lengthMs) * lengthMs;
  state.epochs.set(next, openEpoch(next, startMs));
  state.ledger.set({
    currentEpoch: next,
    payingEpoch: epoch.number,
    paidThrough: '',
    carried: '0',
  });
  emit.epochClosed({
    epoch: epoch.number,
    units: epoch.units,
    dataCredits: epoch.dataCredits,
    coveragePool: closed.coveragePool,
    dataPool: closed.dataPool,
  });
}

function closedEpoch(context: CoverageContext, epoch: Epoch, { carried }: Ledger): Epoch {
  const { poolPerEpoch, dataSharePpm, maxRewardPerCredit } = context.params;
  const pools = splitPools(BigInt(poolPerEpoch) + BigInt(carried), {
    dataSharePpm,
    dataCredits: epoch.dataCredits,
    maxRewardPerCredit: BigInt(maxRewardPerCredit),
  });
  return {
    ...epoch,
    status: EpochStatus.EPOCH_STATUS_PAYING,
    endMs: blockMs(context),
    carriedIn: carried,
    minted: poolPerEpoch,
    coveragePool: pools.coverage.toString(),
    dataPool: pools.data.toString(),
  };
}

/** Pays hotspots of the epoch that is being paid, in the order of their ids, `max_work_per_block` at most. */
export function payEpoch(context: CoverageContext): void {
  const { state, params } = context;
  const ledger = state.ledger.must();
  if (ledger.payingEpoch === 0n) return;
  const epoch = state.epochs.must(ledger.payingEpoch);
  const due = unpaidRewards(context, ledger);
  let [coveragePaid, dataPaid] = [BigInt(epoch.coveragePaid), BigInt(epoch.dataPaid)];
  for (const reward of due) {
    const amounts = payReward(context, epoch, reward);
    coveragePaid += amounts.coverage;
    dataPaid += amounts.data;
  }
  const paid = { ...epoch, coveragePaid: coveragePaid.toString(), dataPaid: dataPaid.toString() };
  if (due.length < params.maxWorkPerBlock) {
    finishEpoch(context, paid);
    return;
  }
  state.epochs.set(epoch.number, paid);
  state.ledger.set({ ...ledger, paidThrough: due.at(-1)!.deviceId });
}

function unpaidRewards({ state, params }: CoverageContext, ledger: Ledger): Reward[] {
  const { payingEpoch, paidThrough } = ledger;
  const within = uint64Key.encodePart(payingEpoch);
  const from = paidThrough === '' ? {} : { from: [payingEpoch, paidThrough] as const };
  const due: Reward[] = [];
  for (const [[, deviceId], reward] of state.rewards.entries({ within, ...from })) {
    if (deviceId === paidThrough) continue;
    if (due.length === params.maxWorkPerBlock) break;
    due.push(reward);
  }
  return due;
}

/** Floors both shares, so the pools are never overdrawn; what is cut off is carried. */
function payReward(
  { state, devices, bank, addresses, emit, denom }: CoverageContext,
  epoch: Epoch,
  reward: Reward,
): { readonly coverage: bigint; readonly data: bigint } {
  const coverage = shareOf(BigInt(epoch.coveragePool), reward.units, epoch.units);
  const data = shareOf(BigInt(epoch.dataPool), reward.dataCredits, epoch.dataCredits);
  const amount = coverage + data;
  if (amount === 0n) return { coverage, data };
  const { deviceId } = reward;
  const paidTo = devices.device(deviceId)!.owner;
  bank.sendFromModule(COVERAGE_ACCOUNT, addresses.parse(paidTo, 'owner'), [{ denom, amount }]);
  const amounts = { coverageAmount: coverage.toString(), dataAmount: data.toString() };
  state.rewards.set([epoch.number, deviceId], { ...reward, ...amounts, paidTo });
  emit.rewardPaid({
    epoch: epoch.number,
    deviceId,
    owner: paidTo,
    coverage: amounts.coverageAmount,
    data: amounts.dataAmount,
    amount: amount.toString(),
  });
  return { coverage, data };
}

function finishEpoch({ state, emit }: CoverageContext, epoch: Epoch): void {
  const { number, minted, carriedIn, coveragePaid, dataPaid } = epoch;
  const carried = BigInt(minted) + BigInt(carriedIn) - BigInt(coveragePaid) - BigInt(dataPaid);
  state.epochs.set(number, { ...epoch, status: EpochStatus.EPOCH_STATUS_PAID });
  const { currentEpoch } = state.ledger.must();
  state.ledger.set({ currentEpoch, payingEpoch: 0n, paidThrough: '', carried: carried.toString() });
  emit.epochPaid({
    epoch: number,
    coverage: coveragePaid,
    data: dataPaid,
    carried: carried.toString(),
  });
}
