/** What the commands that verify a device show. */
import type { JsonObject } from '../../chain/descriptors/index.ts';
import type { DeviceVerification } from '../../lightclient/index.ts';
import { toBase64 } from '../../wire/bytes.ts';
import type { SignedReport } from '../../wire/gen/depin/devices/v1/devices.ts';
import { decodePayload } from '../../wire/reportPayload.ts';
import { ToldError } from '../errors.ts';
import { type OutputFormat, printable, show } from '../output.ts';
import type { Terminal } from '../terminal.ts';

/** Shows what was verified. @throws ToldError when it was not. */
export function showDevice(
  result: DeviceVerification,
  output: OutputFormat,
  terminal: Terminal,
): void {
  show(terminal, output, resultJson(result), resultText(result));
  if (!result.verified) throw new ToldError('not verified');
}

function resultJson(result: DeviceVerification): JsonObject {
  const { verified, steps, report, height, headersFetched, proofSizeBytes } = result;
  return {
    verified,
    steps: steps.map(({ name, ok, detail }) => ({ name, ok, detail })),
    report: report === undefined ? null : reportJson(report),
    height: height === undefined ? null : height.toString(),
    headers_fetched: headersFetched,
    proof_size_bytes: proofSizeBytes,
  };
}

/** As the devices module's queries give it, with the payload's fields beside its bytes. */
function reportJson(report: SignedReport): JsonObject {
  return {
    device_id: report.deviceId,
    sequence: report.sequence.toString(),
    time_ms: report.timeMs.toString(),
    kind: report.kind,
    payload: toBase64(report.payload),
    signature: toBase64(report.signature),
    ...readingOf(report),
  };
}

/** The payload's fields. A kind that this program does not know has none. */
function readingOf({ kind, payload }: SignedReport): JsonObject {
  try {
    const { values } = decodePayload(kind, payload);
    const entries = Object.entries(values).map(([name, value]) => {
      const shown = value instanceof Uint8Array ? toBase64(value) : value;
      return [name, typeof shown === 'bigint' ? shown.toString() : shown];
    });
    return { reading: Object.fromEntries(entries) as JsonObject };
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return {};
    throw error;
  }
}

function resultText(result: DeviceVerification): string {
  const lines = result.steps.map(
    ({ name, ok, detail }) => `${ok ? '✓' : '✗'} ${name}: ${printable(detail)}`,
  );
  const { report } = result;
  const failed = result.steps.find(({ ok }) => !ok);
  lines.push('');
  if (report === undefined) {
    lines.push(`NOT VERIFIED${failed === undefined ? '' : `: ${failed.name}`}`);
    return lines.join('\n');
  }
  const time = new Date(Number(report.timeMs)).toISOString();
  lines.push(`verified: report ${report.sequence} of ${report.deviceId}, made at ${time}`);
  const { reading } = readingOf(report);
  if (reading !== undefined) lines.push(`reading: ${JSON.stringify(reading)}`);
  return lines.join('\n');
}
