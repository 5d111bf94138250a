/** Which hotspot is meant, and what may be asserted of one. */
import { isCell, resolutionOf } from '../../chain/math/h3.ts';
import type { Hotspot } from '../../wire/gen/depin/coverage/v1/coverage.ts';
import { DeviceStatus } from '../../wire/gen/depin/devices/v1/devices.ts';
import type { CoverageView } from './context.ts';

/** Resolution of an asserted cell: about 19 m across. */
const ASSERTED_RESOLUTION = 12;
/** Tenths of a dBi: 1 to 15 dBi. */
const GAIN = { least: 10, greatest: 150 } as const;
/** Metres. */
const ELEVATION = { least: -500, greatest: 9_000 } as const;

const DEVICE_ID = /^[0-9a-f]{40}$/;

/** @throws ChainError coverage/NotAHotspot naming the field, for an id that is none or has asserted no cell. */
export function knownHotspot(
  { state, fail }: Pick<CoverageView, 'state' | 'fail'>,
  id: string,
  field = 'device_id',
): Hotspot {
  if (!DEVICE_ID.test(id)) {
    throw fail.NotAHotspot(`${field}: expected 40 hex digits, got "${id.slice(0, 60)}"`);
  }
  const hotspot = state.hotspots.get(id);
  if (hotspot === undefined) throw fail.NotAHotspot(`${field}: ${id}`);
  return hotspot;
}

/** A hotspot whose device may still earn. @throws ChainError coverage/NotAHotspot or /Revoked. */
export function activeHotspot(
  context: Pick<CoverageView, 'state' | 'fail' | 'devices'>,
  id: string,
  field: string,
): Hotspot {
  const hotspot = knownHotspot(context, id, field);
  if (context.devices.device(id)?.status !== DeviceStatus.DEVICE_STATUS_ACTIVE) {
    throw context.fail.Revoked(`${field}: ${id}`);
  }
  return hotspot;
}

/** COV-1. @throws ChainError coverage/InvalidCell or /InvalidAntenna naming the field. */
export function checkAssertion(
  { fail }: Pick<CoverageView, 'fail'>,
  asserted: Pick<Hotspot, 'cell' | 'gain' | 'elevationM'>,
): void {
  const { cell, gain, elevationM } = asserted;
  if (!isCell(cell)) throw fail.InvalidCell(`cell: got "${cell.slice(0, 40)}"`);
  const resolution = resolutionOf(cell);
  if (resolution !== ASSERTED_RESOLUTION) {
    throw fail.InvalidCell(`cell: expected resolution ${ASSERTED_RESOLUTION}, got ${resolution}`);
  }
  const checks = [
    ['gain', gain, GAIN],
    ['elevation_m', elevationM, ELEVATION],
  ] as const;
  for (const [field, value, { least, greatest }] of checks) {
    if (value >= least && value <= greatest) continue;
    throw fail.InvalidAntenna(`${field}: expected ${least} to ${greatest}, got ${value}`);
  }
}
