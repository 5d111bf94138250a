/** What a report says, in words and usual units. */
import { decodePayload, REPORT_KIND } from '../../wire/reportPayload.ts';
import type { DeviceVerification } from '../index.ts';

type Report = NonNullable<DeviceVerification['report']>;
type Facts = readonly (readonly [string, string])[];

/** Names and values, in the order to show them. */
export function readingFacts({ kind, payload, sequence, timeMs }: Report): Facts {
  const time = new Date(Number(timeMs)).toLocaleString();
  const common: Facts = [['Report', `${sequence}, at ${time} by the device's clock`]];
  try {
    return [...payloadFacts(kind, payload), ...common];
  } catch {
    return [['Kind', `${kind}, which this page cannot read`], ...common];
  }
}

function payloadFacts(kind: number, bytes: Uint8Array): Facts {
  const payload = decodePayload(kind, bytes);
  switch (payload.kind) {
    case REPORT_KIND.weather: {
      const { temperature, humidity, windSpeed, pressure } = payload.values;
      return [
        ['Temperature', `${(temperature / 1_000).toFixed(1)} °C`],
        ['Humidity', `${(humidity / 10_000).toFixed(0)} %`],
        ['Wind', `${(windSpeed / 1_000).toFixed(1)} m/s`],
        ['Pressure', `${(pressure / 100).toFixed(0)} hPa`],
      ];
    }
    case REPORT_KIND.beacon: {
      const { frequency, transmitPower } = payload.values;
      return [
        ['Beacon sent', `${(frequency / 1e6).toFixed(1)} MHz, ${transmitPower / 10} dBm`],
        ['Place', placeOf(payload.values.cell)],
      ];
    }
    case REPORT_KIND.witness: {
      const { rssi, snr, cell } = payload.values;
      return [
        ['Beacon heard', `${rssi / 10} dBm, ${snr / 10} dB above the noise`],
        ['Place', placeOf(cell)],
      ];
    }
    case REPORT_KIND.heartbeat: {
      const { gpuCount, gpuUtilization, temperature } = payload.values;
      return [
        ['GPUs', `${gpuCount}, ${(gpuUtilization / 10_000).toFixed(0)} % busy`],
        ['Temperature', `${(temperature / 1_000).toFixed(1)} °C`],
      ];
    }
  }
}

function placeOf(cell: bigint): string {
  return `H3 cell ${cell.toString(16)}`;
}
