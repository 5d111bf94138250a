/** Weather stations: every few seconds a reading of the conditions at their place, with the noise of a sensor. */
import type { Any } from '../../wire/gen/google/protobuf/any.ts';
import { REPORT_KIND, type WeatherPayload, weatherPayload } from '../../wire/reportPayload.ts';
import { cellIndex, cellOf, STATION_RESOLUTION } from './cells.ts';
import type { Climate } from './conditions.ts';
import type { Actor, Device, PendingReport } from './device.ts';
import { type Place, placeAt } from './geography.ts';
import { pack } from './messages.ts';
import type { Random } from './random.ts';

export interface StationOptions {
  /** Least time between two readings. */
  readonly intervalMs: number;
  /** Names of the models that the chain knows. */
  readonly models: readonly string[];
  readonly startMs: number;
  /** Time of the newest reading that the chain has, 0 when it has none. */
  readonly lastTimeMs: number;
}

/** Rain comes in tips of a bucket this large, in micrometres. */
const BUCKET_MICROMETRES = 254;
/** Where sensors stop: inside the range of every model. */
const HUMIDITY_LIMITS = { least: 0.12, most: 0.98 } as const;
/** Noise of the sensors, as standard deviation. Wind is gusty, so its noise is a share of it. */
const NOISE = { celsius: 0.05, humidity: 0.003, gusts: 0.08, degrees: 6, pascal: 4, light: 0.02 };
/** Hotter than any model can measure, in thousandths of a degree. */
const IMPOSSIBLE_TEMPERATURE = 95_000;
const SPOOFING_DISTANCE_METRES = 20_000;

export class Station implements Actor {
  readonly device: Device;
  readonly cell: string;
  readonly #climate: Climate;
  readonly #options: StationOptions;
  /** How this place differs from the observing station. */
  readonly #offset: { readonly celsius: number; readonly windShare: number };
  #dueMs: number;
  #lastTips: number | undefined;
  #stuck: WeatherPayload | undefined;

  /** @throws TypeError when the plan of the device has no climate. */
  constructor(device: Device, options: StationOptions) {
    const { plan } = device;
    if (plan.climate === undefined) throw new TypeError(`device ${plan.index}: expected a climate`);
    this.device = device;
    this.#climate = plan.climate;
    this.#options = options;
    this.cell = cellOf(plan.place, STATION_RESOLUTION);
    const site = plan.random.fork('site');
    this.#offset = { celsius: site.normal(0, 0.7), windShare: site.between(0.6, 1.1) };
    const first = options.startMs + site.unit() * options.intervalMs;
    this.#dueMs = Math.max(first, options.lastTimeMs + options.intervalMs);
  }

  get dueMs(): number {
    return this.#dueMs;
  }

  registration(owner: string): Any {
    const { id, plan } = this.device;
    const model = plan.random.fork('model').pick(this.#options.models);
    return pack.registerStation({ owner, deviceId: id, model, cell: this.cell });
  }

  act(nowMs: number): readonly PendingReport[] {
    this.#dueMs = nowMs + this.#options.intervalMs;
    const values = this.#values(nowMs);
    const payload = weatherPayload.encode(values);
    return this.device.report({ kind: REPORT_KIND.weather, payload, timeMs: nowMs });
  }

  #values(nowMs: number): WeatherPayload {
    const { device } = this;
    if (device.isCheating('stuckSensor') && this.#stuck !== undefined) return this.#stuck;
    const honest = this.#measure(nowMs);
    this.#stuck ??= honest;
    if (device.isCheating('outOfRange')) return { ...honest, temperature: IMPOSSIBLE_TEMPERATURE };
    if (device.isCheating('spoofedCell')) {
      const elsewhere: Place = placeAt(device.plan.place, 90, SPOOFING_DISTANCE_METRES);
      return { ...honest, cell: cellIndex(cellOf(elsewhere, STATION_RESOLUTION)) };
    }
    return honest;
  }

  #measure(nowMs: number): WeatherPayload {
    const { place, random } = this.device.plan;
    const noise = random.fork(`reading/${this.device.sequence + 1n}`);
    const conditions = this.#climate.at(place, nowMs);
    const wind = conditions.windMetresPerSecond * this.#offset.windShare;
    const { least, most } = HUMIDITY_LIMITS;
    const humidity = conditions.humidity + noise.normal(0, NOISE.humidity);
    const degrees = Math.round((conditions.windDegrees + noise.normal(0, NOISE.degrees)) * 1000);
    return {
      cell: cellIndex(this.cell),
      temperature: Math.round(
        (conditions.celsius + this.#offset.celsius + noise.normal(0, NOISE.celsius)) * 1000,
      ),
      humidity: Math.round(Math.min(most, Math.max(least, humidity)) * 1_000_000),
      windSpeed: Math.round(Math.max(0, wind * (1 + gust(noise))) * 1000),
      windDirection: ((degrees % 360_000) + 360_000) % 360_000,
      pressure: Math.round(conditions.hectopascal * 100 + noise.normal(0, NOISE.pascal)),
      precipitation: this.#rainSinceLast(conditions.rainMm),
      illuminance: Math.round(conditions.lux * Math.max(0, 1 + noise.normal(0, NOISE.light))),
    };
  }

  /** Whole tips only, and none in the first reading: what fell before it is not known. */
  #rainSinceLast(rainMm: number): number {
    const tips = Math.floor((rainMm * 1000) / BUCKET_MICROMETRES);
    // At the end of a leap cycle the sum begins again.
    const fallen = Math.max(0, tips - (this.#lastTips ?? tips));
    this.#lastTips = tips;
    return fallen * BUCKET_MICROMETRES;
  }
}

/** Within three deviations, so that an honest gust is never taken for a broken sensor. */
function gust(noise: Random): number {
  const value = noise.normal(0, NOISE.gusts);
  return Math.max(-3 * NOISE.gusts, Math.min(3 * NOISE.gusts, value));
}
