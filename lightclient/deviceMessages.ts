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
  type: { number: 1, holds: 'enum' },
  publicKey: { number: 2, holds: 'bytes' },
  fromSequence: { number: 3, holds: 'uint64' },
});

/** The record of a device, as state holds it. */
export const deviceCodec = /* @__PURE__ */ messageCodec<Device>('device', {
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
export const signedReportCodec = /* @__PURE__ */ messageCodec<SignedReport>('signed report', {
  deviceId: { number: 1, holds: 'string' },
  sequence: { number: 2, holds: 'uint64' },
  timeMs: { number: 3, holds: 'uint64' },
  kind: { number: 4, holds: 'uint32' },
  payload: { number: 5, holds: 'bytes' },
  signature: { number: 6, holds: 'bytes' },
});

/** The root of a batch of reports, as state holds it. */
export const batchCodec = /* @__PURE__ */ messageCodec<Batch>('batch', {
  id: { number: 1, holds: 'uint64' },
  root: { number: 2, holds: 'bytes' },
  count: { number: 3, holds: 'uint32' },
  submitter: { number: 4, holds: 'string' },
  height: { number: 5, holds: 'int64' },
});

/** The question for the newest report of a device. */
export const reportRequestCodec = /* @__PURE__ */ messageCodec<{ readonly deviceId: string }>(
  'report request',
  {
    deviceId: { number: 1, holds: 'string' },
  },
);

/** Its answer. */
export const reportResponseCodec = /* @__PURE__ */ messageCodec<ReportResponse>('report response', {
  report: { number: 1, holds: signedReportCodec },
  batchId: { number: 2, holds: 'uint64' },
  index: { number: 3, holds: 'uint32' },
  total: { number: 4, holds: 'uint32' },
  path: { number: 5, holds: 'bytes', repeated: true },
});
