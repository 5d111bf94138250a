/** How strongly one LoRa radio hears another: a log-distance path-loss model with shadowing, never above free space. */
import { distanceMetres, type Place } from './geography.ts';
import type { Random } from './random.ts';

const SPEED_OF_LIGHT = 299_792_458;
/** From here on the loss grows faster than over free space. */
const REFERENCE_METRES = 40;
/** Exponents measured in built-up areas lie between 2.7 and 3.5; free space has 2. */
const PATH_LOSS_EXPONENT = 3;
/** Deviation of what buildings and trees add to a path or take from it, in decibels. */
const SHADOWING_DB = 6;
/** Deviation from one packet to the next on the same path. */
const FADING_DB = 1.5;
/** Thermal noise in 125 kHz, with 6 dB for the receiver. */
const NOISE_FLOOR_DBM = -117;
/** LoRa's limits at spreading factor 12, and what a receiver reports at most. */
const SNR_LIMITS_DB = { faintest: -20, strongest: 12 } as const;

/** A radio at its place. */
export interface Antenna {
  readonly place: Place;
  /** dBi. */
  readonly gainDbi: number;
}

export interface Transmission {
  readonly from: Antenna;
  /** Conducted transmit power. */
  readonly powerDbm: number;
  readonly frequencyHz: number;
}

/** What a receiver measures. */
export interface Reception {
  readonly rssiDbm: number;
  readonly snrDb: number;
}

/** Loss over free space in decibels; at least 0. */
export function freeSpaceLossDb(metres: number, frequencyHz: number): number {
  const ratio = (4 * Math.PI * Math.max(metres, 1) * frequencyHz) / SPEED_OF_LIGHT;
  return Math.max(0, 20 * Math.log10(ratio));
}

/**
 * Loss of one path with the shadowing that belongs to it, in decibels. A path can be no better than free space, so a
 * favourable shadowing ends there.
 */
export function pathLossDb(metres: number, frequencyHz: number, shadowingDb: number): number {
  const free = freeSpaceLossDb(metres, frequencyHz);
  if (metres <= REFERENCE_METRES) return free + Math.max(0, shadowingDb);
  const beyond = 10 * PATH_LOSS_EXPONENT * Math.log10(metres / REFERENCE_METRES);
  const modelled = freeSpaceLossDb(REFERENCE_METRES, frequencyHz) + beyond + shadowingDb;
  return Math.max(free, modelled);
}

/**
 * What `to` measures of a transmission, or undefined when it cannot hear it. `path` must be the stream of this pair
 * of places, so that its shadowing is the same for every packet; `packet` is that of the packet.
 */
export function receive(
  { from, powerDbm, frequencyHz }: Transmission,
  to: Antenna,
  { path, packet }: { readonly path: Random; readonly packet: Random },
): Reception | undefined {
  const metres = distanceMetres(from.place, to.place);
  const shadowing = path.normal(0, SHADOWING_DB) + packet.normal(0, FADING_DB);
  const loss = pathLossDb(metres, frequencyHz, shadowing);
  const rssiDbm = powerDbm + from.gainDbi + to.gainDbi - loss;
  const snr = rssiDbm - NOISE_FLOOR_DBM;
  if (snr < SNR_LIMITS_DB.faintest) return undefined;
  return { rssiDbm, snrDb: Math.min(snr, SNR_LIMITS_DB.strongest) };
}
