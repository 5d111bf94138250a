/** What a provider's heartbeat does, and what follows from its absence (CMP-3, CMP-4). */
import { decodePayload } from '../../chain/module/decodePayload.ts';
import { toHex } from '../../wire/bytes.ts';
import type { Provider } from '../../wire/gen/depin/compute/v1/compute.ts';
import { type HeartbeatPayload, heartbeatPayload, REPORT_KIND } from '../../wire/reportPayload.ts';
import type { AcceptedReport } from '../devices/module.ts';
import type { ComputeContext, ComputeView } from './context.ts';
import { earlier, type Stretch } from './escrow.ts';

const NS_PER_MS = 1_000_000n;
const FULL_PPM = 1_000_000;

/**
 * Answers the devices module: true for a heartbeat, which then stands with its provider.
 * @throws ChainError compute/NotAProvider or /MalformedHeartbeat, which refuses the report.
 */
export function acceptHeartbeat(context: ComputeContext, { report }: AcceptedReport): boolean {
  if (report.kind !== REPORT_KIND.heartbeat) return false;
  const deviceId = toHex(report.deviceId);
  const provider = context.state.providers.get(deviceId);
  if (provider === undefined) throw context.fail.NotAProvider(`device_id: ${deviceId}`);
  const beat = decodePayload(heartbeatPayload, report.payload, context.fail.MalformedHeartbeat);
  checkHeartbeat(context, provider, beat);
  // A clock that runs ahead must not buy time that has not passed.
  const timeNs = earlier(report.timeMs * NS_PER_MS, context.timeNs);
  context.state.providers.set(deviceId, {
    ...provider,
    ...movedOn(provider, timeNs, aliveStretch(context, provider)),
    jobsCompleted: beat.jobsCompleted,
    gpuUtilizationPpm: beat.gpuUtilization,
  });
  return true;
}

/** A heartbeat behind the newest one changes no time; one after a gap starts a new stretch. */
function movedOn(
  provider: Provider,
  timeNs: bigint,
  alive: Stretch,
): Pick<Provider, 'heartbeatTimeNs' | 'aliveSinceNs'> {
  const { heartbeatTimeNs, aliveSinceNs } = provider;
  if (timeNs <= heartbeatTimeNs) return { heartbeatTimeNs, aliveSinceNs };
  const isGap = heartbeatTimeNs === 0n || timeNs > alive.to;
  return { heartbeatTimeNs: timeNs, aliveSinceNs: isGap ? timeNs : aliveSinceNs };
}

/** A machine that sees another number of GPUs than it offers is not the machine that it offers. */
function checkHeartbeat(
  { fail }: ComputeContext,
  { gpuCount }: Provider,
  beat: HeartbeatPayload,
): void {
  if (beat.gpuCount !== gpuCount) {
    throw fail.MalformedHeartbeat(`gpu_count: expected ${gpuCount}, got ${beat.gpuCount}`);
  }
  const shares = [
    ['provider_load', beat.providerLoad],
    ['gpu_utilization', beat.gpuUtilization],
  ] as const;
  for (const [field, value] of shares) {
    if (value <= FULL_PPM) continue;
    throw fail.MalformedHeartbeat(`${field}: expected at most ${FULL_PPM}, got ${value}`);
  }
}

/** From when to when the heartbeats vouch for the provider; empty before the first one. */
export function aliveStretch(
  { params }: Pick<ComputeView, 'params'>,
  { heartbeatTimeNs, aliveSinceNs }: Provider,
): Stretch {
  if (heartbeatTimeNs === 0n) return { from: 0n, to: 0n };
  return { from: aliveSinceNs, to: heartbeatTimeNs + params.heartbeatTimeoutMs * NS_PER_MS };
}

/** Whether the newest heartbeat is fresh at the time of the block. */
export function isAlive(view: Pick<ComputeView, 'params' | 'timeNs'>, provider: Provider): boolean {
  return provider.heartbeatTimeNs > 0n && view.timeNs <= aliveStretch(view, provider).to;
}
