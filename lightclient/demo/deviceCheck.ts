/** Verifying one device from the header that the page trusts already. */
import {
  type DeviceVerification,
  HttpProvider,
  type TrustRoot,
  verifyDevice,
  type WebVerifier,
} from '../index.ts';
import type { Lie } from './lies.ts';
import { lyingFetch } from './lyingFetch.ts';

const TIMEOUT_MS = 4_000;

/** Which device, from which header, through which node. */
export interface DeviceQuestion {
  readonly deviceId: string;
  readonly chainId: string;
  readonly rpc: string;
  readonly anchor: TrustRoot;
  readonly verifier: WebVerifier;
  /** What the node's answers are changed by. */
  readonly lie: Lie | undefined;
}

/** What was found, and how long it took in milliseconds, the answers of a node included. */
export interface DeviceAnswer extends DeviceVerification {
  readonly tookMs: number;
}

/** Never rejects for what the node does. */
export async function checkDevice(question: DeviceQuestion): Promise<DeviceAnswer> {
  const { deviceId, chainId, rpc, anchor, verifier, lie } = question;
  const provider = new HttpProvider({
    url: rpc,
    chainId,
    timeoutMs: TIMEOUT_MS,
    fetch: lie && lyingFetch(lie, anchor.height),
  });
  const now = BigInt(Date.now()) * 1_000_000n;
  const begin = performance.now();
  const found = await verifyDevice({ provider, chainId, trust: anchor, deviceId, now, verifier });
  return { ...found, tookMs: performance.now() - begin };
}
