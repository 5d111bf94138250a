/** What becomes of a weather report that the devices module has verified (SEN-4 to SEN-9). */
import { cellToIndex } from '../../chain/math/h3.ts';
import { decodePayload } from '../../chain/module/decodePayload.ts';
import { Bug } from '../../chain/module/errors.ts';
import { toHex } from '../../wire/bytes.ts';
import {
  type Fault,
  FaultKind,
  type Reading,
  RewardOutcome,
  type Station,
} from '../../wire/gen/depin/sensors/v1/sensors.ts';
import { REPORT_KIND, weatherPayload } from '../../wire/reportPayload.ts';
import type { AcceptedReport } from '../devices/module.ts';
import type { SensorsContext } from './context.ts';
import { FIELD_OF, isMeasured, judgeReading, type LastReading } from './scoring.ts';

/**
 * Answers the devices module: true for a weather report, whose score is then in state.
 * @throws ChainError sensors/NotAStation, /MalformedReading, /SpoofedCell or /TooSoon, which refuses the report.
 */
export function acceptReading(context: SensorsContext, { report, hash }: AcceptedReport): boolean {
  if (report.kind !== REPORT_KIND.weather) return false;
  const deviceId = toHex(report.deviceId);
  const station = context.state.stations.get(deviceId);
  if (station === undefined) throw context.fail.NotAStation(`device_id: ${deviceId}`);
  const { cell, ...measurements } = decodePayload(
    weatherPayload,
    report.payload,
    context.fail.MalformedReading,
  );
  if (cell !== cellToIndex(station.cell)) {
    throw context.fail.SpoofedCell(`cell: expected ${station.cell}, got ${cell.toString(16)}`);
  }
  const last = lastReading(context, deviceId, report.timeMs);
  const { params } = context;
  const judged = judgeReading(modelOf(context, station), measurements, {
    last,
    stuckAfter: params.stuckAfter,
  });
  const reading: Reading = {
    deviceId,
    sequence: report.sequence,
    timeMs: report.timeMs,
    measurements,
    qualityPpm: judged.qualityPpm,
    faults: [...judged.faults],
    repeats: judged.repeats,
    reportHash: hash,
  };
  context.state.readings.set(deviceId, reading);
  countReading(context, reading);
  return true;
}

/** SEN-5. @throws ChainError sensors/TooSoon. */
function lastReading(
  { state, params, fail }: SensorsContext,
  deviceId: string,
  timeMs: bigint,
): LastReading | undefined {
  const last = state.readings.get(deviceId);
  if (last === undefined) return undefined;
  const earliest = last.timeMs + params.minIntervalMs;
  if (timeMs < earliest)
    throw fail.TooSoon(`time_ms: expected ${earliest} or later, got ${timeMs}`);
  const { measurements, faults, repeats } = last;
  if (measurements === undefined) throw new Bug(`reading of ${deviceId}: no measurements`);
  return { measurements, faults, repeats, elapsedMs: timeMs - last.timeMs };
}

function modelOf({ params }: SensorsContext, station: Station) {
  const model = params.models.find(({ name }) => name === station.model);
  if (model === undefined) throw new Bug(`station ${station.deviceId}: model ${station.model}`);
  return model;
}

/** SEN-10: adds the quality to the score of the running epoch, up to the number of readings that count. */
function countReading({ state, params, emit }: SensorsContext, reading: Reading): void {
  const epoch = state.clock.must().number;
  const { deviceId, qualityPpm } = reading;
  const reward = state.rewards.get([epoch, deviceId]) ?? {
    epoch,
    deviceId,
    readings: 0,
    score: 0n,
    outcome: RewardOutcome.REWARD_OUTCOME_PENDING,
    rank: 0,
    amount: '0',
  };
  const counts = reward.readings < params.maxReadingsPerEpoch;
  state.rewards.set([epoch, deviceId], {
    ...reward,
    readings: reward.readings + 1,
    score: reward.score + (counts ? BigInt(qualityPpm) : 0n),
  });
  emit.readingScored({
    deviceId,
    sequence: reading.sequence,
    qualityPpm,
    faults: reading.faults.map(faultText),
  });
}

const KIND_TEXT: Readonly<Partial<Record<FaultKind, string>>> = {
  [FaultKind.FAULT_KIND_RANGE]: 'range',
  [FaultKind.FAULT_KIND_JUMP]: 'jump',
  [FaultKind.FAULT_KIND_RATE]: 'rate',
  [FaultKind.FAULT_KIND_STUCK]: 'stuck',
};

/** `temperature:jump`; `stuck` for a whole reading. */
function faultText({ variable, kind }: Fault): string {
  const text = KIND_TEXT[kind] ?? '';
  return isMeasured(variable) ? `${FIELD_OF[variable]}:${text}` : text;
}
