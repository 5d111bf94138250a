/** From a trusted header to what a device reported: every link is checked, and the first that breaks is named. */
import { batchKey, DEVICES_STORE, deviceKey } from '../wire/deviceKeys.ts';
import type { Device, SignedReport } from '../wire/gen/depin/devices/v1/devices.ts';
import { nobleVerifier } from '../wire/signature.ts';
import { findRecord, type RecordFinding } from './deviceRecord.ts';
import {
  checkIsNewest,
  placeInBatch,
  provenBatch,
  queryReport,
  readReport,
  type ServedReport,
  signatureOfDevice,
  signedBytes,
} from './deviceReport.ts';
import { type ProvenState, proveState } from './provenState.ts';
import { rememberingVerifier } from './rememberingVerifier.ts';
import { proofSize, queryStore } from './storeProof.ts';
import type { SyncOptions } from './sync.ts';
import { type Finding, type Step, StepFailure, Trail, TrailEnded } from './trail.ts';

/** What is asked, and what it is verified with. */
export interface VerifyDeviceOptions extends SyncOptions {
  /** 40 hex digits. */
  readonly deviceId: string;
  /** Height of the state that is read. @default the node's latest less one */
  readonly height?: bigint | undefined;
}

/** The newest report of a device, proven at `height`; or the step that failed, the last of `steps`. */
export interface DeviceVerification {
  readonly verified: boolean;
  readonly steps: readonly Step[];
  /** Only when all steps hold. */
  readonly report?: SignedReport;
  /** The proven record, only when all steps hold. */
  readonly device?: Device;
  /** The state's height, once the header above it is verified. */
  readonly height?: bigint;
  /** Time of that header, in nanoseconds since the Unix epoch: how fresh the proof is. */
  readonly time?: bigint;
  readonly headersFetched: number;
  /** Bytes of both store proofs, the Merkle path, the report and its signature, as far as it came. */
  readonly proofSizeBytes: number;
}

interface Progress {
  headersFetched: number;
  proofSizeBytes: number;
  height?: bigint;
  time?: bigint;
}

/**
 * Verifies the newest report of a device, from a header that is trusted by its hash, through a node that is
 * not. Never rejects for what a node says or does not say: `verified` is false then, and the last step says why.
 * @throws TypeError for a device id that is not 40 hex digits.
 *
 * @example
 * const provider = new HttpProvider({ url: 'http://localhost:26657', chainId });
 * const now = BigInt(Date.now()) * 1_000_000n;
 * const { verified, steps, report } = await verifyDevice({ provider, chainId, trust, deviceId, now });
 * for (const { name, ok, detail } of steps) console.log(ok ? 'ok' : 'FAILED', name, detail);
 */
export async function verifyDevice(options: VerifyDeviceOptions): Promise<DeviceVerification> {
  if (!/^[0-9a-fA-F]{40}$/.test(options.deviceId)) {
    const given = JSON.stringify(options.deviceId.slice(0, 80));
    throw new TypeError(`deviceId: expected 40 hex digits, got ${given}`);
  }
  const deviceId = options.deviceId.toLowerCase();
  const verifier = rememberingVerifier(options.verifier ?? nobleVerifier);
  const asked = { ...options, deviceId, verifier };
  const trail = new Trail();
  const progress: Progress = { headersFetched: 0, proofSizeBytes: 0 };
  try {
    const state = await proveState(asked, trail, progress);
    const proven = await proveReport(asked, state, { trail, progress });
    return { verified: true, steps: trail.steps, ...proven, ...progress };
  } catch (error) {
    if (!(error instanceof TrailEnded)) throw error;
    return { verified: false, steps: trail.steps, ...progress };
  }
}

interface Course {
  readonly trail: Trail;
  readonly progress: Progress;
}

/** The steps under a proven AppHash. */
async function proveReport(
  options: VerifyDeviceOptions,
  state: ProvenState,
  { trail, progress }: Course,
): Promise<{ report: SignedReport; device: Device }> {
  const { provider, chainId, verifier = nobleVerifier } = options;
  const [served, record] = await Promise.all([
    askForReport(options, state),
    askForRecord(options, state, progress),
  ]);
  if (!served.ok && !record.ok && record.isProven) {
    // No report to follow: the record alone says why.
    return trail.step('device record', () => fail(record.detail));
  }
  const batch = await trail.step('store proof of the batch root', async () => {
    if (!served.ok) return fail(served.detail);
    const { batchId } = served.report;
    const key = batchKey(batchId);
    const answer = await queryStore(provider, { ...state, store: DEVICES_STORE, key });
    progress.proofSizeBytes += proofSize(answer);
    return provenBatch({ ...state, batchId }, answer);
  });
  const report = reportOf(served);
  const bytes = await trail.step('Merkle path of the report', () => {
    const signed = signedBytes(chainId, report.report);
    progress.proofSizeBytes += sizeOf([signed, report.report.signature, ...report.path]);
    return { ...placeInBatch(signed, report, batch), found: signed };
  });
  const device = await trail.step('device record', () => matchRecord(record, report));
  const signer = { device, verifier };
  await trail.step('device signature', () => signatureOfDevice(bytes, report.report, signer));
  return { report: report.report, device };
}

type Served =
  | { readonly ok: true; readonly report: ServedReport }
  | { readonly ok: false; readonly detail: string };

async function askForReport(
  options: VerifyDeviceOptions,
  { height }: ProvenState,
): Promise<Served> {
  try {
    const answer = await queryReport(options.provider, options.deviceId, height);
    return { ok: true, report: readReport(answer, height) };
  } catch (error) {
    return { ok: false, detail: messageOf(error) };
  }
}

async function askForRecord(
  { provider, deviceId }: VerifyDeviceOptions,
  state: ProvenState,
  progress: Progress,
): Promise<RecordFinding> {
  try {
    const key = deviceKey(deviceId);
    const answer = await queryStore(provider, { ...state, store: DEVICES_STORE, key });
    progress.proofSizeBytes += proofSize(answer);
    return findRecord({ ...state, deviceId }, answer);
  } catch (error) {
    return { ok: false, isProven: false, detail: messageOf(error) };
  }
}

function matchRecord(record: RecordFinding, report: ServedReport): Finding<Device> {
  if (!record.ok) return fail(record.detail);
  const { device } = record;
  checkIsNewest(device, report);
  const { sequence, registeredHeight, keys } = device;
  const since = `registered at height ${registeredHeight}, not revoked`;
  return { detail: `${since}, key ${keys.length}, sequence ${sequence}`, found: device };
}

function reportOf(served: Served): ServedReport {
  return served.ok ? served.report : fail(served.detail);
}

function fail(detail: string): never {
  throw new StepFailure(detail);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((size, part) => size + part.length, 0);
}
