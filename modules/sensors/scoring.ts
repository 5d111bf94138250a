/** What a reading is worth and how an epoch's pool is shared: pure integer maths (SEN-6 to SEN-12). */
import {
  type Fault,
  FaultKind,
  type Measurements,
  RewardOutcome,
  type StationModel,
  Variable,
  type VariableLimits,
} from '../../wire/gen/depin/sensors/v1/sensors.ts';

/** Quality of a reading with nothing wrong, in parts per million. */
export const FULL_QUALITY_PPM = 1_000_000;

/** The field of a reading that holds each variable. */
export const FIELD_OF = {
  [Variable.VARIABLE_TEMPERATURE]: 'temperature',
  [Variable.VARIABLE_HUMIDITY]: 'humidity',
  [Variable.VARIABLE_WIND_SPEED]: 'windSpeed',
  [Variable.VARIABLE_WIND_DIRECTION]: 'windDirection',
  [Variable.VARIABLE_PRESSURE]: 'pressure',
  [Variable.VARIABLE_PRECIPITATION]: 'precipitation',
  [Variable.VARIABLE_ILLUMINANCE]: 'illuminance',
} as const satisfies Partial<Record<Variable, keyof Measurements>>;

/** A variable that a station measures. */
export type MeasuredVariable = keyof typeof FIELD_OF;

/** All variables in the order of the enum. */
export const VARIABLES = Object.keys(FIELD_OF).map(Number) as MeasuredVariable[];

/** True for one of the seven variables. */
export function isMeasured(variable: Variable): variable is MeasuredVariable {
  return variable in FIELD_OF;
}

const MINUTE_MS = 60_000n;

/** The reading right before the one to judge. */
export interface LastReading {
  readonly measurements: Measurements;
  readonly faults: readonly Fault[];
  readonly repeats: number;
  /** Time from that reading to this one by the device's clock, in milliseconds. */
  readonly elapsedMs: bigint;
}

/** What the chain makes of a reading. */
export interface Judgement {
  readonly qualityPpm: number;
  readonly faults: readonly Fault[];
  /** Readings in a row right before this one that are equal to it. */
  readonly repeats: number;
}

/**
 * Judges a reading (SEN-6 to SEN-9). Every variable counts equally; quality is rounded down.
 * A stuck reading is worth nothing.
 */
export function judgeReading(
  model: StationModel,
  reading: Measurements,
  options: { readonly last: LastReading | undefined; readonly stuckAfter: number },
): Judgement {
  const { last, stuckAfter } = options;
  const repeats = last && sameMeasurements(reading, last.measurements) ? last.repeats + 1 : 0;
  if (repeats >= stuckAfter) {
    const stuck = { variable: Variable.VARIABLE_UNSPECIFIED, kind: FaultKind.FAULT_KIND_STUCK };
    return { qualityPpm: 0, faults: [stuck], repeats };
  }
  const faults: Fault[] = [];
  for (const limits of model.limits) {
    const kind = faultOf(limits, reading, last);
    if (kind !== undefined) faults.push({ variable: limits.variable, kind });
  }
  const good = model.limits.length - faults.length;
  const qualityPpm = Math.floor((good * FULL_QUALITY_PPM) / model.limits.length);
  return { qualityPpm, faults, repeats };
}

/** The first thing that is wrong with a variable: range, then jump, then rate. */
function faultOf(
  limits: VariableLimits,
  reading: Measurements,
  last: LastReading | undefined,
): FaultKind | undefined {
  const value = measured(reading, limits.variable);
  if (value < limits.min || value > limits.max) return FaultKind.FAULT_KIND_RANGE;
  if (last === undefined) return undefined;
  if (isJump(limits, value, last)) return FaultKind.FAULT_KIND_JUMP;
  if (isTooMuch(limits, value, last.elapsedMs)) return FaultKind.FAULT_KIND_RATE;
  return undefined;
}

/** The way back from a value outside of the range is not a jump: that fault was the other reading's. */
function isJump(limits: VariableLimits, value: bigint, last: LastReading): boolean {
  if (limits.maxJumpPerMinute === 0n) return false;
  const before = measured(last.measurements, limits.variable);
  if (before < limits.min || before > limits.max) return false;
  const jump = value > before ? value - before : before - value;
  return jump > jumpLimit(limits, last.elapsedMs);
}

