/** Compute providers: machines with GPUs that show signs of life, and how busy they are. */
import type {
  Params,
  Provider as ProviderRecord,
} from '../../wire/gen/depin/compute/v1/compute.ts';
import type { Any } from '../../wire/gen/google/protobuf/any.ts';
import { heartbeatPayload, REPORT_KIND } from '../../wire/reportPayload.ts';
import type { Actor, Device, PendingReport } from './device.ts';
import { frequencyOf, GPUS } from './gpus.ts';
import { pack } from './messages.ts';
import type { Random } from './random.ts';

export interface ProviderOptions {
  readonly params: Params;
  readonly startMs: number;
  /** What the chain knows of the provider; undefined before it is registered. */
  readonly record: ProviderRecord | undefined;
}

/** What a machine has. */
interface Hardware {
  readonly model: string;
  readonly count: number;
  readonly memoryGb: number;
}

/** Heartbeats in the time after which the chain takes a provider for dead. */
const HEARTBEATS_PER_TIMEOUT = 4;
const MAX_INTERVAL_MS = 30_000;
/** A machine that starts says so soon: without a heartbeat it cannot bid. */
const FIRST_HEARTBEAT_SPREAD_MS = 5_000;
/** A card at rest and one at full load, in degrees Celsius. */
const REST_CELSIUS = 34;
const LOAD_CELSIUS = 44;
const JOB_CHANCE = 0.3;
const MAX_REGION_LENGTH = 32;
const PPM = 1_000_000;

export class Provider implements Actor {
  readonly device: Device;
  readonly hardware: Hardware;
  readonly #intervalMs: number;
  #dueMs: number;
  #jobs: bigint;
  /** GPUs in leases, by the chain. */
  leasedGpus: number;

  constructor(device: Device, { params, startMs, record }: ProviderOptions) {
    this.device = device;
    this.hardware = hardwareOf(device.plan.random.fork('hardware'), params);
    const timeoutMs = Number(params.heartbeatTimeoutMs);
    this.#intervalMs = Math.min(MAX_INTERVAL_MS, timeoutMs / HEARTBEATS_PER_TIMEOUT);
    const spread = Math.min(this.#intervalMs, FIRST_HEARTBEAT_SPREAD_MS);
    this.#dueMs = startMs + spread * device.plan.random.fork('phase').unit();
    this.#jobs = record?.jobsCompleted ?? 0n;
    this.leasedGpus = record?.leasedGpus ?? 0;
  }

  get dueMs(): number {
    return this.#dueMs;
  }

  registration(owner: string): Any {
    const { model, count, memoryGb } = this.hardware;
    return pack.registerProvider({
      owner,
      deviceId: this.device.id,
      gpuModel: model,
      gpuCount: count,
      vramGb: memoryGb,
      region: regionOf(this.device.plan.town),
    });
  }

  /** Sends a heartbeat. */
  act(nowMs: number): readonly PendingReport[] {
    this.#dueMs = nowMs + this.#intervalMs;
    const random = this.device.plan.random.fork(`heartbeat/${this.device.sequence + 1n}`);
    const { count } = this.hardware;
    const share = Math.min(1, this.leasedGpus / count);
    const busy = Math.min(1, share * random.between(0.75, 1) + random.between(0, 0.02));
    if (share > 0 && random.chance(JOB_CHANCE)) this.#jobs++;
    const payload = heartbeatPayload.encode({
      providerLoad: Math.round(Math.min(1, busy * 0.6 + random.between(0.02, 0.1)) * PPM),
      gpuCount: count,
      gpuUtilization: Math.round(busy * PPM),
      temperature: Math.round((REST_CELSIUS + LOAD_CELSIUS * busy + random.normal(0, 1)) * 1000),
      jobsCompleted: this.#jobs,
    });
    return this.device.report({ kind: REPORT_KIND.heartbeat, payload, timeMs: nowMs });
  }
}

/** Cards that the chain knows too, with no more memory than it takes. @throws RangeError when it knows none. */
function hardwareOf(random: Random, { models }: Params): Hardware {
  const known = GPUS.flatMap((gpu) => {
    const model = models.find(({ name }) => name === gpu.name);
    return model === undefined ? [] : [{ gpu, memoryGb: Math.min(gpu.memoryGb, model.vramGb) }];
  });
  if (known.length === 0) throw new RangeError('compute params: no GPU model that the fleet knows');
  const { gpu, memoryGb } = random.pickWeighted(known, (each) => frequencyOf(each.gpu));
  return { model: gpu.name, count: random.pick(gpu.counts), memoryGb };
}

/** `us-new-york-city`: what the compute module takes as the name of a region. */
function regionOf({ country, name }: { readonly country: string; readonly name: string }): string {
  const slug = `${country}-${name}`
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return slug.slice(0, MAX_REGION_LENGTH).replace(/^-+|-+$/g, '');
}
