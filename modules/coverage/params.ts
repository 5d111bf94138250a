import { parseAmount } from '../../chain/math/coins.ts';
import { sdkError } from '../../chain/module/errors.ts';
import type { Params } from '../../wire/gen/depin/coverage/v1/coverage.ts';

const HOUR_MS = 3_600_000n;

/**
 * Figures as Helium's network had them, where it had them; the pool is 7.5 million tokens a year.
 * A credit earns at most what it costs at the first price of the credits module.
 */
export const DEFAULT_PARAMS: Params = {
  epochSeconds: 86_400n,
  poolPerEpoch: '20547945205',
  dataSharePpm: 500_000,
  maxRewardPerCredit: '10',
  beaconIntervalMs: 6n * HOUR_MS,
  witnessWindowMs: 180_000n,
  minDistanceCells: 8,
  maxDistanceCells: 2_200,
  maxLagMs: 4_000,
  maxFrequencyOffsetHz: 100_000,
  minRssi: -1_390,
  maxEirp: 360,
  minFrequencyHz: 863_000_000,
  maxFrequencyHz: 928_000_000,
  maxWorkPerBlock: 200,
  keptEpochs: 7,
};

const YEAR_SECONDS = 31_536_000n;
const DAY_MS = 24n * HOUR_MS;
const GIGAHERTZ = 1_000_000_000;

type NumericField = Exclude<keyof Params, 'poolPerEpoch' | 'maxRewardPerCredit'>;
/** Field, least and greatest value. */
type Bound = readonly [field: NumericField, least: bigint | number, greatest: bigint | number];

const BOUNDS: readonly Bound[] = [
  ['epochSeconds', 1n, YEAR_SECONDS],
  ['dataSharePpm', 0, 1_000_000],
  ['beaconIntervalMs', 0n, 365n * DAY_MS],
  ['witnessWindowMs', 1n, DAY_MS],
  ['minDistanceCells', 0, 100_000],
  ['maxDistanceCells', 0, 100_000],
  ['maxLagMs', 0, 3_600_000],
  ['maxFrequencyOffsetHz', 0, GIGAHERTZ],
  ['minRssi', -3_000, 0],
  ['maxEirp', 0, 1_000],
  ['minFrequencyHz', 1_000_000, 4 * GIGAHERTZ],
  ['maxFrequencyHz', 1_000_000, 4 * GIGAHERTZ],
  ['maxWorkPerBlock', 1, 10_000],
  ['keptEpochs', 1, 10_000],
];

/** The parameters as they are. @throws ChainError sdk/18 naming the field that is out of bounds, sdk/10 an amount. */
export function checkParams(params: Params): Params {
  for (const [field, least, greatest] of BOUNDS) {
    const value = params[field];
    if (value >= least && value <= greatest) continue;
    throw sdkError(
      'invalidRequest',
      `params.${written(field)}: expected ${least} to ${greatest}, got ${value}`,
    );
  }
  checkOrder(params, 'minDistanceCells', 'maxDistanceCells');
  checkOrder(params, 'minFrequencyHz', 'maxFrequencyHz');
  parseAmount(params.poolPerEpoch, 'params.pool_per_epoch');
  parseAmount(params.maxRewardPerCredit, 'params.max_reward_per_credit');
  return params;
}

function checkOrder(params: Params, least: NumericField, greatest: NumericField): void {
  if (params[least] <= params[greatest]) return;
  throw sdkError(
    'invalidRequest',
    `params.${written(greatest)}: expected at least ${written(least)} = ${params[least]}, got ${params[greatest]}`,
  );
}

/** The field as it stands in a genesis. */
const written = (field: string): string =>
  field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
