/** What the light client reads and writes of `depin.devices.v1`, by the numbers of its `.proto` texts. */
import type {
  Batch,
  Device,
  DeviceKey,
  SignedReport,
} from '../wire/gen/depin/devices/v1/devices.ts';
import type {
  QueryReportRequest,
  QueryReportResponse,
} from '../wire/gen/depin/devices/v1/query.ts';
import { messageCodec } from './messageCodec.ts';

/** The number of the status of a device that may report. */
export const STATUS_ACTIVE = 1;

const deviceKeyCodec = messageCodec<DeviceKey>('device key', {
  type: { number: 1, holds: 'enum' },
  publicKey: { number: 2, holds: 'bytes' },
  fromSequence: { number: 3, holds: 'uint64' },
});

/** The record of a device, as state holds it. */
export const deviceCodec = messageCodec<Device>('device', {
  id: { number: 1, holds: 'string' },
  owner: { number: 2, holds: 'string' },
  status: { number: 3, holds: 'enum' },
  keys: { number: 4, holds: deviceKeyCodec, repeated: true },
  registeredHeight: { number: 5, holds: 'int64' },
  revokedHeight: { number: 6, holds: 'int64' },
  sequence: { number: 7, holds: 'uint64' },
  lastBatch: { number: 8, holds: 'uint64' },
  lastIndex: { number: 9, holds: 'uint32' },
  lastTimeMs: { number: 10, holds: 'uint64' },
});

/** A report with its signature. */
export const signedReportCodec = messageCodec<SignedReport>('signed report', {
  deviceId: { number: 1, holds: 'string' },
  sequence: { number: 2, holds: 'uint64' },
  timeMs: { number: 3, holds: 'uint64' },
  kind: { number: 4, holds: 'uint32' },
  payload: { number: 5, holds: 'bytes' },
  signature: { number: 6, holds: 'bytes' },
});

/** The root of a batch of reports, as state holds it. */
export const batchCodec = messageCodec<Batch>('batch', {
  id: { number: 1, holds: 'uint64' },
  root: { number: 2, holds: 'bytes' },
  count: { number: 3, holds: 'uint32' },
  submitter: { number: 4, holds: 'string' },
  height: { number: 5, holds: 'int64' },
});

/** The question for the newest report of a device. */
export const reportRequestCodec = messageCodec<QueryReportRequest>('report request', {
  deviceId: { number: 1, holds: 'string' },
});

/** Its answer. */
export const reportResponseCodec = messageCodec<QueryReportResponse>('report response', {
  report: { number: 1, holds: signedReportCodec },
  batchId: { number: 2, holds: 'uint64' },
  index: { number: 3, holds: 'uint32' },
  total: { number: 4, holds: 'uint32' },
  path: { number: 5, holds: 'bytes', repeated: true },
});
