import type {
  MsgRegisterProvider,
  MsgRegisterProviderResponse,
} from '../../../wire/gen/depin/compute/v1/tx.ts';
import type { ComputeContext } from '../context.ts';
import { MAX_GPUS } from '../params.ts';
import { knownModel } from '../parties.ts';

const REGION = /^[a-z0-9-]{2,32}$/;

/** CMP-1, CMP-2. */
export function registerProvider(
  context: ComputeContext,
  message: MsgRegisterProvider,
): MsgRegisterProviderResponse {
  const { state, emit, height } = context;
  context.addresses.parse(message.owner, 'owner');
  context.devices.owned(message.deviceId, message.owner);
  checkDescription(context, message);
  const { deviceId, owner, gpuModel, gpuCount, vramGb, region } = message;
  if (state.providers.has(deviceId)) {
    throw context.fail.AlreadyRegistered(`device_id: ${deviceId}`);
  }
  state.providers.set(deviceId, {
    deviceId,
    owner,
    gpuModel,
    gpuCount,
    vramGb,
    region,
    leasedGpus: 0,
    registeredHeight: height,
    heartbeatTimeNs: 0n,
    aliveSinceNs: 0n,
    jobsCompleted: 0n,
    gpuUtilizationPpm: 0,
  });
  emit.providerRegistered({ deviceId, owner, gpuModel, gpuCount });
  return {};
}

function checkDescription(context: ComputeContext, message: MsgRegisterProvider): void {
  const { fail } = context;
  const { gpuCount, vramGb, region } = message;
  const model = knownModel(context, message.gpuModel);
  if (gpuCount < 1 || gpuCount > MAX_GPUS) {
    throw fail.InvalidProvider(`gpu_count: expected 1 to ${MAX_GPUS}, got ${gpuCount}`);
  }
  if (vramGb < 1 || vramGb > model.vramGb) {
    throw fail.InvalidProvider(`vram_gb: expected 1 to ${model.vramGb}, got ${vramGb}`);
  }
  if (!REGION.test(region)) {
    throw fail.InvalidProvider(
      `region: expected 2 to 32 of a-z, 0-9 and -, got "${region.slice(0, 40)}"`,
    );
  }
}
