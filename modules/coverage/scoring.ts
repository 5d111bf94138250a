/** What the coverage module computes, without state: units, verdicts, prices and shares, all in whole numbers. */
import { freeSpacePathLoss } from '../../chain/math/logarithm.ts';
import { type Params, Verdict } from '../../wire/gen/depin/coverage/v1/coverage.ts';

/** Units are kept in parts of 10,000: the four decimals of HIP-15. */
export const UNIT = 10_000n;
/** Rewarded witnesses of a beacon at most (HIP-83). */
export const MAX_SELECTED = 14;
/** Witnesses that a beacon is fully rewarded for without a discount (N of HIP-15). */
const FULL_WITNESSES = 4;
/** The discount r = 4/5 of HIP-15, as a fraction. */
const DISCOUNT = [4n, 5n] as const;

/** Bytes that one data credit pays for. */
const BYTES_PER_CREDIT = 24n;
/** Parts per million. */
const PPM = 1_000_000n;

/**
 * Metres by which places are apart at least for each step from cell to cell at resolution 11, after the first.
 * Cells are smallest around the twelve pentagons: there 30.1 m a step, measured along the direction in which a hexagonal
 * grid counts most steps. One step is left out because a place may be anywhere in its cell.
 */
const LEAST_METRES_PER_STEP = 29n;
/** Half of the equator. */
const MOST_METRES = 20_037_508n;

/** What a beacon earns, in parts of 10,000. */
export interface RewardUnits {
  readonly beaconer: bigint;
  /** For each selected witness. */
  readonly witness: bigint;
}

/** `numerator / denominator` to the nearest whole number, halves up. */
function rounded(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator);
}

/**
 * Units by HIP-15 (N = 4, r = 0.8) for a beacon with so many selected witnesses, rounded half up to four decimals.
 * From 4 witnesses on beaconer and witnesses share 5 units; the published cap of 2 for the beaconer is never reached.
 */
export function rewardUnits(witnesses: number): RewardUnits {
  if (!Number.isInteger(witnesses) || witnesses < 0 || witnesses > MAX_SELECTED) {
    throw new TypeError(`witnesses: expected 0 to ${MAX_SELECTED}, got ${witnesses}`);
  }
  if (witnesses <= FULL_WITNESSES) {
    const beaconer = rounded(BigInt(witnesses) * UNIT, BigInt(FULL_WITNESSES));
    return { beaconer, witness: witnesses === 0 ? 0n : UNIT };
  }
  const beyond = BigInt(witnesses - FULL_WITNESSES);
  const [above, below] = [DISCOUNT[0] ** beyond, DISCOUNT[1] ** beyond];
  // beaconer: 2 - r^k; witness: (N - (1 - r^k)) / w; with r^k = above / below
  const beaconer = rounded(UNIT * (2n * below - above), below);
  const share = BigInt(FULL_WITNESSES - 1) * below + above;
  return { beaconer, witness: rounded(UNIT * share, below * BigInt(witnesses)) };
}

/** The least distance in metres between places in cells so many steps apart at resolution 11; at least 1. */
export function leastMetres(distanceCells: number): bigint {
  const metres = LEAST_METRES_PER_STEP * (BigInt(distanceCells) - 1n);
  if (metres < 1n) return 1n;
  return metres > MOST_METRES ? MOST_METRES : metres;
}

/** What is known of a beacon and of a witness to it. Powers and gains in tenths of a decibel. */
export interface Observation {
  readonly sameOwner: boolean;
  /** Steps between the cells at resolution 11; undefined when H3 cannot compute them. */
  readonly distanceCells: number | undefined;
  readonly beacon: { readonly power: number; readonly gain: number; readonly frequencyHz: number };
  readonly witness: {
    readonly gain: number;
    readonly rssi: number;
    readonly frequencyHz: number;
    readonly lagMs: number;
  };
}

/** The limits that a witness is judged by. */
export type Limits = Pick<
  Params,
  'minDistanceCells' | 'maxDistanceCells' | 'maxLagMs' | 'maxFrequencyOffsetHz' | 'minRssi'
>;

/** The verdict on a witness with the figures that it rests on. */
export interface Judgement {
  readonly verdict: Verdict;
  /** Strongest signal that free space allows, in tenths of a dBm; 0 when the distance is unknown. */
  readonly rssiBound: number;
}

/**
 * The strongest signal that can arrive over free space, in tenths of a dBm: power and both gains less the path loss
 * over the least distance that the cells allow, so an honest witness is never above it.
 */
export function strongestSignal({ beacon, witness }: Observation, distanceCells: number): number {
  const loss = freeSpacePathLoss(leastMetres(distanceCells), BigInt(beacon.frequencyHz));
  return beacon.power + beacon.gain + witness.gain - Number(loss);
}

/** Judges a witness; the first rule that it breaks is the verdict. */
export function judge(observation: Observation, limits: Limits): Judgement {
  const { distanceCells, sameOwner } = observation;
  if (distanceCells === undefined) {
    const verdict = sameOwner ? Verdict.VERDICT_SAME_OWNER : Verdict.VERDICT_DISTANCE_UNKNOWN;
    return { verdict, rssiBound: 0 };
  }
  const rssiBound = strongestSignal(observation, distanceCells);
  return { verdict: verdictOf(observation, distanceCells, rssiBound, limits), rssiBound };
}

function verdictOf(
  { sameOwner, beacon, witness }: Observation,
  distanceCells: number,
  rssiBound: number,
  limits: Limits,
): Verdict {
  const offsetHz = Math.abs(beacon.frequencyHz - witness.frequencyHz);
  if (sameOwner) return Verdict.VERDICT_SAME_OWNER;
  if (distanceCells < limits.minDistanceCells) return Verdict.VERDICT_TOO_NEAR;
  if (distanceCells > limits.maxDistanceCells) return Verdict.VERDICT_TOO_FAR;
  if (offsetHz > limits.maxFrequencyOffsetHz) return Verdict.VERDICT_WRONG_FREQUENCY;
  if (witness.rssi > rssiBound) return Verdict.VERDICT_SIGNAL_TOO_STRONG;
  if (witness.rssi < limits.minRssi) return Verdict.VERDICT_SIGNAL_TOO_WEAK;
  if (witness.lagMs > limits.maxLagMs) return Verdict.VERDICT_LATE;
  return Verdict.VERDICT_VALID;
}

/** Credits for a transfer: one for every 24 bytes begun, at least one. */
export function creditsForBytes(bytes: bigint): bigint {
  return bytes === 0n ? 1n : (bytes + BYTES_PER_CREDIT - 1n) / BYTES_PER_CREDIT;
}

/** The two pools of an epoch, in base units. */
export interface Pools {
  readonly coverage: bigint;
  readonly data: bigint;
}

interface PoolTerms {
  readonly dataSharePpm: number;
  readonly dataCredits: bigint;
  readonly maxRewardPerCredit: bigint;
}

/**
 * Splits what an epoch has. The data pool is no more than its credits may earn, or one paid transfer in a quiet epoch
 * would take the whole of it; what it cannot hold belongs to neither pool and is carried.
 */
export function splitPools(total: bigint, terms: PoolTerms): Pools {
  const share = (total * BigInt(terms.dataSharePpm)) / PPM;
  const most = terms.dataCredits * terms.maxRewardPerCredit;
  return { coverage: total - share, data: share < most ? share : most };
}

/** The part of a pool that `score` of `total` earns, rounded down: the parts never add up to more than the pool. */
export function shareOf(pool: bigint, score: bigint, total: bigint): bigint {
  return total === 0n ? 0n : (pool * score) / total;
}
