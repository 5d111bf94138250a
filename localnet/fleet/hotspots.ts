/** Hotspots: they send radio beacons now and then, and say which beacons of others they heard. */
import type { Params } from '../../wire/gen/depin/coverage/v1/coverage.ts';
import type { Any } from '../../wire/gen/google/protobuf/any.ts';
import { beaconPayload, REPORT_KIND, witnessPayload } from '../../wire/reportPayload.ts';
import { cellIndex, cellOf, HOTSPOT_RESOLUTION } from './cells.ts';
import type { Actor, Device, PendingReport } from './device.ts';
import { distanceMetres, type Place, placeAt } from './geography.ts';
import { pack } from './messages.ts';
import { type Antenna, type Reception, receive } from './radio.ts';

export interface HotspotOptions {
  readonly params: Params;
  readonly startMs: number;
  /** Block time of the newest beacon that the chain has, 0 when it has none. */
  readonly lastBeaconMs: number;
  /** Gets the witnesses of a beacon that the chain has accepted. */
  readonly onAir: (beacon: Beacon) => void;
}

/** A beacon that was sent, which every hotspot around may hear. */
export interface Beacon {
  readonly from: Hotspot;
  readonly hash: Uint8Array;
  readonly timeMs: number;
  readonly powerDbm: number;
  readonly frequencyHz: number;
}

/** The interval counts from block to block, so the device waits a little longer. */
const INTERVAL_SLACK_MS = 1_500;
/** First beacons of a new network are spread over this time at most. */
const FIRST_BEACON_SPREAD_MS = 30_000;
/** Conducted power and channels of LoRaWAN's two largest regional plans, AU915/US915 and EU868. */
const AMERICAS = { powerDbm: 27, maxEirpDbm: 36, firstHz: 903_900_000 } as const;
const ELSEWHERE = { powerDbm: 14, maxEirpDbm: 16, firstHz: 867_100_000 } as const;
const CHANNELS = { count: 8, spacingHz: 200_000 } as const;
/** West of this meridian the American plan holds. */
const AMERICAS_EAST_LONGITUDE = -30;
const LAGS_MS = [40, 900] as const;
/** What a cheater claims: far from its neighbours, and a signal that free space could not bring there. */
const FALSE_DISTANCE_METRES = 80_000;
const FALSE_GAIN_DB = 40;
const IMPOSSIBLE_POWER_DBM = 60;
/** Nobody hears a LoRa beacon farther than this over ground. */
export const EARSHOT_METRES = 40_000;

export class Hotspot implements Actor {
  readonly device: Device;
  /** The asserted cell. */
  readonly cell: string;
  readonly antenna: Antenna;
  readonly #options: HotspotOptions;
  readonly #elevationMetres: number;
  /** Set once all hotspots are known. */
  neighbours: readonly Hotspot[] = [];
  #dueMs: number;

  constructor(device: Device, options: HotspotOptions) {
    const { place, cheat, random } = device.plan;
    this.device = device;
    this.#options = options;
    const site = random.fork('site');
    // Tenths of a dBi, which is what the chain takes.
    this.antenna = { place, gainDbi: site.pick([12, 23, 26, 30, 40, 58, 80]) / 10 };
    this.#elevationMetres = site.integer(2, 40);
    const asserted: Place =
      cheat === 'falseLocation'
        ? placeAt(place, site.between(0, 360), FALSE_DISTANCE_METRES)
        : place;
    this.cell = cellOf(asserted, HOTSPOT_RESOLUTION);
    const interval = this.#intervalMs;
    const spread = Math.min(interval, FIRST_BEACON_SPREAD_MS) * site.unit();
    const { startMs, lastBeaconMs } = options;
    this.#dueMs = Math.max(startMs + spread, lastBeaconMs === 0 ? 0 : lastBeaconMs + interval);
  }

  get dueMs(): number {
    return this.#dueMs;
  }

  get #intervalMs(): number {
    return Number(this.#options.params.beaconIntervalMs) + INTERVAL_SLACK_MS;
  }

