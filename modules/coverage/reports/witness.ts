import { cellToIndex, gridDistance, parentOf } from '../../../chain/math/h3.ts';
import { decodePayload } from '../../../chain/module/decodePayload.ts';
import { equalBytes, toHex } from '../../../wire/bytes.ts';
import {
  type Beacon,
  type Hotspot,
  Verdict,
  type Witness,
} from '../../../wire/gen/depin/coverage/v1/coverage.ts';
import { type WitnessPayload, witnessPayload } from '../../../wire/reportPayload.ts';
import type { AcceptedReport } from '../../devices/module.ts';
import { blockMs, type CoverageContext } from '../context.ts';
import { knownHotspot } from '../hotspots.ts';
import { judge, MAX_SELECTED } from '../scoring.ts';

/** Resolution in which distances are counted. */
const DISTANCE_RESOLUTION = 11;
/**
 * Witnesses of a beacon that are kept, valid and invalid counted apart: many invalid ones cannot keep a valid one out.
 */
const MAX_RECORDED = 32;

/** COV-4 to COV-6: a hotspot says that it heard a beacon; the verdict and what it rests on are kept. */
export function recordWitness(context: CoverageContext, accepted: AcceptedReport): void {
  const { state } = context;
  const hotspot = knownHotspot(context, accepted.device.id);
  const payload = decodePayload(
    witnessPayload,
    accepted.report.payload,
    context.fail.MalformedPayload,
  );
  const beacon = openBeaconOf(context, payload);
  checkWitness(context, { beacon, hotspot, payload });
  const judged = judgeWitness(context, { beacon, hotspot, payload, owner: accepted.device.owner });
  const isValid = judged.verdict === Verdict.VERDICT_VALID;
  const recorded = isValid ? beacon.valid : beacon.invalid;
  if (recorded >= MAX_RECORDED) {
    throw context.fail.EvidenceFull(`beacon ${beacon.hash} holds ${recorded} such witnesses`);
  }
  const witness = { ...judged, selected: isValid && beacon.valid < MAX_SELECTED };
  state.witnesses.set([beacon.hash, hotspot.deviceId], witness);
  state.beacons.set(
    beacon.hash,
    isValid ? { ...beacon, valid: recorded + 1 } : { ...beacon, invalid: recorded + 1 },
  );
  noteVerdict(context, witness);
}

function openBeaconOf(context: CoverageContext, { beaconHash }: WitnessPayload): Beacon {
  const { state, fail } = context;
  const hash = toHex(beaconHash);
  const beacon = state.beacons.get(hash);
  if (beacon === undefined) throw fail.UnknownBeacon(`beacon_hash: ${hash}`);
  if (blockMs(context) >= beacon.closesMs) {
    throw fail.BeaconClosed(
      `beacon ${hash} closed at ${beacon.closesMs} ms, got ${blockMs(context)}`,
    );
  }
  return beacon;
}

interface Heard {
  readonly beacon: Beacon;
  /** The witness. */
  readonly hotspot: Hotspot;
  readonly payload: WitnessPayload;
}

/** COV-4: what refuses a witness altogether. */
function checkWitness({ state, fail }: CoverageContext, { beacon, hotspot, payload }: Heard): void {
  if (payload.cell !== cellToIndex(hotspot.cell)) {
    throw fail.SpoofedCell(`cell: expected ${hotspot.cell}, got ${payload.cell.toString(16)}`);
  }
  if (hotspot.deviceId === beacon.deviceId) throw fail.OwnBeacon(`beacon ${beacon.hash}`);
  if (state.witnesses.has([beacon.hash, hotspot.deviceId])) {
    throw fail.AlreadyWitnessed(`beacon ${beacon.hash}`);
  }
}

function judgeWitness(
  context: CoverageContext,
  { beacon, hotspot, payload, owner }: Heard & { readonly owner: string },
): Witness {
  const distanceCells = gridDistance(
    parentOf(beacon.cell, DISTANCE_RESOLUTION),
    parentOf(hotspot.cell, DISTANCE_RESOLUTION),
  );
  const { rssi, snr, frequency: frequencyHz, lag: lagMs } = payload;
  const observation = {
    sameOwner: isOwner(context, beacon.deviceId, owner),
    distanceCells,
    beacon,
    witness: { gain: hotspot.gain, rssi, frequencyHz, lagMs },
  };
  const { deviceId, cell } = hotspot;
  const judgement = judge(observation, context.params);
  const heard = { beacon: beacon.hash, deviceId, cell, rssi, snr, frequencyHz, lagMs };
  const { height } = context;
  return { ...heard, ...judgement, selected: false, height, distanceCells: distanceCells ?? -1 };
}

/** Compared as bytes: one address can be written in either case. */
function isOwner(
  { devices, addresses }: CoverageContext,
  deviceId: string,
  owner: string,
): boolean {
  const device = devices.device(deviceId);
  if (device === undefined) return false;
  return equalBytes(addresses.parse(device.owner, 'owner'), addresses.parse(owner, 'owner'));
}

/** `VERDICT_TOO_NEAR` as `too_near`. */
export const verdictName = (verdict: Verdict): string =>
  Verdict[verdict].slice('VERDICT_'.length).toLowerCase();

function noteVerdict({ emit }: CoverageContext, witness: Witness): void {
  emit.witnessJudged({
    beacon: witness.beacon,
    deviceId: witness.deviceId,
    valid: witness.verdict === Verdict.VERDICT_VALID,
    reason: verdictName(witness.verdict),
    selected: witness.selected,
  });
}
