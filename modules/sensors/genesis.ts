/** What a genesis of the sensors module must be beyond its form (SEN-18). */
import { parseAmount } from '../../chain/math/coins.ts';
import { isCell, resolutionOf } from '../../chain/math/h3.ts';
import type { Refuse } from '../../chain/module/defineModule.ts';
import { sdkError } from '../../chain/module/errors.ts';
import type { GenesisState } from '../../wire/gen/depin/sensors/v1/genesis.ts';
import type {
  Epoch,
  EpochClock,
  Reading,
  Reward,
  Station,
} from '../../wire/gen/depin/sensors/v1/sensors.ts';
import type { SensorsContext } from './context.ts';
import { CELL_RESOLUTION } from './messages/registerStation.ts';

/** The checks of the entries, each before it is written. */
export const genesisChecks = {
  clock: checkClock,
  stations: checkStation,
  readings: checkReading,
  rewards: checkReward,
  epochs: checkEpoch,
};

function checkClock(_context: SensorsContext, clock: EpochClock, refuse: Refuse): void {
  parseAmount(clock.carried, refuse.at('carried'));
  if (clock.number < 1n) throw refuse('number', `expected 1 or more, got ${clock.number}`);
}

function checkStation(
  { devices, params }: SensorsContext,
  { deviceId, model, cell }: Station,
  refuse: Refuse,
): void {
  if (devices.device(deviceId) === undefined) throw refuse('device_id', 'no such device');
  if (!params.models.some(({ name }) => name === model)) {
    throw refuse('model', `no model "${model}" in params`);
  }
  if (!isCell(cell) || resolutionOf(cell) !== CELL_RESOLUTION) {
    throw refuse('cell', `expected an H3 cell of resolution ${CELL_RESOLUTION}`);
  }
}

function checkReading({ state }: SensorsContext, reading: Reading, refuse: Refuse): void {
  if (!state.stations.has(reading.deviceId)) throw refuse('device_id', 'expected a station');
  if (reading.measurements === undefined) throw refuse('measurements', 'missing');
}

function checkReward({ state }: SensorsContext, reward: Reward, refuse: Refuse): void {
  if (!state.stations.has(reward.deviceId)) throw refuse('device_id', 'expected a station');
  if (reward.epoch > runningEpoch(state)) throw refuse('epoch', 'lies in the future');
}

function checkEpoch({ state }: SensorsContext, epoch: Epoch, refuse: Refuse): void {
  if (epoch.number >= runningEpoch(state)) throw refuse('number', 'has not ended');
}

/** A new chain has no clock yet. */
const runningEpoch = (state: SensorsContext['state']): bigint => state.clock.get()?.number ?? 1n;

/** A chain without a clock starts its first epoch now. The next number follows from the stations. */
export function startFromGenesis(context: SensorsContext, { clock, stations }: GenesisState): void {
  const { state, params, timeNs, bank } = context;
  // The account must be the module's before anyone can send to its address.
  bank.openModuleAccount('sensors', 'minter');
  if (clock === undefined) state.clock.set({ number: 1n, startTimeNs: timeNs, carried: '0' });
  if (stations.length > params.maxStations) {
    throw sdkError(
      'invalidRequest',
      `stations: expected at most ${params.maxStations}, got ${stations.length}`,
    );
  }
  checkNumbers(stations);
  state.nextNumber.set(BigInt(stations.length) + 1n);
}

/** Stations are numbered from 1 in the order of registration, and none is ever removed. */
function checkNumbers(stations: readonly Station[]): void {
  const numbers = new Set<bigint>();
  stations.forEach(({ number }, i) => {
    if (number >= 1n && number <= BigInt(stations.length) && !numbers.has(number)) {
      numbers.add(number);
      return;
    }
    throw sdkError(
      'invalidRequest',
      `stations[${i}].number: expected the order of registration, got ${number}`,
    );
  });
}
