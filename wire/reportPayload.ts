/** What the 64 payload bytes of a device report say, by the report's kind. Units stand beside the fields. */
import { type FixedCodec, fixedLayout } from './fixedLayout.ts';

/** Bytes of every payload; what a kind does not use is zero. */
export const PAYLOAD_BYTES = 64;

/** The kinds of report. A number is never used again for something else. */
export const REPORT_KIND = { beacon: 1, witness: 2, weather: 3, heartbeat: 4 } as const;
export type ReportKind = (typeof REPORT_KIND)[keyof typeof REPORT_KIND];

/** A hotspot says that it sends a radio beacon. */
export const beaconPayload = /* @__PURE__ */ fixedLayout('beacon', PAYLOAD_BYTES, [
  ['cell', 'u64'], // H3 index
  ['entropy', 'bytes32'],
  ['transmitPower', 'i16'], // tenths of dBm
  ['gain', 'i16'], // tenths of dBi
  ['frequency', 'u32'], // Hz
]);
export type BeaconPayload = PayloadOf<typeof beaconPayload>;

/** A hotspot says that it heard a beacon. */
export const witnessPayload = /* @__PURE__ */ fixedLayout('witness', PAYLOAD_BYTES, [
  ['beaconHash', 'bytes32'], // sha256 of the bytes of the beacon's report
  ['cell', 'u64'], // H3 index of the witness
  ['rssi', 'i16'], // tenths of dBm
  ['snr', 'i16'], // tenths of dB
  ['frequency', 'u32'], // Hz
  ['lag', 'u32'], // milliseconds after the beacon
]);
export type WitnessPayload = PayloadOf<typeof witnessPayload>;

/** A weather station's reading. */
export const weatherPayload = /* @__PURE__ */ fixedLayout('weather', PAYLOAD_BYTES, [
  ['cell', 'u64'], // H3 index
  ['temperature', 'i32'], // thousandths of a degree Celsius
  ['humidity', 'u32'], // parts per million
  ['windSpeed', 'u32'], // millimetres per second
  ['windDirection', 'u32'], // thousandths of a degree
  ['pressure', 'u32'], // pascals
  ['precipitation', 'u32'], // micrometres since the last report
  ['illuminance', 'u32'], // lux
]);
export type WeatherPayload = PayloadOf<typeof weatherPayload>;

/** A compute provider's sign of life. */
export const heartbeatPayload = /* @__PURE__ */ fixedLayout('heartbeat', PAYLOAD_BYTES, [
  ['providerLoad', 'u32'], // parts per million
  ['gpuCount', 'u16'],
  ['gpuUtilization', 'u32'], // parts per million
  ['temperature', 'i32'], // thousandths of a degree Celsius
  ['jobsCompleted', 'u64'],
]);
export type HeartbeatPayload = PayloadOf<typeof heartbeatPayload>;

type PayloadOf<Codec> = Codec extends FixedCodec<infer Value> ? Value : never;

/** A payload with its kind; `values` has the fields of that kind. */
export type Payload =
  | { readonly kind: typeof REPORT_KIND.beacon; readonly values: BeaconPayload }
  | { readonly kind: typeof REPORT_KIND.witness; readonly values: WitnessPayload }
  | { readonly kind: typeof REPORT_KIND.weather; readonly values: WeatherPayload }
  | { readonly kind: typeof REPORT_KIND.heartbeat; readonly values: HeartbeatPayload };

/**
 * The payload of a report, read by its kind.
 * @throws TypeError for an unknown kind, another length than 64 bytes or unused bytes that are not zero.
 */
export function decodePayload(kind: number, payload: Uint8Array): Payload {
  switch (kind) {
    case REPORT_KIND.beacon:
      return { kind, values: beaconPayload.decode(payload) };
    case REPORT_KIND.witness:
      return { kind, values: witnessPayload.decode(payload) };
    case REPORT_KIND.weather:
      return { kind, values: weatherPayload.decode(payload) };
    case REPORT_KIND.heartbeat:
      return { kind, values: heartbeatPayload.decode(payload) };
    default:
      throw new TypeError(`kind: expected 1 to 4, got ${kind}`);
  }
}