/** Most that a variable may change in this time. Readings closer than a minute have a minute's allowance. */
export function jumpLimit(limits: VariableLimits, elapsedMs: bigint): bigint {
  const minutesMs = elapsedMs > MINUTE_MS ? elapsedMs : MINUTE_MS;
  const scaled = (limits.maxJumpPerMinute * minutesMs) / MINUTE_MS;
  return scaled < limits.maxJump ? scaled : limits.maxJump;
}

function isTooMuch(limits: VariableLimits, value: bigint, elapsedMs: bigint): boolean {
  return (
    limits.maxCountPerMinute !== 0n && value * MINUTE_MS > limits.maxCountPerMinute * elapsedMs
  );
}

function measured(reading: Measurements, variable: Variable): bigint {
  if (!isMeasured(variable)) throw new TypeError(`variable: expected 1 to 7, got ${variable}`);
  return BigInt(reading[FIELD_OF[variable]]);
}

function sameMeasurements(a: Measurements, b: Measurements): boolean {
  return VARIABLES.every((variable) => a[FIELD_OF[variable]] === b[FIELD_OF[variable]]);
}

/** A station's part in an epoch. */
export interface Contender {
  readonly deviceId: string;
  readonly cell: string;
  /** Order of registration. */
  readonly number: bigint;
  readonly score: bigint;
}

/** What a contender gets. */
export interface Share {
  readonly contender: Contender;
  readonly outcome: RewardOutcome;
  /** Place in the cell, from 1. */
  readonly rank: number;
  readonly amount: bigint;
}

/** How a pool was shared; `paid` is at most the pool. */
export interface Division {
  /** In the order of the contenders given. */
  readonly shares: readonly Share[];
  readonly totalScore: bigint;
  readonly rewarded: number;
  readonly paid: bigint;
}

/**
 * Shares a pool by score among the best stations of each cell (SEN-10 to SEN-12). Shares are rounded down, so what
 * is left stays with the caller. The result does not depend on the order of the contenders.
 */
export function divide(pool: bigint, capacity: number, contenders: readonly Contender[]): Division {
  const ranks = rankInCells(contenders);
  const shares = (contender: Contender): boolean =>
    contender.score > 0n && ranks.get(contender)! <= capacity;
  let totalScore = 0n;
  for (const contender of contenders) if (shares(contender)) totalScore += contender.score;
  let [rewarded, paid] = [0, 0n];
  const divided = contenders.map((contender): Share => {
    const rank = ranks.get(contender)!;
    if (!shares(contender)) return { contender, rank, amount: 0n, outcome: unpaid(contender) };
    const amount = (pool * contender.score) / totalScore;
    rewarded++;
    paid += amount;
    const outcome =
      amount > 0n ? RewardOutcome.REWARD_OUTCOME_PAID : RewardOutcome.REWARD_OUTCOME_BELOW_ONE_UNIT;
    return { contender, rank, amount, outcome };
  });
  return { shares: divided, totalScore, rewarded, paid };
}

function unpaid({ score }: Contender): RewardOutcome {
  return score === 0n
    ? RewardOutcome.REWARD_OUTCOME_NO_SCORE
    : RewardOutcome.REWARD_OUTCOME_CELL_FULL;
}

/** Places from 1 in each cell: the better score first, of equal ones the station registered first. */
function rankInCells(contenders: readonly Contender[]): Map<Contender, number> {
  const cells = new Map<string, Contender[]>();
  for (const contender of contenders) {
    const cell = cells.get(contender.cell);
    if (cell === undefined) cells.set(contender.cell, [contender]);
    else cell.push(contender);
  }
  const ranks = new Map<Contender, number>();
  for (const cell of cells.values()) {
    cell.sort((a, b) =>
      a.score === b.score ? (a.number < b.number ? -1 : 1) : a.score > b.score ? -1 : 1,
    );
    cell.forEach((contender, place) => void ranks.set(contender, place + 1));
  }
  return ranks;
}
