/** Parameters of the sensors module: defaults and bounds. */

import { parseAmount } from '../../chain/math/coins.ts';
import { sdkError } from '../../chain/module/errors.ts';
import {
  type Params,
  type StationModel,
  Variable,
  type VariableLimits,
} from '../../wire/gen/depin/sensors/v1/sensors.ts';
import { VARIABLES } from './scoring.ts';

type Limits = Omit<VariableLimits, 'variable'>;

const bounded = (min: bigint, max: bigint): Limits => ({
  min,
  max,
  maxJumpPerMinute: 0n,
  maxJump: 0n,
  maxCountPerMinute: 0n,
});

/** Limits with the jumps a minute allows and the most that any time allows. */
const steady = (range: Limits, maxJumpPerMinute: bigint, maxJump: bigint): Limits => ({
  ...range,
  maxJumpPerMinute,
  maxJump,
});

/** Rain of at most 254 micrometres a second, and of an hour of that in one reading. */
const RAIN: Limits = { ...bounded(0n, 914_400n), maxCountPerMinute: 15_240n };

/** Figures of the quality control of data that WeatherXM publishes for its stations (github.com/weatherxm-network/qod). */
const LIMITS: Readonly<Record<string, readonly Limits[]>> = {
  WS1000: [
    steady(bounded(-40_000n, 60_000n), 3_000n, 15_000n),
    steady(bounded(100_000n, 990_000n), 100_000n, 800_000n),
    steady(bounded(0n, 50_000n), 10_000n, 15_000n),
    bounded(0n, 359_999n),
    steady(bounded(30_000n, 110_000n), 80n, 1_500n),
    RAIN,
    steady(bounded(0n, 400_000n), 97_600n, 146_400n),
  ],
  WS2000: [
    steady(bounded(-40_000n, 80_000n), 3_000n, 15_000n),
    steady(bounded(10_000n, 990_000n), 100_000n, 800_000n),
    steady(bounded(0n, 50_000n), 5_000n, 15_000n),
    bounded(0n, 359_999n),
    steady(bounded(54_000n, 110_000n), 80n, 1_500n),
    RAIN,
    steady(bounded(0n, 200_000n), 97_600n, 146_400n),
  ],
};

/** Pool and capacity are WeatherXM's: 14,246 tokens a day, 10 stations a cell. */
export const DEFAULT_PARAMS: Params = {
  epochSeconds: 86_400n,
  poolPerEpoch: '14246000000',
  minIntervalMs: 15_000n,
  stuckAfter: 6,
  maxReadingsPerEpoch: 1_440,
  cellCapacity: 10,
  maxStations: 10_000,
  keptEpochs: 30,
  models: Object.entries(LIMITS).map(([name, limits]) => ({
    name,
    limits: VARIABLES.map((variable, i) => ({ variable, ...limits[i]! })),
  })),
};

/** Bounds of the numbers, both ends included. A reading every second of a day is the most that can count. */
const BOUNDS = [
  ['epoch_seconds', (params: Params) => params.epochSeconds, 1n, 31_536_000n],
  ['min_interval_ms', (params: Params) => params.minIntervalMs, 1n, 86_400_000n],
  ['stuck_after', (params: Params) => BigInt(params.stuckAfter), 1n, 100_000n],
  ['max_readings_per_epoch', (params: Params) => BigInt(params.maxReadingsPerEpoch), 1n, 86_400n],
  ['cell_capacity', (params: Params) => BigInt(params.cellCapacity), 1n, 1_000n],
  ['max_stations', (params: Params) => BigInt(params.maxStations), 1n, 100_000n],
  ['kept_epochs', (params: Params) => BigInt(params.keptEpochs), 1n, 1_000n],
] as const;

const MAX_MODELS = 100;
const MODEL_NAME = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,31}$/;

/** @throws ChainError sdk/18 naming the field, what was given and what was expected. */
export function checkParams(params: Params): Params {
  for (const [field, read, low, high] of BOUNDS) {
    const value = read(params);
    if (value < low || value > high) refuse(field, `${low} to ${high}`, value);
  }
  parseAmount(params.poolPerEpoch, 'params.pool_per_epoch');
  const { models } = params;
  if (models.length > MAX_MODELS) refuse('models', `at most ${MAX_MODELS}`, models.length);
  const names = new Set<string>();
  models.forEach((model, i) => {
    if (!MODEL_NAME.test(model.name) || names.has(model.name)) {
      refuse(`models[${i}].name`, 'a name of 1 to 32 characters, no two alike', model.name);
    }
    names.add(model.name);
    checkLimits(model, `models[${i}].limits`);
  });
  return params;
}

function checkLimits({ limits }: StationModel, field: string): void {
  if (limits.length !== VARIABLES.length) {
    refuse(field, `${VARIABLES.length} variables`, limits.length);
  }
  limits.forEach((each, i) => {
    if (each.variable !== VARIABLES[i]) {
      refuse(`${field}[${i}].variable`, Variable[VARIABLES[i]!], Variable[each.variable]);
    }
    if (each.min > each.max) refuse(`${field}[${i}].min`, `at most max ${each.max}`, each.min);
  });
}

function refuse(field: string, expected: string, given: unknown): never {
  const text = String(given).slice(0, 80);
  throw sdkError('invalidRequest', `params.${field}: expected ${expected}, got ${text}`);
}
