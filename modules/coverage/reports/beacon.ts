import { cellToIndex } from '../../../chain/math/h3.ts';
import { decodePayload } from '../../../chain/module/decodePayload.ts';
import { toHex } from '../../../wire/bytes.ts';
import type { Hotspot } from '../../../wire/gen/depin/coverage/v1/coverage.ts';
import { type BeaconPayload, beaconPayload } from '../../../wire/reportPayload.ts';
import type { AcceptedReport } from '../../devices/module.ts';
import { blockMs, type CoverageContext } from '../context.ts';
import { knownHotspot } from '../hotspots.ts';

/** COV-2 and COV-3: a hotspot says that it beaconed; witnesses are taken until the beacon closes. */
export function openBeacon(context: CoverageContext, accepted: AcceptedReport): void {
  const { state, params, emit } = context;
  const hotspot = knownHotspot(context, accepted.device.id);
  const payload = decodePayload(
    beaconPayload,
    accepted.report.payload,
    context.fail.MalformedPayload,
  );
  checkPlace(context, hotspot, payload);
  checkRadio(context, payload);
  checkInterval(context, hotspot);
  const hash = toHex(accepted.hash);
  const { deviceId, cell, gain } = hotspot;
  const closesMs = blockMs(context) + params.witnessWindowMs;
  state.beacons.set(hash, {
    hash,
    deviceId,
    cell,
    power: payload.transmitPower,
    gain,
    frequencyHz: payload.frequency,
    height: context.height,
    closesMs,
    valid: 0,
    invalid: 0,
    epoch: 0n,
    beaconerUnits: 0n,
    witnessUnits: 0n,
  });
  state.hotspots.set(deviceId, { ...hotspot, lastBeaconMs: blockMs(context), lastBeacon: hash });
  emit.beaconOpened({ beacon: hash, deviceId, cell, closesMs });
}

function checkPlace({ fail }: CoverageContext, hotspot: Hotspot, payload: BeaconPayload): void {
  if (payload.cell !== cellToIndex(hotspot.cell)) {
    throw fail.SpoofedCell(`cell: expected ${hotspot.cell}, got ${payload.cell.toString(16)}`);
  }
  if (payload.gain !== hotspot.gain) {
    throw fail.SpoofedGain(`gain: expected ${hotspot.gain}, got ${payload.gain}`);
  }
}

/** Power and frequency bound the signal that witnesses may hear, so the beaconer may not choose them freely. */
function checkRadio({ fail, params }: CoverageContext, payload: BeaconPayload): void {
  const { transmitPower, gain, frequency } = payload;
  const { maxEirp, minFrequencyHz, maxFrequencyHz } = params;
  if (transmitPower < 0 || transmitPower + gain > maxEirp) {
    throw fail.PowerOutOfRange(
      `power: expected 0 to ${maxEirp - gain} with a gain of ${gain}, got ${transmitPower}`,
    );
  }
  if (frequency < minFrequencyHz || frequency > maxFrequencyHz) {
    throw fail.FrequencyOutOfRange(
      `frequency: expected ${minFrequencyHz} to ${maxFrequencyHz}, got ${frequency}`,
    );
  }
}

/** By block time: the clock of the device could be set forward. */
function checkInterval(context: CoverageContext, { lastBeacon, lastBeaconMs }: Hotspot): void {
  if (lastBeacon === '') return;
  const next = lastBeaconMs + context.params.beaconIntervalMs;
  if (blockMs(context) >= next) return;
  throw context.fail.TooSoon(`beacon: expected from ${next} ms on, got ${blockMs(context)}`);
}
