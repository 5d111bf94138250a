/** What the light client reads and writes of `depin.devices.v1`, by the numbers of its `.proto` texts. */
import { messageCodec } from '../wire/messageCodec.ts';

/** One key of a device. */
export interface DeviceKey {
  /** 1 ed25519, 2 secp256k1, 3 P-256. */
  readonly type: number;
  readonly publicKey: Uint8Array;
  /** The first report that it signs; it is in force until the next key's. */
  readonly fromSequence: bigint;
}

/** A device as the chain's state has it. */
export interface Device {
  /** 40 lower-case hex digits. */
  readonly id: string;
  readonly owner: string;
  /** 1 active, 2 revoked. */
  readonly status: number;
  /** Oldest first. */
  readonly keys: readonly DeviceKey[];
  readonly registeredHeight: bigint;
  /** 0 while it is active. */
  readonly revokedHeight: bigint;
  /** Of its newest report; 0 before the first. */
  readonly sequence: bigint;
  /** The batch that holds that report, and its place there. */
  readonly lastBatch: bigint;
  readonly lastIndex: number;
  /** The report's time by the device's clock, in milliseconds since the Unix epoch. */
  readonly lastTimeMs: bigint;
}

/** A reading as a device signed it. */
export interface SignedReport {
  readonly deviceId: string;
  readonly sequence: bigint;
  /** By the device's clock, in milliseconds since the Unix epoch. */
  readonly timeMs: bigint;
  /** What the payload holds: 1 beacon, 2 witness, 3 weather, 4 heartbeat. */
  readonly kind: number;
  /** 64 bytes. */
  readonly payload: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

/** The root over a batch of reports. */
export interface Batch {
  readonly id: bigint;
  readonly root: Uint8Array;
  /** Reports in it. */
  readonly count: number;
  readonly submitter: string;
  readonly height: bigint;
}

/** A report with its place in a batch, as a node serves it. */
export interface ReportResponse {
  readonly report?: SignedReport | undefined;
  readonly batchId: bigint;
  readonly index: number;
  /** Reports in the batch. */
  readonly total: number;
  /** Sibling hashes from the leaf up (RFC 6962). */
  readonly path: readonly Uint8Array[];
}

/** The number of the status of a device that may report. */
export const STATUS_ACTIVE = 1;

const deviceKeyCodec = /* @__PURE__ */ messageCodec<DeviceKey>('device key', {
  type: 'enum',
  publicKey: 'bytes',
  fromSequence: 'uint64',
});

/** The record of a device, as state holds it. */
export const deviceCodec = /* @__PURE__ */ messageCodec<Device>('device', {
  id: 'string',
  owner: 'string',
  status: 'enum',
  keys: { holds: deviceKeyCodec, repeated: true },
  registeredHeight: 'int64',
  revokedHeight: 'int64',
  sequence: 'uint64',
  lastBatch: 'uint64',
  lastIndex: 'uint32',
  lastTimeMs: 'uint64',
});

/** A report with its signature. */
export const signedReportCodec = /* @__PURE__ */ messageCodec<SignedReport>('signed report', {
  deviceId: 'string',
  sequence: 'uint64',
  timeMs: 'uint64',
  kind: 'uint32',
  payload: 'bytes',
  signature: 'bytes',
});

/** The root of a batch of reports, as state holds it. */
export const batchCodec = /* @__PURE__ */ messageCodec<Batch>('batch', {
  id: 'uint64',
  root: 'bytes',
  count: 'uint32',
  submitter: 'string',
  height: 'int64',
});

/** The question for the newest report of a device. */
export const reportRequestCodec = /* @__PURE__ */ messageCodec<{ readonly deviceId: string }>(
  'report request',
  {
    deviceId: 'string',
  },
);

/** Its answer. */
export const reportResponseCodec = /* @__PURE__ */ messageCodec<ReportResponse>('report response', {
  report: signedReportCodec,
  batchId: 'uint64',
  index: 'uint32',
  total: 'uint32',
  path: { holds: 'bytes', repeated: true },
});
