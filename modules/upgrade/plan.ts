/** The rules of a plan (x/upgrade types/plan.go, keeper ScheduleUpgrade). */
import { sdkError } from '../../chain/module/errors.ts';
import type { Plan } from '../../wire/gen/cosmos/upgrade/v1beta1/upgrade.ts';

/** Go's zero time, which the SDK writes into every plan. */
export const GO_ZERO_TIME = { seconds: -62_135_596_800n, nanos: 0 } as const;

/** @throws ChainError sdk/18 when no upgrade can follow this plan at a height from now on. */
export function checkPlan(plan: Plan | undefined, now: bigint): Plan {
  const { name = '', height = 0n, time, upgradedClientState } = plan ?? {};
  const isZeroTime =
    time === undefined || (time.seconds === GO_ZERO_TIME.seconds && time.nanos === 0);
  if (!isZeroTime) {
    throw refuse('time-based upgrades have been deprecated in the SDK');
  }
  if (upgradedClientState !== undefined) {
    throw refuse('upgrade logic for IBC has been moved to the IBC module');
  }
  if (plan === undefined || name.length === 0) throw refuse('name cannot be empty');
  // The record of an upgrade that was made ends with its name.
  if (name.includes('\0')) throw refuse('name cannot hold a zero byte');
  if (height <= 0n) throw refuse('height must be greater than 0');
  if (height < now) throw refuse('upgrade cannot be scheduled in the past');
  return plan;
}

const refuse = (words: string): Error => sdkError('invalidRequest', words);
