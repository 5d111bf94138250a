import { isCell } from '../../chain/math/h3.ts';
import type { Handlers } from '../../chain/module/defineModule.ts';
import { sdkError } from '../../chain/module/errors.ts';
import { paginate } from '../../chain/state/pagination.ts';
import type { QueryDefinition } from '../../wire/gen/depin/sensors/v1/query.ts';
import type { Station } from '../../wire/gen/depin/sensors/v1/sensors.ts';
import type { SensorsView } from './context.ts';

const DEVICE_ID = /^[0-9a-f]{40}$/;

export const queries: Handlers<QueryDefinition, SensorsView> = {
  params: ({ params }) => ({ params }),
  station: (view, { deviceId }) => ({ station: knownStation(view, deviceId) }),
  stations({ state, fail }, { cell, pagination }) {
    if (cell === '') {
      const page = paginate(state.stations, pagination);
      return { stations: page.entries.map(([, each]) => each), pagination: page.pagination };
    }
    if (!isCell(cell)) throw fail.InvalidCell(`cell: got "${cell.slice(0, 40)}"`);
    const page = paginate(state.stations.by.cell(cell), pagination);
    return { stations: page.entries.map(([, each]) => each), pagination: page.pagination };
  },
  reading(view, { deviceId }) {
    knownStation(view, deviceId);
    const reading = view.state.readings.get(deviceId);
    if (reading === undefined) throw sdkError('notFound', `station ${deviceId} has no reading`);
    return { reading };
  },
  epoch({ state }, { number }) {
    const current = state.clock.must();
    const ended = state.epochs.get(number === 0n ? current.number - 1n : number);
    if (ended !== undefined) return { current, ended };
    if (number !== 0n) throw sdkError('notFound', `epoch ${number}: not ended, or forgotten`);
    return { current };
  },
  reward(view, { deviceId, epoch }) {
    knownStation(view, deviceId);
    const number = epoch === 0n ? view.state.clock.must().number - 1n : epoch;
    const reward = view.state.rewards.get([number, deviceId]);
    if (reward === undefined) {
      throw sdkError(
        'notFound',
        `station ${deviceId}: no reading in epoch ${number}, or forgotten`,
      );
    }
    return { reward };
  },
};

/** @throws ChainError sensors/NotAStation when the text is no id of a registered station. */
function knownStation({ state, fail }: SensorsView, deviceId: string): Station {
  if (!DEVICE_ID.test(deviceId)) {
    throw fail.NotAStation(`device_id: expected 40 hex digits, got "${deviceId.slice(0, 60)}"`);
  }
  const station = state.stations.get(deviceId);
  if (station === undefined) throw fail.NotAStation(`device_id: ${deviceId}`);
  return station;
}
