/** The steps under a proven AppHash: the newest report, the device that signed it, and what was served for it. */
import { batchKey, DEVICES_STORE, deviceKey } from '../wire/deviceKeys.ts';
import type { Device, SignedReport } from './deviceMessages.ts';
import { findRecord, type RecordFinding } from './deviceRecord.ts';
import {
  checkIsNewest,
  notServed,
  placeInBatch,
  provenBatch,
  queryReport,
  readReport,
  type ServedReport,
  signatureOfDevice,
  signedBytes,
} from './deviceReport.ts';
import type { ProvenState } from './provenState.ts';
import type { Provider, QueryAnswer } from './provider.ts';
import type { AnyVerifier } from './settle.ts';
import { proofSize, queryStore } from './storeProof.ts';
import { type Finding, StepFailure, type Trail } from './trail.ts';

/** Which device, of whom, and by which verifier. */
export interface DeviceQuestion {
  readonly provider: Provider;
  readonly chainId: string;
  /** 40 lower-case hex digits. */
  readonly deviceId: string;
  readonly verifier: AnyVerifier;
}

/** A proven report with everything that a node served to prove it. */
export interface DeviceProof {
  readonly report: SignedReport;
  readonly device: Device;
  readonly served: ServedReport;
  readonly recordAnswer: QueryAnswer;
  readonly batchAnswer: QueryAnswer;
}

/** The record of steps, and the bytes of proof so far. */
export interface ProofCourse {
  readonly trail: Trail;
  readonly progress: { proofSizeBytes: number };
}

/** What is asked must be an id: 40 hex digits, given back in lower case. @throws TypeError otherwise. */
export function checkDeviceId(deviceId: string): string {
  if (/^[0-9a-fA-F]{40}$/.test(deviceId)) return deviceId.toLowerCase();
  const given = JSON.stringify(deviceId.slice(0, 80));
  throw new TypeError(`deviceId: expected 40 hex digits, got ${given}`);
}

/**
 * The newest report of a device under a proven AppHash.
 * @throws TrailEnded when a step does not hold; its cause is a StepFailure that says whether state itself tells so.
 */
export async function proveReport(
  question: DeviceQuestion,
  state: ProvenState,
  { trail, progress }: ProofCourse,
): Promise<DeviceProof> {
  const { provider, chainId, verifier } = question;
  const [served, { finding, answer: recordAnswer }] = await Promise.all([
    askForReport(question, state),
    askForRecord(question, state, progress),
  ]);
  if (!served.ok && !finding.ok && finding.isProven) {
    // No report to follow: the record alone says why.
    return trail.step('device record', () => settled(finding.detail));
  }
  if (!served.ok && finding.ok && finding.device.sequence === 0n) {
    const why = 'the device has made no report yet, as its record proves';
    return trail.step('store proof of the batch root', () => settled(why));
  }
  const { batch, batchAnswer } = await trail.step('store proof of the batch root', async () => {
    const { batchId } = reportOf(served);
    const answer = await askForProof(provider, { ...state, key: batchKey(batchId) }, progress);
    const { detail, found } = provenBatch({ ...state, batchId }, answer);
    return { detail, found: { batch: found, batchAnswer: answer } };
  });
  const report = reportOf(served);
  const bytes = await trail.step('Merkle path of the report', () => {
    const signed = signedBytes(chainId, report.report);
    progress.proofSizeBytes += sizeOf([signed, report.report.signature, ...report.path]);
    return { ...placeInBatch(signed, report, batch), found: signed };
  });
  const device = await trail.step('device record', () => matchRecord(finding, report));
  const signer = { device, verifier };
  await trail.step('device signature', () => signatureOfDevice(bytes, report.report, signer));
  return {
    report: report.report,
    device,
    served: report,
    recordAnswer: recordAnswer!,
    batchAnswer,
  };
}

type Served =
  | { readonly ok: true; readonly report: ServedReport }
  | { readonly ok: false; readonly cause: unknown };

async function askForReport(
  { provider, deviceId }: DeviceQuestion,
  { height }: ProvenState,
): Promise<Served> {
  try {
    const answer = await queryReport(provider, deviceId, height);
    return { ok: true, report: readReport(answer, height) };
  } catch (cause) {
    return { ok: false, cause };
  }
}

interface Record {
  readonly finding: RecordFinding & { readonly cause?: unknown };
  /** Present when there was one. */
  readonly answer?: QueryAnswer;
}

async function askForRecord(
  { provider, deviceId }: DeviceQuestion,
  state: ProvenState,
  progress: ProofCourse['progress'],
): Promise<Record> {
  try {
    const key = deviceKey(deviceId);
    const answer = await askForProof(provider, { ...state, key }, progress);
    return { finding: findRecord({ ...state, deviceId }, answer), answer };
  } catch (cause) {
    return { finding: { ok: false, isProven: false, detail: messageOf(cause), cause } };
  }
}

/** @throws ProviderError also where the application does not serve it: an honest node may have pruned this height. */
async function askForProof(
  provider: Provider,
  { height, key }: { readonly height: bigint; readonly key: Uint8Array },
  progress: ProofCourse['progress'],
): Promise<QueryAnswer> {
  const answer = await queryStore(provider, { store: DEVICES_STORE, key, height });
  if (answer.code !== 0) throw notServed('proof', answer.code, answer.log);
  progress.proofSizeBytes += proofSize(answer);
  return answer;
}

function matchRecord(finding: Record['finding'], report: ServedReport): Finding<Device> {
  if (!finding.ok && finding.isProven) return settled(finding.detail);
  if (!finding.ok) throw new StepFailure(finding.detail, { cause: finding.cause });
  const { device } = finding;
  checkIsNewest(device, report);
  const { sequence, registeredHeight, keys } = device;
  const since = `registered at height ${registeredHeight}, not revoked`;
  return { detail: `${since}, key ${keys.length}, sequence ${sequence}`, found: device };
}

function reportOf(served: Served): ServedReport {
  if (served.ok) return served.report;
  throw new StepFailure(messageOf(served.cause), { cause: served.cause });
}

/** What is proven of the state: no other node can say otherwise of this height. */
function settled(detail: string): never {
  throw new StepFailure(detail, { isSettled: true });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((size, part) => size + part.length, 0);
}
