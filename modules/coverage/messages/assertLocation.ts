import type { Hotspot } from '../../../wire/gen/depin/coverage/v1/coverage.ts';
import type {
  MsgAssertLocation,
  MsgAssertLocationResponse,
} from '../../../wire/gen/depin/coverage/v1/tx.ts';
import type { CoverageContext } from '../context.ts';
import { checkAssertion } from '../hotspots.ts';

/** COV-1: the owner of a device says where it stands; the first time makes it a hotspot. */
export function assertLocation(
  context: CoverageContext,
  message: MsgAssertLocation,
): MsgAssertLocationResponse {
  const { state, devices, addresses, emit } = context;
  const { owner, cell, gain, elevationM } = message;
  addresses.parse(owner, 'owner');
  const { id } = devices.owned(message.deviceId, owner);
  checkAssertion(context, message);
  const before = state.hotspots.get(id) ?? newHotspot(id, context.height);
  const asserts = before.cell === cell ? before.asserts : before.asserts + 1;
  state.hotspots.set(id, { ...before, cell, gain, elevationM, asserts });
  emit.locationAsserted({ deviceId: id, owner, cell, gain, asserts });
  return { asserts };
}

const newHotspot = (deviceId: string, height: bigint): Hotspot => ({
  deviceId,
  cell: '',
  gain: 0,
  elevationM: 0,
  asserts: 0,
  registeredHeight: height,
  lastBeaconMs: 0n,
  lastBeacon: '',
});
