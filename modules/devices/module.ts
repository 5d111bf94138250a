import { defineModule, hook } from '../../chain/module/defineModule.ts';
import { index, map, sequence } from '../../chain/state/collections.ts';
import { bytesValue, uint64Value } from '../../chain/state/values.ts';
import { deviceIdKey } from '../../wire/deviceKeys.ts';
import { Batch, Device, Params } from '../../wire/gen/depin/devices/v1/devices.ts';
import {
  EventBatchCommitted,
  EventDeviceRegistered,
  EventDeviceRevoked,
  EventKeyRotated,
  EventReportAccepted,
  EventReportRefused,
} from '../../wire/gen/depin/devices/v1/events.ts';
import { GenesisState } from '../../wire/gen/depin/devices/v1/genesis.ts';
import { QueryDefinition } from '../../wire/gen/depin/devices/v1/query.ts';
import { MsgDefinition } from '../../wire/gen/depin/devices/v1/tx.ts';
import { fixedBytesKey, textKey, uint64Key } from '../../wire/keys.ts';
import type { Report } from '../../wire/report.ts';
import {
  checkDevice,
  checkParams,
  DEFAULT_PARAMS,
  keyRegistryHolds,
  refusalCounts,
  startFromGenesis,
} from './genesis.ts';
import { DEVICES_PREFIX } from './keys.ts';
import { registerDevice, revokeDevice, rotateKey } from './messages/lifecycle.ts';
import { reportSignatures, submitReports } from './messages/submitReports.ts';
import { ownedDevice } from './ownership.ts';
import { queries } from './queries.ts';

/** A report whose signature, sequence and clock the devices module has checked. */
export interface AcceptedReport {
  /** The record as it stands before this report. */
  readonly device: Device;
  readonly report: Report;
  /** SHA-256 of the canonical report bytes. */
  readonly hash: Uint8Array;
}

export const devicesState = {
  devices: map(DEVICES_PREFIX.devices, deviceIdKey, Device, {
    key: ({ id }) => id,
    indexes: { owner: index(DEVICES_PREFIX.owners, textKey, (device: Device) => device.owner) },
  }),
  /** Every key that any device ever had, by fingerprint, to the id of its device. */
  keys: map(DEVICES_PREFIX.keys, fixedBytesKey(32), bytesValue),
  batches: map(DEVICES_PREFIX.batches, uint64Key, Batch, { key: ({ id }) => id }),
  nextBatch: sequence(DEVICES_PREFIX.nextBatch),
  refusals: map(DEVICES_PREFIX.refusals, textKey, uint64Value),
};

export const devicesErrors = {
  NotFound: [2, 'device is not registered', 'notFound'],
  NotOwner: [3, 'device belongs to another owner'],
  Revoked: [4, 'device is revoked'],
  KeyTaken: [5, 'key belongs to a device already'],
  InvalidKey: [6, 'invalid device key'],
  BadSignature: [7, 'device signature does not verify'],
  Replayed: [8, 'report sequence was used before'],
  FromFuture: [9, 'report is from the future'],
  Stale: [10, 'report is too old'],
  MalformedReport: [11, 'malformed report'],
  UnknownKind: [12, 'no vertical takes this kind of report'],
  EmptyBatch: [13, 'batch holds no report'],
  BatchTooLarge: [14, 'batch holds too many reports'],
  TooManyKeys: [15, 'device has used up its keys'],
} as const;

export const devicesEvents = {
  deviceRegistered: EventDeviceRegistered,
  keyRotated: EventKeyRotated,
  deviceRevoked: EventDeviceRevoked,
  reportAccepted: EventReportAccepted,
  reportRefused: EventReportRefused,
  batchCommitted: EventBatchCommitted,
};

export const devicesHooks = {
  /**
   * Asks the verticals about a report. One that takes its kind answers true; one that throws a ChainError
   * refuses the report, and nothing of it stays.
   */
  reportAccepted: hook<(accepted: AcceptedReport) => boolean>(),
};

/** Devices: which hardware exists, whose it is, with which key it signs, and what it reported. */
export const devices = defineModule('devices', {
  params: {
    prefix: DEVICES_PREFIX.params,
    type: Params,
    default: DEFAULT_PARAMS,
    check: checkParams,
  },
  state: devicesState,
  errors: devicesErrors,
  events: devicesEvents,
  hooks: devicesHooks,
  msg: MsgDefinition,
  messages: { registerDevice, rotateKey, revokeDevice, submitReports },
  signatures: { submitReports: reportSignatures },
  query: QueryDefinition,
  queries,
  genesis: {
    type: GenesisState,
    omit: ['keys', 'nextBatch'],
    own: { refusals: refusalCounts },
    check: { devices: checkDevice },
    start: startFromGenesis,
  },
  invariants: {
    'every key of every device is reserved for that device': keyRegistryHolds,
  },
  views: ({ state }) => ({
    device: (id: string): Device | undefined => state.devices.get(id),
  }),
  api: (context) => ({
    /** The device, which is active and the owner's. @throws ChainError devices/2, /3 or /4. */
    owned: (id: string, owner: string): Device => ownedDevice(context, id, owner),
  }),
});
