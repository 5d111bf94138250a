/** `depind light verify-device`: proves the newest report of a device through a node that is not trusted. */
import type { Command } from 'commander';
import type { JsonObject } from '../chain/descriptors/index.ts';
import type { DeviceVerification, TrustRoot } from '../lightclient/index.ts';
import { fromHex, toBase64 } from '../wire/bytes.ts';
import type { SignedReport } from '../wire/gen/depin/devices/v1/devices.ts';
import { decodePayload } from '../wire/reportPayload.ts';
import { CliError, ToldError } from './errors.ts';
import { chooseHome, readNetworkFile } from './home.ts';
import { nodeUrl } from './node/nodeUrl.ts';
import { addNode, type NodeOptions } from './options.ts';
import { printable, show } from './output.ts';
import { note, type Terminal } from './terminal.ts';
import { blockHash, duration, uint64 } from './values.ts';

interface VerifyOptions extends NodeOptions {
  readonly chainId?: string;
  readonly trustHeight?: bigint;
  readonly trustHash?: Uint8Array;
  readonly trustingPeriod?: number;
  readonly height?: bigint;
}

const NS_PER_MS = 1_000_000n;

export function addLightCommand(program: Command, terminal: Terminal): void {
  const light = program.command('light').description('verify instead of trusting a node');
  addNode(light.command('verify-device'))
    .description('prove the newest report of a device, from a trusted header to its signature')
    .argument('<device-id>', '40 hex digits')
    .option('--chain-id <id>', "chain id (default: the home's localnet)")
    .option('--trust-height <height>', 'height of a header that you trust', uint64)
    .option('--trust-hash <hex>', 'hash of that header, from a source that you trust', blockHash)
    .option('--trusting-period <duration>', 'how old that header may be, e.g. 168h', duration)
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
  const result = await verifyDevice({
    provider: new HttpProvider({ url, chainId, timeoutMs: options.timeout }),
    chainId,
    trust,
    deviceId,
    now: BigInt(Date.now()) * NS_PER_MS,
    // Most of the time would go into eight signatures: native code has the same answers in a tenth of it.
    verifier: createNodeVerifier().verifier,
    ...(trustingPeriod !== undefined && { trustingPeriod: BigInt(trustingPeriod) * NS_PER_MS }),
    ...(height !== undefined && { height }),
  });
  show(terminal, options.output, resultJson(result), resultText(result));
  if (!result.verified) throw new ToldError('not verified');
}

/** @throws CliError naming the flag that is missing. */
async function trustOf(
  { chainId, trustHeight, trustHash, home }: VerifyOptions,
  terminal: Terminal,
): Promise<{ readonly chainId: string; readonly trust: TrustRoot }> {
  const chosen = chooseHome(home, terminal);
  const network = await readNetworkFile(chosen);
  const id = chainId ?? network?.chainId;
  if (id === undefined) throw new CliError('--chain-id: needed, since the home has no localnet');
  if (trustHeight !== undefined && trustHash !== undefined) {
    return { chainId: id, trust: { height: trustHeight, hash: trustHash } };
  }
  if (trustHeight !== undefined || trustHash !== undefined) {
    throw new CliError('--trust-height and --trust-hash: expected both');
  }
  if (network === undefined || network.chainId !== id) {
    throw new CliError('--trust-height and --trust-hash: needed, a header that you trust');
  }
  const { height, hash } = network.trust;
  note(terminal, `trusting header ${height} of ${chosen}: this machine's own localnet`);
  return { chainId: id, trust: { height: BigInt(height), hash: fromHex(hash) } };
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
