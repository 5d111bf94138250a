/** `depind light`: verifying instead of trusting a node; `verify-device` is here, the others beside. */
import type { Command } from 'commander';
import type { JsonObject } from '../chain/descriptors/index.ts';
import type { DeviceVerification } from '../lightclient/index.ts';
import { toBase64 } from '../wire/bytes.ts';
import type { SignedReport } from '../wire/gen/depin/devices/v1/devices.ts';
import { decodePayload } from '../wire/reportPayload.ts';
import { ToldError } from './errors.ts';
import { addCheckpointCommand } from './light/checkpointCommand.ts';
import { addGetCommand } from './light/getCommand.ts';
import { addStartCommand } from './light/startCommand.ts';
import { addLightStatusCommand } from './light/statusCommand.ts';
import { addTrust, type TrustFlags, trustOf } from './light/trust.ts';
import { addVerifyTxCommand } from './light/verifyTxCommand.ts';
import { nodeUrl } from './node/nodeUrl.ts';
import { addNode, type NodeOptions } from './options.ts';
import { printable, show } from './output.ts';
import type { Terminal } from './terminal.ts';
import { uint64 } from './values.ts';

interface VerifyOptions extends NodeOptions, TrustFlags {
  readonly height?: bigint;
}

const NS_PER_MS = 1_000_000n;

export function addLightCommand(program: Command, terminal: Terminal): void {
  const light = program.command('light').description('verify instead of trusting a node');
  addStartCommand(light, terminal);
  addLightStatusCommand(light, terminal);
  addCheckpointCommand(light, terminal);
  addGetCommand(light, terminal);
  addVerifyTxCommand(light, terminal);
  const device = addNode(light.command('verify-device'))
    .description('prove the newest report of a device, from a trusted header to its signature')
    .argument('<device-id>', '40 hex digits');
  addTrust(device)
    .option('--height <height>', 'state to read (default: the newest that can be proven)', uint64)
    .addHelpText(
      'after',
      '\nExample:\n  $ depind light verify-device 0f1e…9a --node http://localhost:26657 --chain-id depind-localnet-1 \\\n      --trust-height 1 --trust-hash 5AD1…\n\nExits with 1 when a step fails, and names the step.\n',
    )
    .action((deviceId: string, options: VerifyOptions) => verify(deviceId, options, terminal));
}

async function verify(deviceId: string, options: VerifyOptions, terminal: Terminal): Promise<void> {
  const [{ HttpProvider, verifyDevice }, { createNodeVerifier }] = await Promise.all([
    import('../lightclient/index.ts'),
    import('../chain/app/nodeVerifier.ts'),
  ]);
  const { chainId, trust } = await trustOf(options, terminal);
  const url = await nodeUrl(options, terminal);
  const { trustingPeriod, height } = options;
  const { verifier } = await createNodeVerifier({ workers: 0 });
  const result = await verifyDevice({
    provider: new HttpProvider({ url, chainId, timeoutMs: options.timeout }),
    chainId,
    trust,
    deviceId,
    now: BigInt(Date.now()) * NS_PER_MS,
    // Most of the time would go into eight signatures: native code has the same answers in a tenth of it.
    verifier,
    ...(trustingPeriod !== undefined && { trustingPeriod: BigInt(trustingPeriod) * NS_PER_MS }),
    ...(height !== undefined && { height }),
  });
  show(terminal, options.output, resultJson(result), resultText(result));
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
