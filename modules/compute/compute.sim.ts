import type { ModuleSimulation, SimulationWorld } from '../../chain/testing/simulation.ts';
import { heartbeatPayload, REPORT_KIND } from '../../wire/reportPayload.ts';
import { reportMaker, type SimulatedReport } from '../devices/devices.sim.ts';

const MODEL = 'rtx-4090';

function heartbeat(world: SimulationWorld): SimulatedReport | undefined {
  const { random } = world;
  const providers = world.records('compute.providers');
  if (providers.length === 0) return undefined;
  const { device_id, gpu_count } = random.pick(providers);
  const payload = heartbeatPayload.encode({
    providerLoad: random.integer(0, 1_000_000),
    gpuCount: Number(gpu_count),
    gpuUtilization: random.integer(0, 1_000_000),
    temperature: random.integer(20_000, 90_000),
    jobsCompleted: BigInt(random.integer(0, 1_000)),
  });
  return { deviceId: String(device_id), kind: REPORT_KIND.heartbeat, payload };
}

const model = ({ random }: SimulationWorld) => (random.chance(0.9) ? MODEL : undefined);

/** Many machines of one kind, so that they bid for the same orders, and their heartbeats. */
export const simulation: ModuleSimulation = {
  fields: {
    gpu_model: model,
    'MsgRegisterProvider.gpu_count': ({ random }) => random.integer(1, 16),
    'MsgRegisterProvider.vram_gb': ({ random }) => random.integer(1, 24),
    'MsgCreateOrder.gpu_count': ({ random }) => random.integer(1, 4),
    'MsgCreateOrder.max_price_per_hour': ({ random }) =>
      random.integer(1_000, 9_999_999).toString(),
    'MsgCreateBid.price_per_hour': ({ random }) => random.integer(1, 4_000_000).toString(),
    'MsgCreateOrder.deposit': ({ random }) => ({
      denom: 'udepin',
      amount: random.integer(5_000, 9_999_999).toString(),
    }),
  },
  makers: [reportMaker(3, heartbeat)],
};
