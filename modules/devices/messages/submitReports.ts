import type { SignatureJob } from '../../../chain/crypto/backend.ts';
import type { ChainError } from '../../../chain/module/errors.ts';
import { concatBytes, fromHex, toHex } from '../../../wire/bytes.ts';
import {
  type Device,
  DeviceStatus,
  type SignedReport,
} from '../../../wire/gen/depin/devices/v1/devices.ts';
import type {
  MsgSubmitReports,
  MsgSubmitReportsResponse,
  RefusedReport,
} from '../../../wire/gen/depin/devices/v1/tx.ts';
import { sha256 } from '../../../wire/hash.ts';
import { merkleRoot } from '../../../wire/merkle.ts';
import {
  encodeReport,
  type Report,
  reportLeaf,
  verifyReportSignature,
} from '../../../wire/report.ts';
import type { KeyType } from '../../../wire/signature.ts';
import type { DevicesContext, DevicesView } from '../context.ts';
import { keyFor, registeredKey } from '../identity.ts';
import { isDeviceId, knownDevice } from '../ownership.ts';

/** What the SDK charges for one verification; a report costs the same as a signature of a transaction. */
const VERIFY_GAS: Record<KeyType, bigint> = { ed25519: 590n, secp256k1: 1000n, p256: 500n };

/** Where in which batch a report will stand. */
interface Position {
  readonly batchId: bigint;
  readonly index: number;
}

/** DEV-4: the accepted reports become one batch; the others are counted and named. */
export function submitReports(
  context: DevicesContext,
  message: MsgSubmitReports,
): MsgSubmitReportsResponse {
  const { params, fail, state, emit } = context;
  context.addresses.parse(message.submitter, 'submitter');
  const { reports } = message;
  if (reports.length === 0) throw fail.EmptyBatch('reports');
  if (reports.length > params.maxBatchReports) {
    throw fail.BatchTooLarge(
      `reports: expected at most ${params.maxBatchReports}, got ${reports.length}`,
    );
  }
  const batchId = state.nextBatch.peek();
  const leaves: Uint8Array[] = [];
  const refused: { index: number; report: SignedReport; error: ChainError }[] = [];
  reports.forEach((report, index) => {
    const error = context.attempt((branch) => {
      leaves.push(acceptReport(branch, report, { batchId, index: leaves.length }));
    });
    if (error !== undefined) refused.push({ index, report, error });
  });
  if (leaves.length === 0) throw refused[0]!.error;
  const root = merkleRoot(leaves);
  state.nextBatch.next();
  state.batches.set(batchId, {
    id: batchId,
    root,
    count: leaves.length,
    submitter: message.submitter,
    height: context.height,
  });
  context.archive(root, concatBytes(...leaves));
  for (const { report, error } of refused) noteRefusal(context, report, error);
  emit.batchCommitted({
    batchId,
    root: toHex(root),
    accepted: leaves.length,
    refused: refused.length,
    submitter: message.submitter,
  });
  return { batchId, root, accepted: leaves.length, refused: refused.map(toRefusedReport) };
}

/** The signatures of the reports whose devices are known: most of the work of a batch. */
export function reportSignatures(
  { state, chainId }: DevicesView,
  { reports }: MsgSubmitReports,
): SignatureJob[] {
  return reports.flatMap((signed) => {
    const { deviceId, sequence, timeMs, kind, payload, signature } = signed;
    const device = isDeviceId(deviceId) ? state.devices.get(deviceId) : undefined;
    if (device === undefined || payload.length !== 64 || kind > 0xffff) return [];
    const { keyType: type, publicKey } = registeredKey(keyFor(device, sequence));
    const report = { deviceId: fromHex(deviceId), sequence, timeMs, kind, payload };
    return [{ type, signature, message: encodeReport(chainId, report), publicKey }];
  });
}

