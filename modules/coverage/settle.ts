/** COV-7: what a beacon earns once its window has closed. */
import type { Witness } from '../../wire/gen/depin/coverage/v1/coverage.ts';
import { blockMs, type CoverageContext } from './context.ts';
import { beaconHashKey } from './keys.ts';
import { addScores } from './scores.ts';
import { rewardUnits } from './scoring.ts';

/** Settles beacons whose window has closed, the oldest first, `max_work_per_block` at most. */
export function settleBeacons(context: CoverageContext): void {
  const now = blockMs(context);
  const due: string[] = [];
  for (const [[closesMs, hash]] of context.state.beacons.by.closing.keys.entries()) {
    if (closesMs > now || due.length === context.params.maxWorkPerBlock) break;
    due.push(hash);
  }
  for (const hash of due) settleBeacon(context, hash);
}

function settleBeacon(context: CoverageContext, hash: string): void {
  const { state, emit } = context;
  const beacon = state.beacons.must(hash);
  const selected = selectedWitnesses(context, hash);
  const units = rewardUnits(selected.length);
  const epoch = addScores(context, [
    { deviceId: beacon.deviceId, units: units.beaconer, beacons: 1 },
    ...selected.map(({ deviceId }) => ({ deviceId, units: units.witness, witnesses: 1 })),
  ]);
  state.beacons.set(hash, {
    ...beacon,
    epoch,
    beaconerUnits: units.beaconer,
    witnessUnits: units.witness,
  });
  emit.beaconSettled({
    beacon: hash,
    deviceId: beacon.deviceId,
    epoch,
    selected: selected.length,
    valid: beacon.valid,
    invalid: beacon.invalid,
    beaconerUnits: units.beaconer,
    witnessUnits: units.witness,
  });
}

function selectedWitnesses({ state }: CoverageContext, hash: string): Witness[] {
  const within = beaconHashKey.encodePart(hash);
  const witnesses = [...state.witnesses.entries({ within })].map(([, witness]) => witness);
  return witnesses.filter((witness) => witness.selected);
}
