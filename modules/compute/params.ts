/** Parameters of the compute module: defaults and bounds. */
import { parseAmount } from '../../chain/math/coins.ts';
import { sdkError } from '../../chain/module/errors.ts';
import type { GpuModel, Params } from '../../wire/gen/depin/compute/v1/compute.ts';

/** Most GPUs of one machine or order. */
export const MAX_GPUS = 1_024;

/** Largest price of an order or bid, in base units an hour. */
export const MAX_PRICE = 1_000_000_000_000_000_000n;

/**
 * Name, memory in GB, price of an hour. Data-centre models: AWS list prices on demand in us-east-1, per GPU (A100 and
 * H100 of November 2026, the others of 2025). The three consumer models are in no large cloud: what Render's network
 * asks for them (RNP-019).
 */
const MODELS: readonly (readonly [name: string, vramGb: number, microUsdPerHour: bigint])[] = [
  ['a100-40', 40, 2_744_705n],
  ['a100-80', 80, 3_430_881n],
  ['h100', 80, 6_880_000n],
  ['h200', 141, 7_912_000n],
  ['l4', 24, 804_800n],
  ['l40s', 48, 1_861_000n],
  ['rtx-3090', 24, 310_000n],
  ['rtx-4090', 24, 350_000n],
  ['rtx-5090', 32, 690_000n],
  ['t4', 16, 526_000n],
];

/** Deposit and number of bids as Akash has them. */
export const DEFAULT_PARAMS: Params = {
  minDeposit: '500000',
  maxBidsPerOrder: 20,
  maxActiveLeases: 2_000,
  heartbeatTimeoutMs: 300_000n,
  models: MODELS.map(([name, vramGb, cloudPriceMicroUsdPerHour]) => ({
    name,
    vramGb,
    cloudPriceMicroUsdPerHour,
  })),
};

const MAX_MODELS = 200;
/** 10 million US dollars an hour. */
const MAX_CLOUD_PRICE = 10_000_000_000_000n;
const MODEL_NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;

/** @throws ChainError sdk/18 or sdk/10 naming the field, what was given and what was expected. */
export function checkParams(params: Params): Params {
  const { maxBidsPerOrder, maxActiveLeases, heartbeatTimeoutMs, models } = params;
  if (parseAmount(params.minDeposit, 'params.min_deposit') === 0n) {
    throw sdkError('invalidRequest', 'params.min_deposit: expected over 0, got 0');
  }
  checkBetween('max_bids_per_order', BigInt(maxBidsPerOrder), [1n, 500n]);
  checkBetween('max_active_leases', BigInt(maxActiveLeases), [1n, 100_000n]);
  checkBetween('heartbeat_timeout_ms', heartbeatTimeoutMs, [1_000n, 86_400_000n]);
  checkBetween('models', BigInt(models.length), [0n, BigInt(MAX_MODELS)]);
  const names = new Set<string>();
  models.forEach((model, i) => {
    checkModel(model, `models[${i}]`);
    if (names.has(model.name)) {
      throw sdkError('invalidRequest', `params.models[${i}].name: ${model.name} stands twice`);
    }
    names.add(model.name);
  });
  return params;
}

function checkModel(model: GpuModel, field: string): void {
  if (!MODEL_NAME.test(model.name)) {
    throw sdkError(
      'invalidRequest',
      `params.${field}.name: expected 1 to 32 of a-z, 0-9 and -, got "${model.name.slice(0, 40)}"`,
    );
  }
  checkBetween(`${field}.vram_gb`, BigInt(model.vramGb), [1n, 65_536n]);
  checkBetween(`${field}.cloud_price_micro_usd_per_hour`, model.cloudPriceMicroUsdPerHour, [
    1n,
    MAX_CLOUD_PRICE,
  ]);
}

function checkBetween(field: string, value: bigint, [low, high]: readonly [bigint, bigint]): void {
  if (value >= low && value <= high) return;
  throw sdkError('invalidRequest', `params.${field}: expected ${low} to ${high}, got ${value}`);
}