  get #gain(): number {
    return Math.round(this.antenna.gainDbi * 10);
  }

  registration(owner: string): Any {
    return pack.assertLocation({
      owner,
      deviceId: this.device.id,
      cell: this.cell,
      gain: this.#gain,
      elevationM: this.#elevationMetres,
    });
  }

  /** Sends a beacon. */
  act(nowMs: number): readonly PendingReport[] {
    this.#dueMs = nowMs + this.#intervalMs;
    const random = this.device.plan.random.fork(`beacon/${this.device.sequence + 1n}`);
    const { powerDbm, frequencyHz } = this.#transmission(random.integer(0, CHANNELS.count - 1));
    const payload = beaconPayload.encode({
      cell: cellIndex(this.#claimedCell()),
      entropy: random.bytes(32),
      transmitPower: Math.round(powerDbm * 10),
      gain: this.#gain,
      frequency: frequencyHz,
    });
    const reports = this.device.report({
      kind: REPORT_KIND.beacon,
      payload,
      timeMs: nowMs,
      onAccepted: (acceptedMs) => {
        const { hash } = reports[0]!;
        // A report may have waited for its gateway: the chain counts from the block that took it.
        this.#dueMs = acceptedMs + this.#intervalMs;
        this.#options.onAir({ from: this, hash, timeMs: nowMs, powerDbm, frequencyHz });
      },
    });
    return reports;
  }

  /** The report of a beacon that this hotspot hears; none when it is too faint. */
  hear(beacon: Beacon): readonly PendingReport[] {
    const { from, powerDbm, frequencyHz, hash, timeMs } = beacon;
    const { random } = this.device.plan;
    const packet = random.fork(`witness/${this.device.sequence + 1n}`);
    const path = pathOf(this, from);
    const sent = { from: from.antenna, powerDbm, frequencyHz };
    const heard = receive(sent, this.antenna, { path, packet });
    if (heard === undefined) return [];
    const lag = packet.integer(...LAGS_MS);
    const { rssiDbm, snrDb } = this.#claimed(heard);
    const payload = witnessPayload.encode({
      beaconHash: hash,
      cell: cellIndex(this.#claimedCell()),
      rssi: Math.round(rssiDbm * 10),
      snr: Math.round(snrDb * 10),
      frequency: frequencyHz,
      lag,
    });
    return this.device.report({ kind: REPORT_KIND.witness, payload, timeMs: timeMs + lag });
  }

  #claimed(heard: Reception): Reception {
    if (!this.device.isCheating('falseLocation')) return heard;
    return { ...heard, rssiDbm: Math.min(0, heard.rssiDbm + FALSE_GAIN_DB) };
  }

  #claimedCell(): string {
    if (!this.device.isCheating('spoofedCell')) return this.cell;
    return cellOf(placeAt(this.antenna.place, 180, FALSE_DISTANCE_METRES), HOTSPOT_RESOLUTION);
  }

  /** Within the regional plan and what the chain allows; a cheater's power is above both. */
  #transmission(channel: number): { readonly powerDbm: number; readonly frequencyHz: number } {
    const { maxEirp, minFrequencyHz, maxFrequencyHz } = this.#options.params;
    const isAmerican = this.antenna.place.longitude < AMERICAS_EAST_LONGITUDE;
    const plan = isAmerican ? AMERICAS : ELSEWHERE;
    const frequencyHz = Math.min(
      maxFrequencyHz,
      Math.max(minFrequencyHz, plan.firstHz + channel * CHANNELS.spacingHz),
    );
    if (this.device.isCheating('outOfRange'))
      return { powerDbm: IMPOSSIBLE_POWER_DBM, frequencyHz };
    const eirpDbm = Math.min(plan.maxEirpDbm, maxEirp / 10);
    const allowedDbm = Math.max(0, eirpDbm - this.antenna.gainDbi);
    return { powerDbm: Math.min(plan.powerDbm, Math.floor(allowedDbm * 10) / 10), frequencyHz };
  }
}

/** The stream of a path, the same in both directions. */
function pathOf(a: Hotspot, b: Hotspot) {
  const [first, second] = a.device.plan.index < b.device.plan.index ? [a, b] : [b, a];
  return first.device.plan.random.fork(`path/${second.device.plan.index}`);
}

/** Tells each hotspot which others are within earshot. */
export function findNeighbours(hotspots: readonly Hotspot[]): void {
  for (const hotspot of hotspots) {
    const { place } = hotspot.antenna;
    hotspot.neighbours = hotspots.filter(
      (other) => other !== hotspot && distanceMetres(place, other.antenna.place) <= EARSHOT_METRES,
    );
  }
}
