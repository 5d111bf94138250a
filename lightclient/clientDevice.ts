/** Device reports under headers that a light client has verified and its witnesses have confirmed. */
import { exporterOf } from './bundle/exportProof.ts';
import { linksBetween } from './bundle/links.ts';
import { checkDeviceId, proveReport } from './deviceProof.ts';
import { checkHeight } from './height.ts';
import type { LightClient } from './lightClient.ts';
import { LightClientError } from './lightClientError.ts';
import type { StateOptions } from './lightClientOptions.ts';
import type { LightClientStatus } from './lightClientStatus.ts';
import {
  appHashFinding,
  headerLine,
  type ProvenBlocks,
  wholeCommitFinding,
} from './provenState.ts';
import { ProviderError } from './provider.ts';
import type { ChainNode } from './roster.ts';
import type { AnyVerifier } from './settle.ts';
import type { SyncOptions } from './sync.ts';
import { StepFailure, type Trail, type TrailEnded } from './trail.ts';
import type { LightBlock } from './types.ts';
import { blockAbove } from './verifiedState.ts';
import { type DeviceVerdict, followSteps } from './verifyDevice.ts';

/** Which device; of the newest state that can be proven when there is no height. */
export interface DeviceOptions extends StateOptions {
  readonly deviceId: string;
  /** The user's own trusted block. */
  readonly root: LightBlock;
  /** What the client verifies with. */
  readonly sync: Omit<SyncOptions, 'provider'> & { readonly verifier: AnyVerifier };
}

/** What the light client has verified, before any node is asked about the device. */
interface Start {
  readonly root: LightBlock;
  readonly block: LightBlock;
  readonly status: LightClientStatus;
  readonly headersFetched: number;
}

/**
 * The newest report of a device, its record and its keys, with every step. Each node gets one turn to prove it;
 * `verified` is false when none can, or when state itself says that the device is unknown or revoked.
 * @throws TypeError for a device id that is not 40 hex digits; RangeError for what is no height.
 * @throws LightClientError when the header cannot be trusted; ProviderError when no node serves it.
 */
export async function readDevice(
  client: LightClient,
  options: DeviceOptions,
): Promise<DeviceVerdict> {
  const asked = { ...options, deviceId: checkDeviceId(options.deviceId) };
  const start = await startOf(client, asked);
  let last: DeviceVerdict | undefined;
  try {
    return await client.withPrimary(async (node) => {
      const { result, fault } = await attempt(node, asked, start);
      last = result;
      if (fault !== undefined) throw fault;
      return result;
    });
  } catch (error) {
    const isOfNode = error instanceof LightClientError && error.reason === 'refused';
    if (last !== undefined && (isOfNode || error instanceof ProviderError)) return last;
    throw error;
  }
}

async function startOf(client: LightClient, options: DeviceOptions): Promise<Start> {
  const { height, root } = options;
  if (height !== undefined) checkHeight(height);
  const { headersFetched } = await client.status();
  const block = await blockAbove(client, options);
  const status = await client.status();
  return { root, block, status, headersFetched: status.headersFetched - headersFetched };
}

interface Outcome {
  readonly result: DeviceVerdict;
  /** Why another node is to be asked; undefined when none could say otherwise. */
  readonly fault: Error | undefined;
}

async function attempt(node: ChainNode, options: DeviceOptions, start: Start): Promise<Outcome> {
  const { verdict: result, ended } = await followSteps(start.headersFetched, async (course) => {
    const { trail, progress } = course;
    const asked = { ...options.sync, deviceId: options.deviceId, provider: node };
    const state = await repeatHeaders(start, asked, trail);
    const { header } = state.block.signedHeader;
    progress.height = state.height;
    progress.time = header.time;
    const proof = await proveReport(asked, state, course);
    const links = await linksBetween(start.root, start.block, asked);
    return { proof, header, exportProof: exporterOf(proof, { ...state, links }) };
  });
  return { result, fault: ended && faultOf(ended) };
}

/** The steps that the light client took before, on record. */
async function repeatHeaders(
  { root, block, status, headersFetched }: Start,
  options: SyncOptions,
  trail: Trail,
): Promise<ProvenBlocks> {
  const { header } = block.signedHeader;
  const { witnesses, withoutWitnesses } = status;
  const confirmed = withoutWitnesses
    ? 'without witnesses'
    : `confirmed by 1 or more of ${witnesses.length} witnesses`;
  await trail.step('trusted header', () => found(headerLine(root.signedHeader.header)));
  await trail.step('header at H+1', () =>
    found(`${headerLine(header)}, ${headersFetched} headers fetched, ${confirmed}`),
  );
  await trail.step('commit', () => wholeCommitFinding(block, options));
  await trail.step('AppHash', () => appHashFinding(header));
  return { root, block, height: header.height - 1n, appHash: header.appHash };
}

function found(detail: string) {
  return { detail, found: undefined };
}

/** A node that was not there may serve later; one that served what does not hold is asked no more. */
function faultOf(error: TrailEnded): Error | undefined {
  const step = error.cause;
  if (step instanceof ProviderError) return step;
  if (step instanceof StepFailure && step.isSettled) return undefined;
  if (step instanceof StepFailure && step.cause instanceof ProviderError) return step.cause;
  return new LightClientError('refused', error.message, { cause: error });
}