/** Checks one report, asks the verticals, and moves its device on. Gives the leaf for the batch. */
function acceptReport(
  context: DevicesContext,
  signed: SignedReport,
  position: Position,
): Uint8Array {
  const device = knownDevice(context, signed.deviceId);
  if (device.status !== DeviceStatus.DEVICE_STATUS_ACTIVE) {
    throw context.fail.Revoked(`device ${device.id} at height ${device.revokedHeight}`);
  }
  const report = reportOf(context, signed);
  checkSequence(context, device, report);
  checkClock(context, report.timeMs);
  const bytes = encodeReport(context.chainId, report);
  checkSignature(context, device, { report, bytes, signature: signed.signature });
  const taken = context.hooks.reportAccepted({ device, report, hash: sha256(bytes) });
  if (!taken.includes(true)) throw context.fail.UnknownKind(`kind: ${report.kind}`);
  context.state.devices.set(device.id, {
    ...device,
    sequence: report.sequence,
    lastBatch: position.batchId,
    lastIndex: position.index,
    lastTimeMs: report.timeMs,
  });
  context.emit.reportAccepted({
    deviceId: device.id,
    sequence: report.sequence,
    kind: report.kind,
    batchId: position.batchId,
    index: position.index,
  });
  return reportLeaf(bytes, signed.signature);
}

function reportOf({ fail }: DevicesContext, signed: SignedReport): Report {
  const { sequence, timeMs, kind, payload } = signed;
  if (payload.length !== 64) {
    throw fail.MalformedReport(`payload: expected 64 bytes, got ${payload.length}`);
  }
  if (signed.signature.length !== 64) {
    throw fail.MalformedReport(`signature: expected 64 bytes, got ${signed.signature.length}`);
  }
  if (kind > 0xffff) throw fail.MalformedReport(`kind: expected at most 65535, got ${kind}`);
  return { deviceId: fromHex(signed.deviceId), sequence, timeMs, kind, payload };
}

function checkSequence({ fail }: DevicesContext, device: Device, { sequence }: Report): void {
  if (sequence > device.sequence) return;
  throw fail.Replayed(`sequence: expected over ${device.sequence}, got ${sequence}`);
}

function checkClock({ fail, params, timeNs }: DevicesContext, timeMs: bigint): void {
  const blockMs = timeNs / 1_000_000n;
  if (timeMs > blockMs + params.maxClockDriftMs) {
    throw fail.FromFuture(`time_ms: ${timeMs} at block time ${blockMs}`);
  }
  if (timeMs + params.maxReportAgeMs < blockMs) {
    throw fail.Stale(`time_ms: ${timeMs} at block time ${blockMs}`);
  }
}

interface Signed {
  readonly report: Report;
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}

function checkSignature(context: DevicesContext, device: Device, signed: Signed): void {
  const key = registeredKey(keyFor(device, signed.report.sequence));
  context.consumeGas(VERIFY_GAS[key.keyType], 'device signature');
  if (!verifyReportSignature(context.verifier, key, signed.bytes, signed.signature)) {
    throw context.fail.BadSignature(`device ${device.id}, sequence ${signed.report.sequence}`);
  }
}

function noteRefusal(
  { state, emit }: DevicesContext,
  report: SignedReport,
  error: ChainError,
): void {
  const reason = reasonOf(error);
  state.refusals.set(reason, (state.refusals.get(reason) ?? 0n) + 1n);
  emit.reportRefused({ deviceId: report.deviceId.slice(0, 40), sequence: report.sequence, reason });
}

/** The table's words without the detail: few and fixed, so that counting them stays bounded. */
function reasonOf(error: ChainError): string {
  return `${error.codespace}/${error.code}: ${error.message.split(': ').at(-1)}`;
}

const toRefusedReport = (refusal: { index: number; error: ChainError }): RefusedReport => ({
  index: refusal.index,
  codespace: refusal.error.codespace,
  code: refusal.error.code,
  reason: refusal.error.message,
});
