import { parseAmount } from '../../chain/math/coins.ts';
import { isCell, resolutionOf } from '../../chain/math/h3.ts';
import { sdkError } from '../../chain/module/errors.ts';
import type { GenesisState } from '../../wire/gen/depin/sensors/v1/genesis.ts';
import type { Params, Station } from '../../wire/gen/depin/sensors/v1/sensors.ts';
import type { SensorsContext, SensorsView } from './context.ts';
import { CELL_RESOLUTION } from './messages/registerStation.ts';
import { checkParams, DEFAULT_PARAMS } from './params.ts';

const refuse = (field: string, words: string): Error =>
  sdkError('invalidRequest', `${field}: ${words}`);

/** A chain without a clock starts its first epoch now. @throws ChainError naming the field that is wrong. */
export function initGenesis(context: SensorsContext, genesis: GenesisState): void {
  const { state, timeNs } = context;
  const params = checkParams(genesis.params ?? DEFAULT_PARAMS);
  context.setParams(params);
  // The account must be the module's before anyone can send to its address.
  context.bank.mint('sensors', []);
  initStations(context, genesis.stations, params);
  const clock = genesis.clock ?? { number: 1n, startTimeNs: timeNs, carried: '0' };
  parseAmount(clock.carried, 'clock.carried');
  if (clock.number < 1n) throw refuse('clock.number', `expected 1 or more, got ${clock.number}`);
  state.clock.set(clock);
  genesis.readings.forEach((reading, i) => {
    const field = `readings[${i}]`;
    if (!state.stations.has(reading.deviceId)) throw refuse(field, 'expected a station');
    if (reading.measurements === undefined) throw refuse(`${field}.measurements`, 'missing');
    state.readings.set(reading.deviceId, reading);
  });
  genesis.rewards.forEach((reward, i) => {
    const field = `rewards[${i}]`;
    if (!state.stations.has(reward.deviceId)) throw refuse(field, 'expected a station');
    if (reward.epoch > clock.number) throw refuse(`${field}.epoch`, 'lies in the future');
    state.rewards.set([reward.epoch, reward.deviceId], reward);
  });
  genesis.epochs.forEach((epoch, i) => {
    if (epoch.number >= clock.number) throw refuse(`epochs[${i}].number`, 'has not ended');
    state.epochs.set(epoch.number, epoch);
  });
}

function initStations(
  { state, devices }: SensorsContext,
  stations: readonly Station[],
  params: Params,
): void {
  if (stations.length > params.maxStations) {
    throw refuse('stations', `expected at most ${params.maxStations}, got ${stations.length}`);
  }
  const numbers = new Set<bigint>();
  stations.forEach((station, i) => {
    const { deviceId, model, cell, number } = station;
    const field = `stations[${i}]`;
    if (devices.device(deviceId) === undefined)
      throw refuse(`${field}.device_id`, 'no such device');
    if (state.stations.has(deviceId))
      throw refuse(`${field}.device_id`, `${deviceId} stands twice`);
    if (!params.models.some(({ name }) => name === model)) {
      throw refuse(`${field}.model`, `no model "${model}" in params`);
    }
    if (!isCell(cell) || resolutionOf(cell) !== CELL_RESOLUTION) {
      throw refuse(`${field}.cell`, `expected an H3 cell of resolution ${CELL_RESOLUTION}`);
    }
    if (number < 1n || number > BigInt(stations.length) || numbers.has(number)) {
      throw refuse(`${field}.number`, `expected the order of registration, got ${number}`);
    }
    numbers.add(number);
    state.stations.set(deviceId, station);
    state.cells.add([cell, deviceId]);
  });
  state.nextNumber.set(BigInt(stations.length) + 1n);
}

export function exportGenesis({ state, params }: SensorsView): GenesisState {
  const values = <V>(collection: { entries(): Iterable<readonly [unknown, V]> }): V[] =>
    [...collection.entries()].map(([, value]) => value);
  return {
    params,
    stations: values(state.stations),
    readings: values(state.readings),
    rewards: values(state.rewards),
    epochs: values(state.epochs),
    clock: state.clock.must(),
  };
}
