/** What a fleet is started with. */
import type { Logger } from '../logger.ts';
import { systemTiming, type Timing } from './timing.ts';

/** How often the parts of a fleet act, in milliseconds. */
export interface Pace {
  /** Between two looks for a new block. Default 250. */
  readonly pollMs: number;
  /** Between two looks at which device is due. Default 250. */
  readonly tickMs: number;
  /** Between two readings of a station; the chain may ask for more. Default 5000. */
  readonly readingMs: number;
  /** Between two batches of a gateway. Default 1000. */
  readonly batchMs: number;
  /** Between two walks over the compute market. Default 5000. */
  readonly marketMs: number;
  /** Between two payments for data. Default 20,000. */
  readonly transferMs: number;
}

export interface FleetOptions {
  /** CometBFT's JSON-RPC over HTTP, for example http://127.0.0.1:26657. */
  readonly rpcUrl: string;
  readonly chainId: string;
  /** Bech32 prefix of the chain's accounts. */
  readonly prefix: string;
  /** Base denomination of the token. */
  readonly denom: string;
  /** Of the accounts, which genesis must have funded: see `fleetAccounts`. */
  readonly mnemonic: string;
  /** Devices, their keys, places, readings and cheats follow from it. */
  readonly seed: string;
  /** 0 to 5000. Default 60: half stations, four tenths hotspots, a tenth providers. */
  readonly devices?: number;
  /** One device in so many cheats; 0 for none. Default 20. */
  readonly cheaterEvery?: number;
  /** Base units for one gas. Default 0.025. */
  readonly gasPrice?: number;
  readonly pace?: Partial<Pace>;
  readonly logger: Logger;
  /** Milliseconds since the Unix epoch. Default: the system's clock. */
  readonly now?: Timing['now'];
  /** Default: the system's timer. */
  readonly sleep?: Timing['sleep'];
}

/** Options with every default filled in. */
export type FleetSettings = Omit<Required<FleetOptions>, 'pace' | 'now' | 'sleep'> & {
  readonly pace: Pace;
  readonly timing: Timing;
};

const DEFAULT_PACE: Pace = {
  pollMs: 250,
  tickMs: 250,
  readingMs: 5_000,
  batchMs: 1_000,
  marketMs: 5_000,
  transferMs: 20_000,
};
const MAX_DEVICES = 5_000;
const MAX_PACE_MS = 86_400_000;

/** @throws RangeError naming the option, what was given and what was expected. */
export function settingsOf(options: FleetOptions): FleetSettings {
  const { devices = 60, cheaterEvery = 20, gasPrice = 0.025, now, sleep, ...rest } = options;
  const pace = { ...DEFAULT_PACE, ...options.pace };
  checkWhole('devices', devices, MAX_DEVICES);
  checkWhole('cheaterEvery', cheaterEvery, MAX_DEVICES);
  if (!(gasPrice >= 0 && Number.isFinite(gasPrice))) {
    throw new RangeError(`gasPrice: expected 0 or more, got ${gasPrice}`);
  }
  for (const [name, ms] of Object.entries(pace)) {
    if (ms >= 1 && ms <= MAX_PACE_MS) continue;
    throw new RangeError(`pace.${name}: expected 1 to ${MAX_PACE_MS} ms, got ${ms}`);
  }
  const timing = { now: now ?? systemTiming.now, sleep: sleep ?? systemTiming.sleep };
  return { ...rest, devices, cheaterEvery, gasPrice, pace, timing };
}

function checkWhole(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= most) return;
  throw new RangeError(`${name}: expected a whole number from 0 to ${most}, got ${value}`);
}
