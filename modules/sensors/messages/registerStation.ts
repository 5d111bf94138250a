import { isCell, resolutionOf } from '../../../chain/math/h3.ts';
import type {
  MsgRegisterStation,
  MsgRegisterStationResponse,
} from '../../../wire/gen/depin/sensors/v1/tx.ts';
import type { SensorsContext } from '../context.ts';

/** About 5 square kilometres. */
export const CELL_RESOLUTION = 7;

/** SEN-1 to SEN-3. */
export function registerStation(
  context: SensorsContext,
  message: MsgRegisterStation,
): MsgRegisterStationResponse {
  const { state, emit } = context;
  context.addresses.parse(message.owner, 'owner');
  context.devices.owned(message.deviceId, message.owner);
  checkRegistration(context, message);
  const { deviceId, model, cell } = message;
  const number = state.nextNumber.next();
  state.stations.set(deviceId, {
    deviceId,
    model,
    cell,
    number,
    registeredHeight: context.height,
  });
  emit.stationRegistered({ deviceId, owner: message.owner, model, cell, number });
  return { number };
}

function checkRegistration(
  { state, params, fail }: SensorsContext,
  { deviceId, model, cell }: MsgRegisterStation,
): void {
  const station = state.stations.get(deviceId);
  if (station !== undefined) {
    throw fail.AlreadyRegistered(`device_id: ${deviceId} in cell ${station.cell}`);
  }
  if (!params.models.some((each) => each.name === model)) {
    throw fail.UnknownModel(`model: got "${model.slice(0, 40)}"`);
  }
  if (!isCell(cell)) throw fail.InvalidCell(`cell: got "${cell.slice(0, 40)}"`);
  const resolution = resolutionOf(cell);
  if (resolution !== CELL_RESOLUTION) {
    throw fail.InvalidCell(`cell: expected resolution ${CELL_RESOLUTION}, got ${resolution}`);
  }
  if (state.nextNumber.peek() > BigInt(params.maxStations)) {
    throw fail.Full(`expected at most ${params.maxStations} stations`);
  }
}
