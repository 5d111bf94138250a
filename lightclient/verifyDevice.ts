/** From a trusted header to what a device reported: every link is checked, and the first that breaks is named. */
import type { Header } from '../wire/types.ts';
import { type ExportOptions, exporterOf } from './bundle/exportProof.ts';
import { linksOf } from './bundle/links.ts';
import type { Device, SignedReport } from './deviceMessages.ts';
import { checkDeviceId, type DeviceProof, proveReport } from './deviceProof.ts';
import { unlessAborted } from './orAborted.ts';
import { proveState } from './provenState.ts';
import { rememberingVerifier } from './rememberingVerifier.ts';
import type { SyncOptions } from './sync.ts';
import { type Step, Trail, TrailEnded } from './trail.ts';
import { defaultVerifier } from './webVerifier.ts';

/** What is asked, and what it is verified with. */
export interface VerifyDeviceOptions extends SyncOptions {
  /** 40 hex digits. */
  readonly deviceId: string;
  /** Height of the state that is read. @default the node's latest less one */
  readonly height?: bigint | undefined;
  /** Ends the wait: the call rejects with its reason. What was asked of the node ends by its time-out. */
  readonly signal?: AbortSignal | undefined;
}

/** The newest report of a device, proven at `height`; or the step that failed, the last of `steps`. */
export interface DeviceVerification {
  readonly verified: boolean;
  readonly steps: readonly Step[];
  /** Only when all steps hold. */
  readonly report?: SignedReport;
  /** The proven record, only when all steps hold: its owner, its keys one after the other, not revoked. */
  readonly device?: Device;
  /** The state's height, once the header above it is verified. */
  readonly height?: bigint;
  /** Time of that header, in nanoseconds since the Unix epoch: how fresh the proof is. */
  readonly time?: bigint;
  readonly headersFetched: number;
  /** Bytes of both store proofs, the Merkle path, the report and its signature, as far as it came. */
  readonly proofSizeBytes: number;
  /** Only when all steps hold: the proof in one piece, for `verifyProofBundle` on another machine. */
  readonly exportProof?: (options?: ExportOptions) => Uint8Array;
}

/** All steps hold. */
export interface ProvenDevice extends DeviceVerification {
  readonly verified: true;
  readonly report: SignedReport;
  readonly device: Device;
  readonly height: bigint;
  readonly time: bigint;
  readonly exportProof: (options?: ExportOptions) => Uint8Array;
}

/** A step does not hold: the last one says why, and nothing is to be shown as true. */
export interface UnprovenDevice extends DeviceVerification {
  readonly verified: false;
  readonly report?: never;
  readonly device?: never;
  readonly exportProof?: never;
}

/** Once `verified` is asked, the types know what is there. */
export type DeviceVerdict = ProvenDevice | UnprovenDevice;

/** What is found out on the way. */
export interface DeviceProgress {
  headersFetched: number;
  proofSizeBytes: number;
  height?: bigint;
  time?: bigint;
}

/**
 * Verifies the newest report of a device, from a header that is trusted by its hash, through a node that is
 * not. Never rejects for what a node says or does not say: `verified` is false then, and the last step says why.
 * @throws TypeError for a device id that is not 40 hex digits; the reason of a signal that aborts.
 *
 * @example
 * const provider = new HttpProvider({ url: 'http://localhost:26657', chainId });
 * const now = BigInt(Date.now()) * 1_000_000n;
 * const { verified, steps, report } = await verifyDevice({ provider, chainId, trust, deviceId, now });
 * for (const { name, ok, detail } of steps) console.log(ok ? 'ok' : 'FAILED', name, detail);
 */
export async function verifyDevice(options: VerifyDeviceOptions): Promise<DeviceVerdict> {
  const deviceId = checkDeviceId(options.deviceId);
  return unlessAborted(() => proveDevice({ ...options, deviceId }), options.signal);
}

async function proveDevice(options: VerifyDeviceOptions): Promise<DeviceVerdict> {
  const verifier = rememberingVerifier(options.verifier ?? (await defaultVerifier()));
  const asked = { ...options, verifier };
  const { verdict } = await followSteps(0, async (course) => {
    const state = await proveState(asked, course.trail, course.progress);
    const proof = await proveReport(asked, state, course);
    const links = await linksOf(state.trace, asked);
    const { header } = state.block.signedHeader;
    return { proof, header, exportProof: exporterOf(proof, { ...state, links }) };
  });
  return verdict;
}

/** A record of steps, and what is found out on the way. */
interface Course {
  readonly trail: Trail;
  readonly progress: DeviceProgress;
}

interface Found {
  readonly proof: Pick<DeviceProof, 'report' | 'device'>;
  /** The one above the state. */
  readonly header: Header;
  readonly exportProof: ProvenDevice['exportProof'];
}

/** What all steps prove; or, when one does not hold, the steps so far, and how they ended. */
export async function followSteps(
  headersFetched: number,
  prove: (course: Course) => Promise<Found>,
): Promise<{ readonly verdict: DeviceVerdict; readonly ended?: TrailEnded }> {
  const trail = new Trail();
  const { steps } = trail;
  const progress: DeviceProgress = { headersFetched, proofSizeBytes: 0 };
  try {
    const { proof, header, exportProof } = await prove({ trail, progress });
    const { report, device } = proof;
    const at = { height: header.height - 1n, time: header.time };
    return { verdict: { ...progress, ...at, verified: true, steps, report, device, exportProof } };
  } catch (error) {
    if (!(error instanceof TrailEnded)) throw error;
    return { verdict: { ...progress, verified: false, steps }, ended: error };
  }
}
