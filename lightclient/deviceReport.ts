/** A device's newest report as a node serves it, and its place in a batch. */
import { equalBytes, fromHex, toHex } from '../wire/bytes.ts';
import { batchKey, DEVICES_STORE } from '../wire/deviceKeys.ts';
import { leafHash, merkleRootFromProof } from '../wire/merkle.ts';
import { encodeReport, reportLeaf, verifyReportSignature } from '../wire/report.ts';
import {
  type Batch,
  batchCodec,
  type Device,
  type ReportResponse,
  reportRequestCodec,
  reportResponseCodec,
  type SignedReport,
} from './deviceMessages.ts';
import { keyInForce, keyTypeOf } from './deviceRecord.ts';
import { printable } from './jsonRpc.ts';
import { type Provider, ProviderError, type QueryAnswer } from './provider.ts';
import { type AnyVerifier, settle } from './settle.ts';
import { verifyStoreAnswer } from './storeProof.ts';
import { type Finding, refusalText, StepFailure } from './trail.ts';

const REPORT_PATH = '/depin.devices.v1.Query/Report';

/** A report with its claimed place. Nothing of it is proven yet. */
export type ServedReport = Omit<ReportResponse, 'report'> & { readonly report: SignedReport };

/** Asks for the newest report of a device at a height. @throws ProviderError */
export function queryReport(
  provider: Provider,
  deviceId: string,
  height: bigint,
): Promise<QueryAnswer> {
  const data = reportRequestCodec.encode({ deviceId }).finish();
  return provider.abciQuery({ path: REPORT_PATH, data, height });
}

/**
 * The report of an answer about a height.
 * @throws ProviderError where the node serves none, as an honest one may that has pruned this height; StepFailure or
 * TypeError for an answer that is none.
 */
export function readReport(answer: QueryAnswer, height: bigint): ServedReport {
  const { code, log, value } = answer;
  if (code !== 0) throw notServed('report', code, log);
  if (answer.height !== height) {
    throw new StepFailure(`report: got that of height ${answer.height}, expected ${height}`);
  }
  const { report, ...place } = reportResponseCodec.decode(value);
  if (report === undefined) throw new StepFailure('the node serves no report');
  return { ...place, report };
}

/** The error for an answer of the application that it does not serve something. */
export function notServed(what: string, code: number, log: string): ProviderError {
  const text = `the node serves no ${what}: code ${code}: ${printable(log)}`;
  return new ProviderError('notFound', text);
}

interface BatchClaim {
  readonly appHash: Uint8Array;
  readonly height: bigint;
  readonly batchId: bigint;
}

/** The batch that the answer proves. @throws StepFailure or TypeError when it proves none. */
export function provenBatch(claim: BatchClaim, answer: QueryAnswer): Finding<Batch> {
  const { batchId } = claim;
  const key = batchKey(batchId);
  const proven = verifyStoreAnswer({ ...claim, store: DEVICES_STORE, key }, answer);
  if (!proven.ok) throw new StepFailure(refusalText(proven));
  if (proven.value === undefined) throw new StepFailure(`batch ${batchId} does not exist`);
  const batch = batchCodec.decode(proven.value);
  if (batch.id !== batchId) throw new StepFailure(`batch: got ${batch.id}, expected ${batchId}`);
  const detail = `batch ${batchId} of ${batch.count} reports has the root ${toHex(batch.root)}`;
  return { detail, found: batch };
}

/** The canonical bytes that the device signed. @throws TypeError or RangeError for a field that does not fit. */
export function signedBytes(chainId: string, report: SignedReport): Uint8Array {
  const { deviceId, sequence, timeMs, kind, payload } = report;
  const id = fromHex(deviceId, 'report.device_id');
  return encodeReport(chainId, { deviceId: id, sequence, timeMs, kind, payload });
}

/** That the report stands at its place in the batch. @throws StepFailure when it does not. */
export function placeInBatch(bytes: Uint8Array, served: ServedReport, batch: Batch): Finding<void> {
  const { report, index, total, path } = served;
  if (total !== batch.count) {
    throw new StepFailure(`total: got ${total} reports, expected ${batch.count}`);
  }
  const leaf = leafHash(reportLeaf(bytes, report.signature));
  const root = merkleRootFromProof(leaf, index, total, path);
  if (root === undefined) {
    throw new StepFailure(`${path.length} hashes are no path for leaf ${index} of ${total}`);
  }
  if (!equalBytes(root, batch.root)) {
    throw new StepFailure(`root: got ${toHex(root)}, expected ${toHex(batch.root)}`);
  }
  return { detail: `report ${index} of ${total}, ${path.length} hashes`, found: undefined };
}

/** That this is the report which the proven record names as the newest. @throws StepFailure otherwise. */
export function checkIsNewest(device: Device, { report, batchId, index }: ServedReport): void {
  const facts = [
    ['device', report.deviceId, device.id],
    ['sequence', report.sequence, device.sequence],
    ['batch', batchId, device.lastBatch],
    ['index', index, device.lastIndex],
    ['time', report.timeMs, device.lastTimeMs],
  ] as const;
  for (const [name, got, expected] of facts) {
    if (got === expected) continue;
    const text = `not the newest report: ${name} ${got}, but the record says ${expected}`;
    throw new StepFailure(text);
  }
}

/** That the key in force at the report's sequence signed it. @throws StepFailure otherwise. */
export async function signatureOfDevice(
  bytes: Uint8Array,
  report: SignedReport,
  { device, verifier }: { readonly device: Device; readonly verifier: AnyVerifier },
): Promise<Finding<void>> {
  const key = keyInForce(device, report.sequence);
  const keyType = keyTypeOf(key);
  const signer = { keyType, publicKey: key.publicKey };
  const isSigned = await settle(verifier, (settled) =>
    verifyReportSignature(settled, signer, bytes, report.signature),
  );
  if (!isSigned) {
    throw new StepFailure(`not signed by the ${keyType} key ${toHex(key.publicKey)}`);
  }
  return { detail: `by its ${keyType} key ${toHex(key.publicKey)}`, found: undefined };
}
