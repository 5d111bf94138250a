/** The end of an epoch: its pool is minted, shared by score and paid to the owners (SEN-10 to SEN-14). */
import { Bug } from '../../chain/module/errors.ts';
import {
  type Epoch,
  type EpochClock,
  type Reward,
  RewardOutcome,
} from '../../wire/gen/depin/sensors/v1/sensors.ts';
import { partPrefix, uint64Key } from '../../wire/keys.ts';
import type { SensorsContext } from './context.ts';
import { type Contender, type Division, divide, type Share } from './scoring.ts';

const NS_PER_SECOND = 1_000_000_000n;
/** Ended epochs whose rewards one block may delete. */
const PRUNED_AT_ONCE = 2;

/**
 * Ends the epoch when its time is up. Epochs start on a grid of `epoch_seconds`; one that passes without a block
 * is skipped and mints nothing. Costs one walk over the stations that reported.
 */
export function endEpochIfDue(context: SensorsContext): void {
  const { state, params, timeNs } = context;
  const clock = state.clock.must();
  const epochNs = params.epochSeconds * NS_PER_SECOND;
  const elapsed = timeNs - clock.startTimeNs;
  if (elapsed < epochNs) return;
  const epoch = payEpoch(context, clock);
  state.epochs.set(epoch.number, epoch);
  state.clock.set({
    number: clock.number + 1n,
    startTimeNs: clock.startTimeNs + (elapsed / epochNs) * epochNs,
    carried: epoch.carriedOut,
  });
  prune(context, clock.number);
}

function payEpoch(context: SensorsContext, clock: EpochClock): Epoch {
  const { params, emit } = context;
  const minted = BigInt(params.poolPerEpoch);
  if (minted > 0n) context.bank.mint('sensors', [{ denom: context.denom, amount: minted }]);
  const pool = BigInt(clock.carried) + minted;
  const rewards = rewardsOf(context, clock.number);
  const contenders = rewards.map((reward) => contenderOf(context, reward));
  const division = divide(pool, params.cellCapacity, contenders);
  division.shares.forEach((share, i) => void payShare(context, rewards[i]!, share));
  const epoch = accountOf(clock, { minted, endTimeNs: context.timeNs, division });
  emit.epochPaid({
    epoch: epoch.number,
    pool: pool.toString(),
    paid: epoch.paid,
    carried: epoch.carriedOut,
    stations: epoch.stations,
    rewarded: epoch.rewarded,
    totalScore: epoch.totalScore,
  });
  return epoch;
}

function rewardsOf({ state }: Pick<SensorsContext, 'state'>, epoch: bigint): Reward[] {
  const within = partPrefix(uint64Key, epoch);
  return [...state.rewards.entries({ within })].map(([, reward]) => reward);
}

function contenderOf({ state }: SensorsContext, { deviceId, score }: Reward): Contender {
  const { cell, number } = state.stations.must(deviceId);
  return { deviceId, cell, number, score };
}

function payShare(context: SensorsContext, reward: Reward, share: Share): void {
  const { outcome, rank, amount } = share;
  const { epoch, deviceId } = reward;
  context.state.rewards.set([epoch, deviceId], {
    ...reward,
    outcome,
    rank,
    amount: amount.toString(),
  });
  if (outcome !== RewardOutcome.REWARD_OUTCOME_PAID) return;
  const device = context.devices.device(deviceId);
  if (device === undefined) throw new Bug(`station ${deviceId} is no device`);
  const owner = context.addresses.parse(device.owner, 'owner');
  context.bank.sendFromModule('sensors', owner, [{ denom: context.denom, amount }]);
  context.emit.rewardPaid({
    epoch,
    deviceId,
    owner: device.owner,
    score: reward.score,
    amount: amount.toString(),
  });
}

function accountOf(
  { number, startTimeNs, carried }: EpochClock,
  end: { readonly minted: bigint; readonly endTimeNs: bigint; readonly division: Division },
): Epoch {
  const { minted, endTimeNs, division } = end;
  const { paid, shares, rewarded, totalScore } = division;
  return {
    number,
    startTimeNs,
    endTimeNs,
    carriedIn: carried,
    minted: minted.toString(),
    paid: paid.toString(),
    carriedOut: (BigInt(carried) + minted - paid).toString(),
    stations: shares.length,
    rewarded,
    totalScore: totalScore.toString(),
  };
}

/** SEN-14: forgets the epochs that are `kept_epochs` old, oldest first. */
function prune({ state, params }: SensorsContext, ended: bigint): void {
  const newest = ended - BigInt(params.keptEpochs);
  const old: bigint[] = [];
  for (const [number] of state.epochs.entries()) {
    if (number > newest || old.length === PRUNED_AT_ONCE) break;
    old.push(number);
  }
  for (const number of old) {
    for (const { deviceId } of rewardsOf({ state }, number)) {
      state.rewards.delete([number, deviceId]);
    }
    state.epochs.delete(number);
  }
}
