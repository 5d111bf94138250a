import { defineModule } from '../../chain/module/defineModule.ts';
import { index, item, map, sequence } from '../../chain/state/collections.ts';
import { deviceIdKey } from '../../wire/deviceKeys.ts';
import {
  EventEpochPaid,
  EventReadingScored,
  EventRewardPaid,
  EventStationRegistered,
} from '../../wire/gen/depin/sensors/v1/events.ts';
import { GenesisState } from '../../wire/gen/depin/sensors/v1/genesis.ts';
import { QueryDefinition } from '../../wire/gen/depin/sensors/v1/query.ts';
import {
  Epoch,
  EpochClock,
  Params,
  Reading,
  Reward,
  Station,
} from '../../wire/gen/depin/sensors/v1/sensors.ts';
import { MsgDefinition } from '../../wire/gen/depin/sensors/v1/tx.ts';
import { textKey, uint64Key } from '../../wire/keys.ts';
import { bank } from '../bank/module.ts';
import { devices } from '../devices/module.ts';
import { endEpochIfDue } from './epochs.ts';
import { genesisChecks, startFromGenesis } from './genesis.ts';
import { invariants } from './invariants.ts';
import { rewardKeyCodec, SENSORS_PREFIX } from './keys.ts';
import { registerStation } from './messages/registerStation.ts';
import { checkParams, DEFAULT_PARAMS } from './params.ts';
import { queries } from './queries.ts';
import { acceptReading } from './readings.ts';

export const sensorsUses = { bank, devices };

export const sensorsState = {
  stations: map(SENSORS_PREFIX.stations, deviceIdKey, Station, {
    key: ({ deviceId }) => deviceId,
    indexes: { cell: index(SENSORS_PREFIX.cells, textKey, ({ cell }: Station) => cell) },
  }),
  readings: map(SENSORS_PREFIX.readings, deviceIdKey, Reading, { key: ({ deviceId }) => deviceId }),
  rewards: map(SENSORS_PREFIX.rewards, rewardKeyCodec, Reward, {
    key: ({ epoch, deviceId }) => [epoch, deviceId] as const,
  }),
  epochs: map(SENSORS_PREFIX.epochs, uint64Key, Epoch, { key: ({ number }) => number }),
  clock: item(SENSORS_PREFIX.clock, EpochClock),
  nextNumber: sequence(SENSORS_PREFIX.nextNumber),
};

export const sensorsErrors = {
  NotAStation: [2, 'device is not a weather station', 'notFound'],
  AlreadyRegistered: [3, 'device is a weather station already'],
  UnknownModel: [4, 'no such station model'],
  InvalidCell: [5, 'not an H3 cell of resolution 7'],
  Full: [6, 'no more stations can be registered'],
  SpoofedCell: [7, 'reading is from another cell than the station'],
  TooSoon: [8, 'reading comes too soon after the last one'],
  MalformedReading: [9, 'malformed weather reading'],
} as const;

export const sensorsEvents = {
  stationRegistered: EventStationRegistered,
  readingScored: EventReadingScored,
  rewardPaid: EventRewardPaid,
  epochPaid: EventEpochPaid,
};

/** Sensors: weather stations share an epoch's pool in proportion to the quality of the readings they sign. */
export const sensors = defineModule('sensors', {
  uses: sensorsUses,
  params: {
    prefix: SENSORS_PREFIX.params,
    type: Params,
    default: DEFAULT_PARAMS,
    check: checkParams,
  },
  state: sensorsState,
  errors: sensorsErrors,
  events: sensorsEvents,
  msg: MsgDefinition,
  messages: { registerStation },
  query: QueryDefinition,
  queries,
  genesis: {
    type: GenesisState,
    omit: ['nextNumber'],
    check: genesisChecks,
    start: startFromGenesis,
  },
  on: { devices: { reportAccepted: acceptReading } },
  endBlock: endEpochIfDue,
  invariants,
});
